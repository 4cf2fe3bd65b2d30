import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { listEvidence } from "#lib/queries/list-evidence.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";

const FIRST_PAGE = 100;

/** One incident whole: its head, its current summaries with every claim, its first page of evidence. */
export const GET = defineRoute({
  name: "incident_read",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => {
    const incident = await incidentOf(db, params.id);
    const [summaries, evidence] = await Promise.all([
      listSummaries(db, incident.id),
      listEvidence(db, incident.id, null, FIRST_PAGE),
    ]);
    return {
      ...incident,
      summaries,
      evidence: evidence.evidence,
      evidenceNextCursor: evidence.nextCursor,
    };
  },
});
