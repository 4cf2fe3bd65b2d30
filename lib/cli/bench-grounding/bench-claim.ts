/** The shapes the grounding benchmark passes about: incidents, true claims, and lies made of them. */
import type { EvidenceRecord, RecordFormat } from "#lib/domain/evidence/record.ts";
import type { DraftClaim, Predicate, Standing } from "#lib/domain/summary/claim.ts";
import type { Side } from "./split.ts";

/** Records that belong together, numbered from 1, with the text each was sent as. */
export type BenchIncident = {
  id: string;
  side: Side;
  records: EvidenceRecord[];
  raws: Map<string, string>;
  /** Records there were before the cap. */
  total: number;
};

/**
 * Who wrote a true claim: the product's rules, or the benchmark's own constructor; `reserved` is the
 * constructor in phrases that only held-out incidents are told in.
 */
export type Origin = "rules" | "constructed" | "reserved";

export type TrueClaim = {
  id: string;
  incident: string;
  side: Side;
  origin: Origin;
  /** Of the first cited record. */
  format: RecordFormat;
  relation: string;
  claim: DraftClaim;
};

/**
 * `text`: only the sentence lies, its predicates are still true of the records.
 * `both`: the predicates say what the sentence says.
 */
export type Mode = "text" | "both";

/** Evidence a mutant is judged on: as it is, with late records, cut off, or with injected text. */
export const VARIANTS = ["as-is", "late", "capped", "injected"] as const;
export type Variant = (typeof VARIANTS)[number];

/** What an operator makes of a claim. `asserts`: what the new sentence says, as predicates. */
export type Lie = {
  variant: string;
  mode: Mode;
  evidence?: Variant;
  claim: DraftClaim;
  expected: Standing[];
  /** For the oracle: when all of these hold the sentence is still true, and no mutant. */
  asserts: Predicate[] | null;
};

export type Mutant = Omit<Lie, "asserts"> & {
  id: string;
  operator: string;
  incident: string;
  side: Side;
  origin: Origin;
};
