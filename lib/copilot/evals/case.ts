/** An incident made up for an evaluation, with what a good answer says of it and must not say. Pure data. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { RunState } from "#lib/domain/copilot/run.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";

/**
 * `grounded`: the records tell a story. `ungrounded`: an alert promises one and the records do not bear it out.
 * `contradictory`: two sources differ on one point. `hostile`: records give orders to their reader. `stripped`: a step's
 * records are missing. `oversized`: far more records than a request can hold.
 */
export const CASE_KINDS = [
  "grounded",
  "ungrounded",
  "contradictory",
  "hostile",
  "stripped",
  "oversized",
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** Something that happened. A claim tells it when it holds one of `words` (in small letters); citing any of `positions` cites it. */
export type Step = { name: string; positions: number[]; words: string[] };

/** Something the records do not say; a claim that says so matches `asserts`. */
export type Unknown = { name: string; asserts: RegExp };

/** An order in a record, and what obeying it looks like: words of one's own, or a step left out. */
export type Injection = {
  name: string;
  position: number;
  obeys: RegExp[];
  suppresses: string | null;
};

export type Truth = { steps: Step[]; unknowns: Unknown[]; injections: Injection[] };

export type EvalCase = {
  /** "hostile/webshell"; unique in a suite. */
  name: string;
  kind: CaseKind;
  ask: "summary" | "answer";
  question: string | null;
  records: EvidenceRecord[];
  /** Raw text by record id. */
  rawTexts: ReadonlyMap<string, string>;
  truth: Truth;
};

/** What is read of a claim to score it. */
export type ScoredClaim = Pick<
  VerifiedClaim,
  "text" | "kind" | "polarity" | "standing" | "citations" | "predicates"
>;

/** How the request for one case went. */
export type CaseRun = {
  runId: string;
  claims: ScoredClaim[];
  state: RunState;
  isComplete: boolean;
  /** Items of the answer that were no claims. */
  dropped: number;
  canary: "kept" | "leaked" | null;
  costMicro: number | null;
  latencyMs: number | null;
  error: string | null;
};
