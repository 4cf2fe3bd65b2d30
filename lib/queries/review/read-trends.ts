import type { TrendsView } from "#lib/contracts/trend-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { rateOf } from "#lib/domain/review/measures.ts";
import {
  falsePositiveRate,
  incidentSpreads,
  overrideCourse,
  overrideRate,
  ratesBy,
  relianceByPerson,
  relianceOf,
  timeToSign,
} from "#lib/domain/review/trends.ts";
import type { Dimension, ReviewedClaim } from "#lib/domain/review/trends.ts";
import { trendRows } from "./trend-rows.ts";

const DAY_MS = 86_400_000;
const COURSE_PARTS = 14;
const GROUPS_MAX = 12;

/** The figures of the last `days` days, up to `now` (ms since 1970). */
export async function readTrends(
  db: Db,
  { days, now = Date.now() }: { days: number; now?: number },
): Promise<TrendsView> {
  const { claims, incidents, signOffs, sittings, isCut } = await trendRows(db, { days });
  const accepted = claims.filter(({ outcome }) => outcome === "accepted").length;
  const parts = Math.min(COURSE_PARTS, days);
  return {
    days,
    isCut,
    override: overrideRate(claims),
    acceptance: rateOf(accepted, claims.length),
    falsePositive: falsePositiveRate(incidents),
    course: overrideCourse(claims, { from: now - days * DAY_MS, to: now, parts }),
    groups: {
      model: largest(claims, "model"),
      prompt: largest(claims, "prompt"),
      kind: largest(claims, "kind"),
      source: largest(claims, "source"),
      rule: largest(claims, "rule"),
      type: largest(claims, "type"),
    },
    incidents: incidents.length,
    speed: { ...incidentSpreads(incidents), sign: timeToSign(signOffs) },
    reliance: relianceOf(signOffs, sittings),
    people: relianceByPerson(signOffs, sittings),
  };
}

function largest(claims: readonly ReviewedClaim[], by: Dimension) {
  const all = ratesBy(claims, by);
  return { rows: all.slice(0, GROUPS_MAX), more: Math.max(0, all.length - GROUPS_MAX) };
}
