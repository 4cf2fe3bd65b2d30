/** The whole benchmark over loaded incidents: true claims, mutants, and what became of them. */
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import type { BenchIncident, TrueClaim } from "./bench-claim.ts";
import { variantsOf } from "./evidence-variants.ts";
import type { Variants } from "./evidence-variants.ts";
import { judgeClaims, judgeMutants, trueClaims } from "./judge.ts";
import type { JudgedMutant } from "./judge.ts";
import { makeMutants } from "./make-mutants.ts";
import { poolOf } from "./mutant-context.ts";
import type { Pool } from "./mutant-context.ts";
import { OPERATORS } from "./operators.ts";
import type { OperatorEntry } from "./operators.ts";
import { countClaim, countMutant, newTally, operatorRow } from "./tally.ts";
import type { Tally } from "./tally.ts";
import type { Side } from "./split.ts";

export type RunOptions = {
  sides: readonly Side[];
  operators: OperatorEntry[];
  payloads: string[];
  /** Constructed claims of each relation in one incident. */
  claims: number;
  /** Claims of one incident that each operator is tried on. */
  mutated: number;
  note: (text: string) => void;
  /** Every judged mutant, in order. */
  onMutant?: (judged: JudgedMutant) => void;
  /** What was misjudged on the side `dev`; never of `held-out`. */
  onFailure?: (failure: Failure) => void;
};

export type Failure = {
  type: string;
  variant?: string;
  mode?: string;
  id: string;
  relation?: string;
  evidence?: string;
  standing: string;
  text: string;
  why: string[];
  claim: unknown;
};

const SIDES: readonly Side[] = ["dev", "held-out"];
const NOTE_EVERY = 40;

/** Deterministic: the same incidents and options give the same claims, mutants and counts. */
export function runBenchmark(incidents: BenchIncident[], options: RunOptions): Tally {
  const tally = newTally();
  let done = 0;
  for (const side of SIDES.filter((s) => options.sides.includes(s))) {
    const own = incidents.filter((incident) => incident.side === side);
    const pool = poolOf(own);
    for (const [at, incident] of own.entries()) {
      const variants = variantsOf(incident, own[(at + 1) % own.length], options.payloads);
      runIncident(tally, incident, variants, pool, options);
      done += 1;
      if (done % NOTE_EVERY === 0) options.note(`${done} of ${incidents.length} incidents`);
    }
  }
  return tally;
}

function runIncident(
  tally: Tally,
  incident: BenchIncident,
  variants: Variants,
  pool: Pool,
  options: RunOptions,
): void {
  const { side, records, total } = incident;
  tally.incidents[side] += 1;
  tally.records[side] += records.length;
  tally.leftOut[side] += total - records.length;
  const supported = runClaims(tally, incident, variants, options);
  const { operators, mutated: most } = options;
  const made = makeMutants(incident, supported, operators, { pool, variants, most });
  for (const [operator, n] of made.equivalent) operatorRow(tally, side, operator).equivalent += n;
  for (const judged of judgeMutants(made.mutants, variants)) {
    countMutant(tally, judged);
    options.onMutant?.(judged);
    if (side === "dev" && isMisjudged(judged)) options.onFailure?.(mutantFailure(judged));
  }
}

/** The true claims that came out supported: only of these can a lie be taken for the truth. */
function runClaims(
  tally: Tally,
  incident: BenchIncident,
  variants: Variants,
  options: RunOptions,
): TrueClaim[] {
  const claims = trueClaims(incident, options.claims);
  const startedAt = performance.now();
  const judged = judgeClaims(claims, variants.evidence["as-is"]);
  const ms = (performance.now() - startedAt) / Math.max(1, claims.length);
  for (const one of judged) {
    countClaim(tally, one);
    tally.msPerClaim.push(ms);
    const { claim, verified } = one;
    if (incident.side !== "dev" || verified.standing === "supported") continue;
    options.onFailure?.({
      type: "B1",
      id: claim.id,
      relation: claim.relation,
      standing: verified.standing,
      text: claim.claim.text,
      why: whyNot(verified),
      claim: claim.claim,
    });
  }
  return judged.filter((j) => j.verified.standing === "supported").map((j) => j.claim);
}

/** A lie that came out supported; for a claim that stays true, any other standing. */
export function isMisjudged({
  mutant,
  standing,
}: Pick<JudgedMutant, "mutant" | "standing">): boolean {
  const keeps = OPERATORS.find(({ id }) => id === mutant.operator)?.keeps ?? false;
  return (standing === "supported") !== keeps;
}

function mutantFailure({ mutant, standing, verified }: JudgedMutant): Failure {
  const { operator: type, variant, mode, id, evidence = "as-is", claim } = mutant;
  return {
    type,
    variant,
    mode,
    id,
    evidence,
    standing,
    text: claim.text,
    why: whyNot(verified),
    claim,
  };
}

function whyNot(verified: VerifiedClaim): string[] {
  return verified.checks
    .filter(({ effect }) => effect !== "supported")
    .slice(0, 6)
    .map((c) => `${c.check}/${c.effect}: ${c.said.slice(0, 60)} -> ${c.found.slice(0, 90)}`);
}
