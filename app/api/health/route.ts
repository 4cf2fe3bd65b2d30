import { defineRoute, jsonResponse } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { healthFaults } from "#lib/queries/health-faults.ts";

/** 200 {status:"ok"} when the database answers, the schema fits and every guard stands; else 503 with what is wrong. */
export const GET = defineRoute({
  name: "health",
  access: { kind: "public" },
  query: noQuery,
  params: noParams,
  run: async ({ db }) => {
    const faults = await healthFaults(db);
    return faults.length === 0
      ? jsonResponse({ status: "ok" })
      : jsonResponse({ status: "failing", faults }, 503);
  },
});
