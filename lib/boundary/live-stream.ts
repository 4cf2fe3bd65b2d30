import { findLivePerson } from "#lib/auth/session.ts";
import type { Caller } from "./caller.ts";
import { db } from "./data.ts";
import { problemResponse } from "./problem-response.ts";

const PING_MS = 15_000;
const SESSION_CHECK_MS = 60_000;
const LIFE_MS = 10 * 60_000;
/** A browser that speaks HTTP/1.1 has six connections to a server, and needs one for everything else. */
const STREAMS_PER_SESSION = 5;
const STREAMS_PER_PROCESS = 2000;
/** A reader who leaves so much unread has gone to sleep; it comes back with its cursor. */
const UNREAD_MAX = 2000;

const open = new Map<string, number>();

export type Live = { send: (text: string) => void; close: () => void };

/**
 * A server-sent event stream for a person: pinged, at most ten minutes long, and closed when the reader leaves or stops
 * reading, or when the session ends or its role changes. `begin` starts sending and gives how to stop.
 */
export function liveStream(
  signal: AbortSignal,
  caller: Caller,
  begin: (live: Live) => () => void,
): Response {
  if (caller.kind !== "person")
    return problemResponse(403, "not_allowed", "Streams are for people.");
  const { sessionId } = caller.person;
  const total = [...open.values()].reduce((sum, n) => sum + n, 0);
  if ((open.get(sessionId) ?? 0) >= STREAMS_PER_SESSION || total >= STREAMS_PER_PROCESS) {
    return problemResponse(429, "too_many_streams", "Too many live views are open; close a tab.", {
      headers: { "retry-after": "30" },
    });
  }
  return new Response(openStream(signal, sessionId, begin), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

function openStream(
  signal: AbortSignal,
  sessionId: string,
  begin: (live: Live) => () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let close: () => void = () => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const leave = enter(sessionId);
      const send = (text: string) => {
        try {
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < -UNREAD_MAX) close();
        } catch {
          // The reader has gone without telling us; abort does not always fire.
          close();
        }
      };
      const ping = setInterval(() => send(": ping\n\n"), PING_MS);
      const check = setInterval(() => {
        void findLivePerson(db(), sessionId, false).then((person) => person ?? close(), close);
      }, SESSION_CHECK_MS);
      const life = setTimeout(() => close(), LIFE_MS);
      let stop: () => void = () => undefined;
      let closed = false;
      close = () => {
        if (closed) return;
        closed = true;
        stop();
        clearInterval(ping);
        clearInterval(check);
        clearTimeout(life);
        leave();
        try {
          controller.close();
        } catch {
          // Already closed by the reader.
        }
      };
      signal.addEventListener("abort", close);
      // readers whom a restart sends away do not all come back in the same moment
      send(`retry: ${1000 + Math.floor(Math.random() * 1500)}\n\n`);
      stop = begin({ send, close: () => close() });
      if (closed) stop();
    },
    cancel() {
      close();
    },
  });
}

/** Counts a stream of this session; gives how to count it no longer. */
function enter(sessionId: string): () => void {
  open.set(sessionId, (open.get(sessionId) ?? 0) + 1);
  return () => {
    const left = (open.get(sessionId) ?? 1) - 1;
    if (left > 0) open.set(sessionId, left);
    else open.delete(sessionId);
  };
}
