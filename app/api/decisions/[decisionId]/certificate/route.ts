import { defineRoute } from "#lib/boundary/define-route.ts";
import { drawCertificate } from "#lib/certificate/draw-certificate.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { recordExport } from "#lib/commands/record-export.ts";
import { decisionParams, noQuery } from "#lib/contracts/queries.ts";
import { certificateOf, NO_CERTIFICATE } from "#lib/domain/decision/certificate.ts";
import { Problem } from "#lib/domain/problem.ts";
import { decisionCertificate } from "#lib/queries/decision-certificate.ts";

/**
 * The certificate of a settled decision: a PDF of one page. Problems: `decision_not_found`, and `decision_open`,
 * `decision_not_sealed`, `decision_erased` while there is none. The export is an entry on the trail.
 */
export const GET = defineRoute({
  name: "decision_certificate",
  access: { kind: "reader", permission: "trail:export", scope: "incidents:read" },
  query: noQuery,
  params: decisionParams,
  run: async ({ caller, params, db }) => {
    const found = await decisionCertificate(db, params.decisionId);
    if (found.state === "missing")
      throw new Problem("decision_not_found", 404, "There is no such decision.");
    if (found.state !== "ready")
      throw new Problem(`decision_${found.state}`, 409, NO_CERTIFICATE[found.state]);
    const { facts, incidentId } = found;
    const pdf = await drawCertificate(certificateOf(facts), new Date(facts.seal.signedAt));
    const what = { format: "certificate (PDF)", decision: params.decisionId } as const;
    await recordExport(db, { incidentId, ...what }, readerActor(caller));
    const name = `certificate-${facts.number}-${params.decisionId.slice(0, 8)}.pdf`;
    return new Response(new Uint8Array(pdf), {
      headers: {
        "content-type": "application/pdf",
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "private, no-store",
      },
    });
  },
});
