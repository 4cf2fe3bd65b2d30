/** What screens are given of the policy: plain data, all times ISO 8601 UTC. */
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import type { Requirement } from "#lib/domain/decision/policy.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import type { PersonView } from "./views.ts";

/** `waiting` for a second signature, `scheduled` for its time; the last three never took effect. */
export type PolicyState =
  | "waiting"
  | "scheduled"
  | "in_force"
  | "past"
  | "withdrawn"
  | "refused"
  | "overtaken"
  | "lapsed";

export type PolicyVersionView = {
  version: number;
  base: number | null;
  state: PolicyState;
  reason: string;
  weakens: boolean;
  delayMinutes: number;
  /** Null: installed with the product. */
  proposedBy: PersonView | null;
  proposedAt: string;
  effectiveAt: string | null;
  signatures: { person: PersonView; at: string }[];
  ended: { at: string; by: PersonView | null; reason: string | null } | null;
};

export type PolicyRules = { version: number; rules: RuleWords[] };

export type PolicyPageView = {
  inForce: PolicyRules | null;
  /** What waits for a signature or its time. */
  open: PolicyVersionView[];
  history: PolicyVersionView[];
  /** Where the history goes on: versions before this one. */
  before: number | null;
};

export type PolicyVersionPageView = PolicyVersionView & {
  rules: RuleWords[];
  /** Null: installed with the product. */
  statement: string | null;
  statementSha256: string | null;
  /** What it is compared with; null when there is nothing before it. */
  against: PolicyRules | null;
  /** Newest first, as many as may be compared with. */
  versions: number[];
};

/** An open decision that would need something else if it were proposed under the changed policy. */
export type ChangedDecision = {
  id: string;
  incidentNumber: string;
  kind: DecisionKind;
  policyVersion: number;
  before: Requirement | null;
  after: Requirement | null;
};

export type PolicyPreview = {
  version: number;
  base: number | null;
  weakens: boolean;
  delayMinutes: number;
  statement: string;
  statementSha256: string;
  decisions: {
    /** Open decisions of the desk, and how many of them, newest first, were looked at. */
    open: number;
    looked: number;
    changed: ChangedDecision[];
  };
};

/** How a proposal or a signature left the version. */
export type PolicyAnswer = {
  version: number;
  state: "waiting" | "scheduled" | "in_force";
  signatures: number;
  needed: number;
  effectiveAt: string | null;
};
