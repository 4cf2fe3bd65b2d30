import { listen, RUN_CHANNEL } from "#lib/db/listen.ts";
import { databaseUrl } from "#lib/env.ts";
import { lastEvents } from "#lib/queries/run-events.ts";
import { db } from "./data.ts";
import { log } from "./log.ts";

/** A notification may get lost with the connection or the worker that would have sent it. */
const POLL_MS = 2_000;

type Feed = {
  watchers: Map<string, Set<() => void>>;
  /** The last event of each watched run that the poll has seen. */
  heads: Map<string, number>;
  /** Ends the listening and the poll; null while nobody watches. */
  stopping: AbortController | null;
};
// On globalThis: a bundler may hold two copies of this module, and one process listens once.
const shared: { countersignRuns?: Feed } = globalThis as object;

/**
 * Calls `onChange` when a run may have new events: at once when the worker says so, and within two seconds when its
 * word got lost. A hint: the caller reads on from where it stands. Returns how to stop.
 */
export function watchRun(runId: string, onChange: () => void): () => void {
  const feed = (shared.countersignRuns ??= {
    watchers: new Map(),
    heads: new Map(),
    stopping: null,
  });
  const watching = feed.watchers.get(runId) ?? new Set();
  feed.watchers.set(runId, watching.add(onChange));
  feed.stopping ??= start(feed);
  return () => {
    watching.delete(onChange);
    if (watching.size > 0 || feed.watchers.get(runId) !== watching) return;
    feed.watchers.delete(runId);
    feed.heads.delete(runId);
    if (feed.watchers.size > 0) return;
    feed.stopping?.abort();
    feed.stopping = null;
  };
}

function start(feed: Feed): AbortController {
  const stopping = new AbortController();
  void listen(databaseUrl("web"), {
    channel: RUN_CHANNEL,
    onNotify: (runId) => wake(feed, runId),
    onListening: () => {
      for (const runId of feed.watchers.keys()) wake(feed, runId);
    },
    signal: stopping.signal,
  });
  schedulePoll(feed, stopping.signal);
  return stopping;
}

function wake(feed: Feed, runId: string): void {
  for (const onChange of feed.watchers.get(runId) ?? []) onChange();
}

function schedulePoll(feed: Feed, signal: AbortSignal): void {
  const timer = setTimeout(() => void poll(feed, signal), POLL_MS);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

async function poll(feed: Feed, signal: AbortSignal): Promise<void> {
  try {
    const last = await lastEvents(db(), [...feed.watchers.keys()]);
    for (const [runId, seq] of last) {
      if ((feed.heads.get(runId) ?? 0) >= seq || !feed.watchers.has(runId)) continue;
      feed.heads.set(runId, seq);
      wake(feed, runId);
    }
  } catch (error) {
    log().warn({ err: error }, "the events of runs could not be read; trying again");
  }
  if (!signal.aborted) schedulePoll(feed, signal);
}
