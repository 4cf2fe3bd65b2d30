import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, queueQuery } from "#lib/contracts/queries.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";

/** The queue as the desk sees it, and the machine interface's list of incidents. */
export const GET = defineRoute({
  name: "incidents_list",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: queueQuery,
  params: noParams,
  run: ({ caller, query, db }) => {
    const { cursor, limit, ...filter } = query;
    const personId = caller.kind === "person" ? caller.person.id : null;
    return listIncidents(db, { ...filter, personId }, cursor ?? null, limit);
  },
});
