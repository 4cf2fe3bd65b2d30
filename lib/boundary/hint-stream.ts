import { findLivePerson } from "#lib/auth/session.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Caller } from "./caller.ts";
import { db } from "./data.ts";
import { listenToOutbox } from "./outbox-feed.ts";
import { problemResponse } from "./problem-response.ts";

const PING_MS = 15_000;
const SESSION_CHECK_MS = 60_000;
const LIFE_MS = 10 * 60_000;
const STREAMS_PER_SESSION = 5;
const STREAMS_PER_PROCESS = 2000;

const open = new Map<string, number>();

/** A server-sent event stream of hints, closed when the reader leaves, the session ends or its time is up. */
export function hintStream(signal: AbortSignal, caller: Caller): Response {
  if (caller.kind !== "person")
    return problemResponse(403, "not_allowed", "Streams are for people.");
  const { sessionId, role } = caller.person;
  const seesIncidents = may(role, "incident:read");
  const total = [...open.values()].reduce((sum, n) => sum + n, 0);
  if ((open.get(sessionId) ?? 0) >= STREAMS_PER_SESSION || total >= STREAMS_PER_PROCESS) {
    return problemResponse(429, "too_many_streams", "Too many live views are open; close a tab.", {
      headers: { "retry-after": "30" },
    });
  }
  return new Response(openStream(signal, sessionId, seesIncidents), {
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
  seesIncidents: boolean,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let close: () => void = () => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      open.set(sessionId, (open.get(sessionId) ?? 0) + 1);
      const send = (text: string) => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          // The reader has gone without telling us; abort does not always fire.
          close();
        }
      };
      const stopListening = listenToOutbox((hints) => {
        for (const hint of hints) {
          const data = JSON.stringify({
            kind: hint.kind,
            incidentId: seesIncidents ? hint.incidentId : null,
          });
          send(`id: ${hint.id}\ndata: ${data}\n\n`);
        }
      });
      const ping = setInterval(() => send(": ping\n\n"), PING_MS);
      const check = setInterval(() => {
        void findLivePerson(db(), sessionId, false).then((person) => person ?? close(), close);
      }, SESSION_CHECK_MS);
      const life = setTimeout(() => close(), LIFE_MS);
      let closed = false;
      close = () => {
        if (closed) return;
        closed = true;
        stopListening();
        clearInterval(ping);
        clearInterval(check);
        clearTimeout(life);
        const left = (open.get(sessionId) ?? 1) - 1;
        if (left > 0) open.set(sessionId, left);
        else open.delete(sessionId);
        try {
          controller.close();
        } catch {
          // Already closed by the reader.
        }
      };
      signal.addEventListener("abort", close);
      send("retry: 2000\n\n");
    },
    cancel() {
      close();
    },
  });
}
