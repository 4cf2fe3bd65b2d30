import { defineRoute } from "#lib/boundary/define-route.ts";
import { looseQuery, noParams } from "#lib/contracts/queries.ts";
import { listLooseRecords } from "#lib/queries/list-loose-records.ts";

/** Records that joined no incident: kept for a while, searchable, and joined when an alert arrives that they belong to. */
export const GET = defineRoute({
  name: "records_list",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  query: looseQuery,
  params: noParams,
  run: ({ query, db }) => {
    const { cursor, limit, ...filter } = query;
    return listLooseRecords(db, filter, cursor ?? null, limit);
  },
});
