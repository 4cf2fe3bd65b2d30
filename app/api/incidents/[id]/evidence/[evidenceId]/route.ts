import { defineRoute } from "#lib/boundary/define-route.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { evidenceParams, noQuery } from "#lib/contracts/queries.ts";
import { notFound, Problem } from "#lib/domain/problem.ts";
import { findEvidence } from "#lib/queries/find-evidence.ts";
import { recordWent } from "#lib/queries/record-went.ts";

/** A record's normal form and its raw bytes. Every opening goes on the trail before it is answered. */
export const GET = defineRoute({
  name: "evidence_read",
  access: { kind: "reader", permission: "evidence:read", scope: "incidents:read" },
  query: noQuery,
  params: evidenceParams,
  run: async ({ caller, params, db }) => {
    const incident = await incidentOf(db, params.id);
    const evidence = await findEvidence(db, params.evidenceId);
    if (!evidence || evidence.incidentId !== incident.id) {
      const went = await recordWent(db, incident.id, params.evidenceId);
      if (!went) throw notFound("record in this incident");
      const sentence = `It went to ${went.number} by a split, and is ${went.label} there.`;
      throw new Problem("record_went", 404, sentence, { into: went.number });
    }
    const by = readerActor(caller);
    await recordEvidenceRead(db, { incidentId: incident.id, evidenceId: evidence.id }, by);
    return evidence;
  },
});
