import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { writeAlerts } from "./generators/alerts.ts";
import { writeClocks, writeHostPauses, writeSilences } from "./generators/clocks.ts";
import { writeContradictions } from "./generators/contradictions.ts";
import { type Family, type RuleClaim, SECTIONS } from "./generators/draft.ts";
import { collectFacts, type Facts, type SilentSource } from "./generators/facts.ts";
import {
  writeCapped,
  writeMissingAlerts,
  writeMissingTelemetry,
  writeUnknowns,
} from "./generators/gaps.ts";
import { writeIndicators } from "./generators/indicators.ts";
import { writeSprays } from "./generators/spray.ts";
import { writeLogonBursts, writeLogonSuccess } from "./generators/logons.ts";
import { writeUnnamed } from "./generators/named.ts";
import { writeBeacons, writeFlows, writeTopSource } from "./generators/network.ts";
import { writeDefence, writeHashes, writePersistence } from "./generators/objects.ts";
import {
  writeActions,
  writeFirstAlert,
  writeOutcomes,
  writeScope,
  writeSeverities,
} from "./generators/overview.ts";
import { writeHostSpread, writeNewHosts } from "./generators/people.ts";
import { writeCommands, writeProcessChains } from "./generators/processes.ts";
import { writeTechniques } from "./generators/techniques.ts";
import { writeTickets } from "./generators/tickets.ts";

export const MAX_FRONT = 12;

/** What the caller knows beside the records: which sources fell silent, and whether input was cut off. */
export type RulesContext = { sources: SilentSource[]; capped: boolean };

/** The claims in reading order: first those with `front`, then all other facts. */
export type RulesDraft = { claims: RuleClaim[] };

/** What weighs less is told among all facts only. */
const MIN_FRONT_RANK = 2;

/** No family may fill the front alone. */
const FRONT_LIMIT: Partial<Record<Family, number>> = {
  alert: 3,
  severity: 1,
  process_chain: 2,
  command: 2,
  persistence: 2,
  technique: 1,
  network: 1,
  indicator: 1,
  gap: 3,
};

/** Gaps that weigh so much are in front whatever else there is: input cut off, a source that fell silent. */
const MUST_GAP_RANK = 5;

const WRITERS: ((facts: Facts) => RuleClaim[])[] = [
  writeScope,
  writeActions,
  writeSeverities,
  writeFirstAlert,
  writeAlerts,
  writeTopSource,
  writeSprays,
  writeLogonBursts,
  writeLogonSuccess,
  writeProcessChains,
  writeCommands,
  writeFlows,
  writeBeacons,
  writeHashes,
  writePersistence,
  writeDefence,
  writeNewHosts,
  writeHostSpread,
  writeTechniques,
  writeOutcomes,
  writeTickets,
  writeIndicators,
  writeUnknowns,
  writeMissingTelemetry,
  writeMissingAlerts,
  writeSilences,
  writeHostPauses,
  writeClocks,
  writeCapped,
  writeContradictions,
];

/**
 * Writes the rules summary of an incident: template sentences with the predicates that prove them.
 * Same records, same bytes. At most twelve claims are in front; every high or critical alert has one
 * claim at least, as have those it names, and what is missing is always told.
 */
export function writeRulesSummary(records: EvidenceRecord[], context: RulesContext): RulesDraft {
  if (records.length === 0) return { claims: [] };
  const facts = collectFacts(records, context);
  const first = WRITERS.flatMap((write) => write(facts));
  const written = [...first, ...writeUnnamed(facts, first)];
  const claims = context.capped ? written.filter((c) => holdsWhenCapped(c)) : written;
  const front = new Set(chooseFront(claims));
  const inOrder = (list: RuleClaim[]) =>
    list.map((claim, at) => ({ claim, at })).toSorted(byReading);
  return {
    claims: [
      ...inOrder(claims.filter((c) => front.has(c))).map(({ claim }) => ({
        ...claim,
        front: true,
      })),
      ...inOrder(claims.filter((c) => !front.has(c))).map(({ claim }) => claim),
    ],
  };
}

/** Scope, worst severity, first alert and the weightiest gaps are always in front; then rank decides. */
function chooseFront(claims: RuleClaim[]): RuleClaim[] {
  const ranked = claims
    .map((claim, at) => ({ claim, at }))
    .toSorted((a, b) => b.claim.rank - a.claim.rank || a.at - b.at);
  const chosen: RuleClaim[] = [];
  const used = new Map<Family, number>();
  const take = (claim: RuleClaim): void => {
    chosen.push(claim);
    used.set(claim.family, (used.get(claim.family) ?? 0) + 1);
  };
  for (const family of ["scope", "severity", "first_alert", "gap"] as const) {
    const best = ranked.find(({ claim }) => claim.family === family);
    if (best) take(best.claim);
  }
  for (const { claim } of ranked) {
    const full = (used.get("gap") ?? 0) >= (FRONT_LIMIT.gap ?? 1);
    if (claim.family !== "gap" || claim.rank < MUST_GAP_RANK || full) continue;
    if (!chosen.includes(claim)) take(claim);
  }
  for (const { claim } of ranked) {
    if (chosen.length >= MAX_FRONT) break;
    const full = (used.get(claim.family) ?? 0) >= (FRONT_LIMIT[claim.family] ?? 1);
    if (!full && claim.rank >= MIN_FRONT_RANK && !chosen.includes(claim)) take(claim);
  }
  return chosen;
}

function byReading(
  a: { claim: RuleClaim; at: number },
  b: { claim: RuleClaim; at: number },
): number {
  const section = SECTIONS.indexOf(a.claim.section) - SECTIONS.indexOf(b.claim.section);
  return section || b.claim.rank - a.claim.rank || a.at - b.at;
}

/** On input that was cut off, only what is said of single records and lower bounds stays true. */
function holdsWhenCapped(claim: RuleClaim): boolean {
  return claim.predicates.every(
    (p) =>
      ["field", "order", "chain", "exists"].includes(p.op) || (p.op === "count" && p.cmp === "gte"),
  );
}
