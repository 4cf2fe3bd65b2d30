import { defineRoute } from "#lib/boundary/define-route.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { evidenceParams, evidenceQuery } from "#lib/contracts/queries.ts";
import { notFound, Problem } from "#lib/domain/problem.ts";
import { findEvidence, findEvidenceBytes } from "#lib/queries/find-evidence.ts";
import { recordWent } from "#lib/queries/record-went.ts";

/** A record's normal form and its raw bytes, or those alone as a file. Every opening goes on the trail before it is answered. */
export const GET = defineRoute({
  name: "evidence_read",
  access: { kind: "reader", permission: "evidence:read", scope: "incidents:read" },
  query: evidenceQuery,
  params: evidenceParams,
  run: async ({ caller, query, params, db }) => {
    const incident = await incidentOf(db, params.id);
    const place = { incidentId: incident.id, evidenceId: params.evidenceId };
    const by = readerActor(caller);
    if (query.as === "file") {
      const file = await findEvidenceBytes(db, place);
      if (!file) throw notHere(await recordWent(db, incident.id, params.evidenceId));
      await recordEvidenceRead(db, place, by);
      return asFile(`${incident.number}-${file.label}.bin`, file.bytes);
    }
    const evidence = await findEvidence(db, params.evidenceId);
    if (!evidence || evidence.incidentId !== incident.id)
      throw notHere(await recordWent(db, incident.id, params.evidenceId));
    await recordEvidenceRead(db, place, by);
    return evidence;
  },
});

/** Where the record is, if it ever was here. */
function notHere(went: Awaited<ReturnType<typeof recordWent>>): Problem {
  if (!went) return notFound("record in this incident");
  const sentence = `It went to ${went.number} by a split, and is ${went.label} there.`;
  return new Problem("record_went", 404, sentence, { into: went.number });
}

/** Bytes of whoever: never under a name or a type of theirs. */
function asFile(name: string, bytes: Uint8Array): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "private, no-store",
    },
  });
}
