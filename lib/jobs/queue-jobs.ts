import type { JobInsert, SendOptions } from "pg-boss";

/** A job over one incident; at most one waits and one runs for each. */
export type IncidentJob = { incidentId: string };
/** A job over one run, or one evaluation; there is at most one for each. */
export type ModelRunJob = { runId: string };
export type EvaluateJob = { evaluationId: string };

/** The rules summary: takes no longer than the evidence is big. */
export const SUMMARISE_QUEUE = "summarise";
/** Requests to a model: slow, and apart, so that no rules summary waits behind them. */
export const MODEL_RUN_QUEUE = "model-run";
/** Evaluations, each of many requests. */
export const EVALUATE_QUEUE = "evaluate";

/** The outbox row of a person who asked for a new summary. */
export const SUMMARY_REQUESTED = "summary.requested";

/** A big summary keeps a worker busy for seconds without a sign of life. */
const SUMMARISE_HEARTBEAT_SECONDS = 30;
/** The least there is: a run whose worker died before it was sent waits for this to run out. */
const HEARTBEAT_SECONDS = 10;
const LONGEST_SECONDS = 3_600;
const KEPT_SECONDS = 3_600;

/** Options of a summarise job. The rules fail for reasons that pass at once, such as a database that starts again. */
export function summariseOptions(incidentId: string): SendOptions {
  return {
    singletonKey: incidentId,
    retryLimit: 5,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 300,
    heartbeatSeconds: SUMMARISE_HEARTBEAT_SECONDS,
    expireInSeconds: 900,
  };
}

/** The job is a hint that the run may start; whether it is tried again is the run's own row to say. */
export function modelRunJob(runId: string, priority: number): JobInsert<ModelRunJob> {
  return { data: { runId }, priority, ...onceFor(runId) };
}

export function evaluateJob(evaluationId: string): JobInsert<EvaluateJob> {
  return { data: { evaluationId }, ...onceFor(evaluationId) };
}

function onceFor(singletonKey: string) {
  return {
    singletonKey,
    retryLimit: 0,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: LONGEST_SECONDS,
    deleteAfterSeconds: KEPT_SECONDS,
  };
}
