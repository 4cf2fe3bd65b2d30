import type { SendOptions } from "pg-boss";

/** A job of either queue; in each, at most one waits and one runs for each incident. */
export type IncidentJob = { incidentId: string };

/** The rules summary: takes no longer than the evidence is big. */
export const SUMMARISE_QUEUE = "summarise";
/** The model's: slow, and apart, so that no rules summary waits behind it. */
export const ASK_MODEL_QUEUE = "ask-model";

/** The outbox row of a person who asked for a new summary. */
export const SUMMARY_REQUESTED = "summary.requested";

// the rules fail for reasons that pass at once, such as a database that starts again; a provider wants more time
const RETRY_SECONDS = { [SUMMARISE_QUEUE]: 1, [ASK_MODEL_QUEUE]: 20 } as const;
const RETRY_SECONDS_MAX = 300;
/** A big summary keeps a worker busy for seconds without a sign of life. */
const HEARTBEAT_SECONDS = 30;

/** Options that a job of the queue is sent with. A worker that dies is noticed by its missing heartbeat. */
export function incidentJobOptions(
  queue: keyof typeof RETRY_SECONDS,
  incidentId: string,
): SendOptions {
  return {
    singletonKey: incidentId,
    retryLimit: 5,
    retryDelay: RETRY_SECONDS[queue],
    retryBackoff: true,
    retryDelayMax: RETRY_SECONDS_MAX,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: 900,
  };
}
