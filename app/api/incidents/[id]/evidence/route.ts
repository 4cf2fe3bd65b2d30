import { bodyBytes } from "#lib/boundary/body-bytes.ts";
import { defineRoute, jsonResponse } from "#lib/boundary/define-route.ts";
import { fromOwnPage } from "#lib/boundary/own-page.ts";
import { personActor } from "#lib/commands/actor.ts";
import { addEvidence } from "#lib/commands/add-evidence.ts";
import { readByHand } from "#lib/connectors/sources/by-hand.ts";
import { addEvidenceQuery } from "#lib/contracts/hand-inputs.ts";
import { incidentParams } from "#lib/contracts/queries.ts";
import { HAND_BYTES_MAX } from "#lib/domain/evidence/by-hand.ts";
import { notFound, Problem } from "#lib/domain/problem.ts";
import { findIncident } from "#lib/queries/find-incident.ts";

/** What a person brings: the body is the bytes, and they are kept as they come. 201 with their place and digest. */
export const POST = defineRoute({
  name: "evidence_add",
  access: { kind: "reader", permission: "evidence:add", scope: null },
  query: addEvidenceQuery,
  params: incidentParams,
  run: async ({ caller, query: { way, name, sha256 }, params, request, db }) => {
    fromOwnPage(request, caller);
    if (caller.kind !== "person") throw new Error("only a page of a person's gets here");
    // Not its survivor: whoever adds to a merged incident is told so.
    const incident = await findIncident(db, params.id);
    if (!incident) throw notFound("incident");
    const bytes = await bodyBytes(request, { max: HAND_BYTES_MAX[way], sha256 });
    const read = await readByHand({ way, bytes, name });
    if (!read.ok)
      throw new Problem("evidence_unreadable", 422, `${read.reason} Nothing was added.`);
    const { record } = read;
    const given = { incidentId: incident.id, bytes, record };
    return jsonResponse(await addEvidence(db, given, personActor(caller.person)), 201);
  },
});
