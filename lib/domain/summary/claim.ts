/** The shapes of a claim and of what code found out about it. See words.md and docs/grounding.md. */

export const CLAIM_KINDS = [
  "observation",
  "count",
  "sequence",
  "identity",
  "technique",
  "assessment",
  "gap",
] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

/** Code decides. On screen: Matches the evidence, Partly matches, Not in the evidence, Conflicts with the evidence. */
export const STANDINGS = ["supported", "partial", "unsupported", "contradicted"] as const;
export type Standing = (typeof STANDINGS)[number];

export const STANDING_WORDS: Record<Standing, string> = {
  supported: "Matches the evidence",
  partial: "Partly matches",
  unsupported: "Not in the evidence",
  contradicted: "Conflicts with the evidence",
};

/** The worst standing wins: contradicted > unsupported > partial > supported. */
const STANDING_RANK: Record<Standing, number> = {
  supported: 0,
  partial: 1,
  unsupported: 2,
  contradicted: 3,
};

export function worstStanding(values: Iterable<Standing>): Standing | null {
  let worst: Standing | null = null;
  for (const value of values) {
    if (!worst || STANDING_RANK[value] > STANDING_RANK[worst]) worst = value;
  }
  return worst;
}

export type Polarity = "affirmed" | "negated";

export const PREDICATE_OPS = [
  "field",
  "count",
  "distinct",
  "exists",
  "absent",
  "order",
  "chain",
  "first_seen",
  "last_seen",
  "duration",
  "sum",
  "all",
  "only",
] as const;
export type PredicateOp = (typeof PREDICATE_OPS)[number];
export type Comparison = "eq" | "gte" | "lte" | "none";

/**
 * The machine-checkable form of a claim. Flat, so that it fits a JSON schema without unions.
 * `''`, `0` and `[]` mean "not used".
 *
 * - `where`: the query, as `field=value` terms joined by ` & ` (all must hold on one record);
 *   `field!=value` and `field=*` (known) are allowed. Empty means every record of the incident.
 *   Two pseudo fields: `kind` (alert|event) and `source` (the source's name).
 * - `field`    on every cited record in `evidence`, `field` has `value`.
 * - `exists`   at least one record matches `where`; when `evidence` is given, each cited one must match.
 * - `absent`   no record matches `where`.
 * - `count`    the number of records that match `where` compares (`cmp`) with `n`.
 * - `distinct` the number of distinct values of `field` over `where` compares with `n`.
 * - `sum`      the sum of `field` over `where` compares with `n`.
 * - `order`    the records in `evidence` are in this order of time, within `within_s` seconds when > 0.
 * - `chain`    each record in `evidence` started the next one (host + process/parent guid or pid).
 * - `first_seen`/`last_seen` the earliest/latest time over `where` equals `value` at value's precision.
 * - `duration` the seconds from the first to the last record of `where` compare with `n`.
 * - `all`      every record that matches `where` (at least one) has `field` = `value`; one that does not
 *   know `field` leaves it unknown. With `value` `""`: the records of `where` have among them each of
 *   the `n` different values of `field` in the whole incident ("all 7 hosts").
 * - `only`     over `where`, `field` has no other value than `value`: "only ws-014 connected to 10.0.0.5" is
 *   where destination.ip=10.0.0.5, field host, value ws-014. On a cut-off incident `all` and `only` can be
 *   refuted, never shown.
 */
export type Predicate = {
  op: PredicateOp;
  evidence: string[];
  where: string;
  field: string;
  value: string;
  cmp: Comparison;
  n: number;
  within_s: number;
};

/** A predicate of which nothing is used yet: `{ ...UNUSED, op: "count", where, n }`. */
export const UNUSED: Predicate = {
  op: "exists",
  evidence: [],
  where: "",
  field: "",
  value: "",
  cmp: "none",
  n: 0,
  within_s: 0,
};

/** What a claim cites before it is stored: an evidence id (`E12`) and the exact words there. */
export type DraftCitation = { id: string; quote: string };

/** A claim as a generator or a model proposes it. */
export type DraftClaim = {
  text: string;
  kind: ClaimKind;
  polarity: Polarity;
  citations: DraftCitation[];
  predicates: Predicate[];
};

/**
 * Why a claim got its standing: one row per comparison.
 * `effect` is the worst standing this check alone leaves; `supported` means it held.
 */
export type ClaimCheck = {
  /**
   * What was checked: text, cited_id, quote, entity, time, predicate, binding, same_record, role,
   * direction, order, outcome, polarity, count, duration, bytes, technique, contradictory (predicates
   * of one claim that exclude each other), coverage, taint, judgement.
   */
  check: string;
  effect: Standing;
  /** In the claim's words: "10.0.3.17", "48 records where outcome=failure". */
  said: string;
  /** What the evidence has: "47", "10.0.3.71 in E12", "not found". */
  found: string;
  /** The records compared, as labels (`E12`), at most ten. */
  where: string[];
  /** The `where` whose records were counted or searched; `""` is every record. Absent on other checks. */
  query?: string;
  /** The field that was compared, counted or added up, when there is one. */
  field?: string;
};

/** A resolved citation: `start` and `end` are UTF-16 offsets into the record's raw text. */
export type ResolvedCitation = {
  evidenceId: string | null;
  position: number | null;
  quote: string;
  start: number | null;
  end: number | null;
};

export type VerifiedClaim = DraftClaim & {
  standing: Standing;
  checks: ClaimCheck[];
  resolved: ResolvedCitation[];
  /** Offsets `[start, end)` of words in `text` that no check covers. */
  uncovered: [number, number][];
};

export const REVIEW_OUTCOMES = ["accepted", "disputed", "corrected"] as const;
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];
