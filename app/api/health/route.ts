import { defineRoute, jsonResponse } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { healthAlarms, healthFaults } from "#lib/queries/health-faults.ts";
import { lastTrailCheck } from "#lib/queries/last-trail-check.ts";

/**
 * 200 {status:"ok"} when the database answers, the schema fits and every guard stands; else 503 with what is wrong. `trail`
 * tells what the last nightly check of the trail found. `alarms` beside "ok" need a person, and are no reason to take
 * this process out of service.
 */
export const GET = defineRoute({
  name: "health",
  access: { kind: "public" },
  query: noQuery,
  params: noParams,
  run: async ({ db }) => {
    const faults = await healthFaults(db);
    if (faults.length > 0) return jsonResponse({ status: "failing", faults }, 503);
    const [trail, alarms] = await Promise.all([lastTrailCheck(db), healthAlarms(db)]);
    return jsonResponse({ status: "ok", trail, ...(alarms.length > 0 ? { alarms } : {}) });
  },
});
