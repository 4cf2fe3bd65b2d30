/** What was counted, by side and operator; nothing here knows how it was judged. */
import { STANDINGS } from "#lib/domain/summary/claim.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import type { Origin } from "./bench-claim.ts";
import type { JudgedClaim, JudgedMutant } from "./judge.ts";
import type { Side } from "./split.ts";
import { wilson } from "./wilson.ts";

export type OperatorRow = {
  operator: string;
  side: Side;
  n: number;
  equivalent: number;
  /** Judged other than `supported`. */
  detected: number;
  /** Judged as the specification says. */
  exact: number;
  supported: number;
  standings: Record<Standing, number>;
};

export type ClaimRow = {
  side: Side;
  origin: Origin;
  n: number;
  standings: Record<Standing, number>;
};
/** True claims of one stratum: a relation, a kind, or a source format. */
export type StratumRow = {
  side: Side;
  by: "relation" | "kind" | "format";
  name: string;
  n: number;
  supported: number;
  /** Judged unsupported or contradicted. */
  hard: number;
};

export type Tally = {
  operators: Map<string, OperatorRow>;
  claims: Map<string, ClaimRow>;
  strata: Map<string, StratumRow>;
  incidents: Record<Side, number>;
  records: Record<Side, number>;
  /** Records that the cap left out. */
  leftOut: Record<Side, number>;
  /** Milliseconds for one claim, indexing of its incident shared out; one entry a claim. */
  msPerClaim: number[];
};

export function newTally(): Tally {
  const none = () => ({ dev: 0, "held-out": 0 });
  return {
    operators: new Map(),
    claims: new Map(),
    strata: new Map(),
    incidents: none(),
    records: none(),
    leftOut: none(),
    msPerClaim: [],
  };
}

const noStandings = () =>
  Object.fromEntries(STANDINGS.map((s) => [s, 0])) as Record<Standing, number>;

export function operatorRow(tally: Tally, side: Side, operator: string): OperatorRow {
  return known(tally.operators, `${side} ${operator}`, () => ({
    operator,
    side,
    n: 0,
    equivalent: 0,
    detected: 0,
    exact: 0,
    supported: 0,
    standings: noStandings(),
  }));
}

export function countMutant(
  tally: Tally,
  { mutant, standing }: Pick<JudgedMutant, "mutant" | "standing">,
): void {
  const row = operatorRow(tally, mutant.side, mutant.operator);
  row.n += 1;
  row.standings[standing] += 1;
  if (standing === "supported") row.supported += 1;
  else row.detected += 1;
  if (mutant.expected.includes(standing)) row.exact += 1;
}

export function countClaim(tally: Tally, { claim, verified }: JudgedClaim): void {
  const { side, origin } = claim;
  const row = known(tally.claims, `${side} ${origin}`, () => ({
    side,
    origin,
    n: 0,
    standings: noStandings(),
  }));
  row.n += 1;
  row.standings[verified.standing] += 1;
  const strata = [
    ["relation", `${origin}: ${claim.relation}`],
    ["kind", claim.claim.kind],
    ["format", claim.format],
  ] as const;
  for (const [by, name] of origin === "reserved" ? strata.slice(0, 1) : strata) {
    const stratum = known(tally.strata, `${side} ${by} ${name}`, () => ({
      side,
      by,
      name,
      n: 0,
      supported: 0,
      hard: 0,
    }));
    stratum.n += 1;
    if (verified.standing === "supported") stratum.supported += 1;
    else if (verified.standing !== "partial") stratum.hard += 1;
  }
}

export type Sum = Pick<OperatorRow, "n" | "equivalent" | "detected" | "exact" | "supported">;

/** The rows of some operators and sides added up. */
export function sumOf(
  tally: Tally,
  sides: readonly Side[],
  operators: (id: string) => boolean,
): Sum {
  const sum: Sum = { n: 0, equivalent: 0, detected: 0, exact: 0, supported: 0 };
  for (const row of tally.operators.values()) {
    if (!sides.includes(row.side) || !operators(row.operator)) continue;
    for (const key of ["n", "equivalent", "detected", "exact", "supported"] as const)
      sum[key] += row[key];
  }
  return sum;
}

/** True claims (B1) that did not come out supported; reserved phrasings are no part of B1. */
export function alarmsOf(tally: Tally, sides: readonly Side[]): { n: number; alarms: number } {
  let [n, alarms] = [0, 0];
  for (const row of tally.claims.values()) {
    if (!sides.includes(row.side) || row.origin === "reserved") continue;
    n += row.n;
    alarms += row.n - row.standings.supported;
  }
  return { n, alarms };
}

/** "0.12 % (0.05 to 0.31)": a share in per cent with its Wilson interval; "-" of nothing. */
export function shareWithInterval(hits: number, n: number): string {
  if (n === 0) return "-";
  const [low, high] = wilson(hits, n);
  return `${percent(hits / n)} (${percent(low, "")} to ${percent(high, "")})`;
}

export function percent(share: number, sign = " %"): string {
  const digits = share > 0 && share < 0.0005 ? 4 : 2;
  return `${(100 * share).toFixed(digits)}${sign}`;
}

function known<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
