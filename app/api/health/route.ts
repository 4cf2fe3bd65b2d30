import { defineRoute, jsonResponse } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { lastTrailCheck } from "#lib/queries/last-trail-check.ts";
import { healthFaults } from "#lib/queries/health-faults.ts";

/**
 * 200 {status:"ok"} when the database answers, the schema fits and every guard stands; else 503 with what is wrong. `trail`
 * tells what the last nightly check of the trail found.
 */
export const GET = defineRoute({
  name: "health",
  access: { kind: "public" },
  query: noQuery,
  params: noParams,
  run: async ({ db }) => {
    const faults = await healthFaults(db);
    const trail = faults.length === 0 ? await lastTrailCheck(db) : null;
    return faults.length === 0
      ? jsonResponse({ status: "ok", trail })
      : jsonResponse({ status: "failing", faults }, 503);
  },
});
