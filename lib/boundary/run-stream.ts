import type { Db } from "#lib/db/prisma.ts";
import { notFound } from "#lib/domain/problem.ts";
import { readEventsAfter, type EventPage } from "#lib/queries/run-events.ts";
import type { Caller } from "./caller.ts";
import { liveStream, type Live } from "./live-stream.ts";
import { log } from "./log.ts";
import { problemResponse } from "./problem-response.ts";
import { watchRun } from "./run-feed.ts";

export type RunStreamRequest = {
  runId: string;
  /** The last event that the reader has; 0 for none. */
  after: number;
  signal: AbortSignal;
};

/**
 * A run's events from stored rows, those after `after` and then each one as it is stored, until `done`. Any instance can
 * go on where another stopped. 204 when the reader has them all; throws Problem 404 when there is no such run for them.
 */
export async function runStream(
  db: Db,
  caller: Caller,
  { runId, after, signal }: RunStreamRequest,
): Promise<Response> {
  if (caller.kind !== "person")
    return problemResponse(403, "not_allowed", "Streams are for people.");
  const { person } = caller;
  const read = (from: number) => readEventsAfter(db, runId, from, person);
  const page = await read(after);
  if (!page) throw notFound("run");
  if (page.isLast && page.events.length === 0) return new Response(null, { status: 204 });
  return liveStream(signal, caller, (live) => follow({ runId, after, live, read }, page));
}

type Following = {
  runId: string;
  after: number;
  live: Live;
  read: (after: number) => Promise<EventPage | null>;
};

/** Sends `first` and then whatever is stored, one reading at a time. Returns how to stop. */
function follow({ runId, after, live, read }: Following, first: EventPage): () => void {
  let cursor = after;
  let isReading = false;
  let isChanged = false;
  let isStopped = false;

  function send({ events, isLast }: EventPage): void {
    for (const { seq, kind, text } of events) {
      if (isStopped) return;
      cursor = seq;
      live.send(`id: ${seq}\nevent: ${kind}\ndata: ${text}\n\n`);
    }
    if (isLast) live.close();
  }

  async function readOn(): Promise<void> {
    isReading = true;
    try {
      while (isChanged && !isStopped) {
        isChanged = false;
        const page = await read(cursor);
        if (!page) return live.close();
        if (page.hasMore) isChanged = true;
        send(page);
      }
    } catch (error) {
      log().warn({ err: error, runId }, "a run's events could not be read; its reader comes back");
      live.close();
    } finally {
      isReading = false;
    }
  }

  function onChange(): void {
    isChanged = true;
    if (!isReading) void readOn();
  }

  const unwatch = watchRun(runId, onChange);
  send(first);
  // what was stored between the first reading and the watching
  if (!first.isLast) onChange();
  return () => {
    isStopped = true;
    unwatch();
  };
}
