import { defineRoute } from "#lib/boundary/define-route.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { noQuery, recordParams } from "#lib/contracts/queries.ts";
import { notFound } from "#lib/domain/problem.ts";
import { findEvidence } from "#lib/queries/find-evidence.ts";

/** A record that joined no incident, whole. Every opening goes on the trail before it is answered. */
export const GET = defineRoute({
  name: "record_read",
  access: { kind: "reader", permission: "evidence:read", scope: "incidents:read" },
  query: noQuery,
  params: recordParams,
  run: async ({ caller, params, db }) => {
    const record = await findEvidence(db, params.evidenceId);
    if (!record || record.incidentId !== null) throw notFound("record without an incident");
    const by = readerActor(caller);
    await recordEvidenceRead(db, { incidentId: null, evidenceId: record.id }, by);
    return record;
  },
});
