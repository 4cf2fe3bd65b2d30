import { may } from "#lib/domain/people/permissions.ts";
import type { Caller } from "./caller.ts";
import { liveStream } from "./live-stream.ts";
import { listenToOutbox } from "./outbox-feed.ts";

/** A server-sent event stream of hints: which incident changed, for those who may see incidents, and never what. */
export function hintStream(signal: AbortSignal, caller: Caller): Response {
  const seesIncidents = caller.kind === "person" && may(caller.person.role, "incident:read");
  return liveStream(signal, caller, ({ send }) =>
    listenToOutbox((hints) => {
      for (const hint of hints) {
        const incidentId = seesIncidents ? hint.incidentId : null;
        send(`id: ${hint.id}\ndata: ${JSON.stringify({ kind: hint.kind, incidentId })}\n\n`);
      }
    }),
  );
}
