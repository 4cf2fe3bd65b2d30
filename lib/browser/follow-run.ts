import type { RunEvent } from "#lib/contracts/copilot-views.ts";
import { readServerEvents } from "./event-stream.ts";

/** How it stands with the connection; `ended`: every event there will ever be has come. */
export type FollowState = "connecting" | "live" | "waiting" | "ended" | "refused";

export type FollowOptions = {
  runId: string;
  /** The place of the last event the reader holds; 0 for none. */
  after: number;
  /** Each event after that, in order, once. `text` is its JSON as the server stores it. */
  onEvent: (event: RunEvent, text: string) => void;
  onState?: (state: FollowState) => void;
  signal: AbortSignal;
  fetch?: typeof fetch;
  /** The server's address; "" in a browser. */
  origin?: string;
};

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

/**
 * Follows a run to its end through whatever breaks on the way: a stream that dies, a server that restarts, another
 * instance. The place to go on from is that of the last event handed over, so a connection that dies before it says
 * anything loses nothing, and an event that comes a second time is not handed over again. Resolves when the run has
 * ended, the server refuses, or `signal` aborts.
 */
export async function followRun(options: FollowOptions): Promise<void> {
  const { signal, onState } = options;
  const place = { after: options.after };
  for (let failures = 0; !signal.aborted;) {
    onState?.(failures === 0 ? "connecting" : "waiting");
    const before = place.after;
    const end = await followOnce(options, place);
    if (signal.aborted) return;
    if (end.did !== "broke") return onState?.(end.did);
    failures = place.after > before ? 1 : failures + 1;
    await pause(end.waitMs ?? retryMs(failures - 1), signal);
  }
}

type End = { did: "ended" | "refused" } | { did: "broke"; waitMs?: number };

async function followOnce(options: FollowOptions, place: { after: number }): Promise<End> {
  const { runId, origin = "", signal, onState, onEvent } = options;
  const get = options.fetch ?? fetch;
  try {
    const response = await get(`${origin}/api/runs/${runId}/events?after=${place.after}`, {
      headers: { accept: "text/event-stream" },
      cache: "no-store",
      signal,
    });
    if (response.status === 204) return { did: "ended" };
    if (!response.ok || !response.body) return endOf(response);
    onState?.("live");
    for await (const { data } of readServerEvents(response.body)) {
      const event = JSON.parse(data) as RunEvent;
      if (event.seq <= place.after) continue;
      // one was left out: ask for it again rather than go on without it
      if (event.seq !== place.after + 1) return { did: "broke" };
      place.after = event.seq;
      onEvent(event, data);
      if (event.kind === "done") return { did: "ended" };
    }
  } catch {
    // a connection may break at any byte
  }
  return { did: "broke" };
}

/** What a person may not read will not be theirs a second later; anything else may pass. */
function endOf(response: Response): End {
  void response.body?.cancel();
  if ([400, 401, 403, 404].includes(response.status)) return { did: "refused" };
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return { did: "broke", waitMs: seconds > 0 ? Math.min(seconds, 60) * 1000 : undefined };
}

/** Whoever was sent away by the same restart does not come back in the same moment. */
function retryMs(failures: number): number {
  const longest = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(failures, 10));
  return longest * (0.5 + Math.random() / 2);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}
