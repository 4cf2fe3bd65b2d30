import type { SendOptions } from "pg-boss";

/** What the worker's queue `summarise` holds; at most one waits and one runs for each incident. */
export type SummariseJob = { incidentId: string };

export const SUMMARISE_QUEUE = "summarise";

/** The outbox row of a person who asked for a new summary. */
export const SUMMARY_REQUESTED = "summary.requested";

const RETRY_SECONDS = 20;
const RETRY_SECONDS_MAX = 300;
const HEARTBEAT_SECONDS = 30;

/** Options that every job of the queue is sent with. A worker that dies is noticed by its missing heartbeat. */
export function summariseOptions(incidentId: string): SendOptions {
  return {
    singletonKey: incidentId,
    retryLimit: 5,
    retryDelay: RETRY_SECONDS,
    retryBackoff: true,
    retryDelayMax: RETRY_SECONDS_MAX,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: 900,
  };
}
