import { defineRoute, jsonResponse } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { healthAlarms, healthFaults } from "#lib/queries/health-faults.ts";

/**
 * 200 {status:"ok"} when the database answers, the schema fits and every guard stands; else 503 with what is wrong.
 * `alarms` beside "ok" need a person, and are no reason to take this process out of service.
 */
export const GET = defineRoute({
  name: "health",
  access: { kind: "public" },
  query: noQuery,
  params: noParams,
  run: async ({ db }) => {
    const faults = await healthFaults(db);
    if (faults.length > 0) return jsonResponse({ status: "failing", faults }, 503);
    const alarms = await healthAlarms(db);
    return jsonResponse({ status: "ok", ...(alarms.length > 0 ? { alarms } : {}) });
  },
});
