/** What screens and files are given of overrides: plain data, all times ISO 8601 UTC. */
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import type { OverrideKind, OverrideOutcome } from "#lib/domain/review/override.ts";
import type { ClaimKind, Standing } from "#lib/domain/summary/claim.ts";
import type { PersonView } from "./views.ts";

export type OverrideView = {
  id: string;
  kind: OverrideKind;
  at: string;
  /** Who reviewed or rejected; of a refusal, whose proposal it was. */
  person: PersonView;
  incident: { id: string; number: string; title: string };
  /** What wrote the claim: a model's id, or `rules/1`; null: a proposal, which people make. */
  model: string | null;
  prompt: { name: string; version: number } | null;
  claim: { id: string; text: string; kind: ClaimKind; standing: Standing } | null;
  decision: {
    id: string;
    kind: DecisionKind;
    content: DecisionContent;
    proposer: PersonView;
    policyVersion: number;
    /** Of a refusal: the rules that said no. */
    refusals: { code: string; sentence: string }[];
  } | null;
  reason: string | null;
  /** Of a correction: what the claim should say. */
  replacement: string | null;
  /** The newest word of a lead. */
  verdict: VerdictView | null;
  /** How many words of leads there are in all. */
  verdicts: number;
};

export type VerdictView = {
  outcome: OverrideOutcome;
  note: string;
  at: string;
  person: PersonView;
};

export type OverridePage = { overrides: OverrideView[]; nextCursor: string | null };

/** What the list can be narrowed to. */
export type OverrideChoices = {
  people: { id: string; name: string }[];
  models: string[];
  prompts: { id: string; name: string; version: number }[];
};
