import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";

export const DECISION_KINDS = ["escalation", "containment", "closure", "reopening"] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

export const DECISION_STATES = [
  "proposed",
  "in_effect",
  "refused",
  "rejected",
  "withdrawn",
  "expired",
  "stale",
] as const;
export type DecisionState = (typeof DECISION_STATES)[number];

export type Assurance = "password" | "passkey";

/** Microsoft Sentinel's closure classifications and their reasons. */
export const CLOSURE_REASONS = {
  true_positive: ["suspicious_activity"],
  benign_positive: ["suspicious_but_expected"],
  false_positive: ["incorrect_alert_logic", "inaccurate_data"],
  undetermined: ["undetermined"],
} as const;
export type ClosureClassification = keyof typeof CLOSURE_REASONS;
export const CLOSURE_CLASSIFICATIONS = Object.keys(CLOSURE_REASONS) as ClosureClassification[];

/** Microsoft Defender's determinations; optional on a closure. */
export const DETERMINATIONS = [
  "multi_staged_attack",
  "malicious_user_activity",
  "compromised_account",
  "malware",
  "phishing",
  "unwanted_software",
  "security_testing",
  "line_of_business_application",
  "confirmed_activity",
  "clean",
  "insufficient_data",
  "other",
] as const;
export type Determination = (typeof DETERMINATIONS)[number];

/** Response actions with the D3FEND tactic each belongs to. */
export const RESPONSE_ACTIONS = {
  isolate_host: "Isolate",
  disable_account: "Evict",
  revoke_sessions: "Evict",
  block_indicator: "Isolate",
  quarantine_file: "Evict",
  collect_artifacts: "Model",
} as const;
export type ResponseActionKind = keyof typeof RESPONSE_ACTIONS;
export const RESPONSE_ACTION_KINDS = Object.keys(RESPONSE_ACTIONS) as ResponseActionKind[];
/** `undoOf`: the run of an earlier response that this one takes back. */
export type ResponseAction = { action: ResponseActionKind; target: string; undoOf?: string };

/** A response that was sent from here, and that another may take back; `stands`: none has, but one that failed. */
export type SentResponse = {
  run: string;
  action: ResponseActionKind;
  target: string;
  stands: boolean;
};

/** What is proposed, by kind. `reason` is in the proposer's words. */
export type DecisionContent =
  | { kind: "escalation"; reason: string; to: string }
  | { kind: "containment"; reason: string; actions: ResponseAction[] }
  | {
      kind: "closure";
      reason: string;
      classification: ClosureClassification;
      classificationReason: string;
      determination: Determination | null;
      /** Of a bulk closure: the ids of every incident it closes, in the order of its statement. */
      incidents?: string[];
    }
  | { kind: "reopening"; reason: string };

/** The facts a ruling rests on; all of them are frozen into the statement. */
export type IncidentFacts = {
  id: string;
  number: number;
  status: IncidentStatus;
  severity: Severity;
  verdict: Verdict | null;
  version: number;
  evidenceCount: number;
  /** hex sha256 */
  evidenceRoot: string;
  claimsHash: string;
  merged: boolean;
  escalated: boolean;
  contained: boolean;
  /** Claims of the current model summary that are unsupported or contradicted and not disputed or corrected. */
  unsettledClaims: { id: string; text: string; standing: "unsupported" | "contradicted" }[];
  hasSummary: boolean;
  /** The newest summary is whole. */
  summaryComplete: boolean;
  /** The ATT&CK tactics that its alerts name. */
  types: string[];
  openDecisionKinds: DecisionKind[];
};

export type Signer = { id: string; name: string; role: Role; active: boolean };

export type SignOffFact = {
  personId: string;
  role: Role;
  outcome: "approved" | "rejected";
  statementSha256: string;
  assurance: Assurance;
  at: string;
};
