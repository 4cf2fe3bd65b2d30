/**
 * The policy as data, pure: which rules fit a situation and what they ask together. Postgres finds the same for
 * what is signed (`gate.requirement`); this serves forms, previews and comparisons.
 */
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Assurance, DecisionContent, DecisionKind } from "./decision.ts";

/** An incident's types are the ATT&CK tactics that its alerts name. */
export const INCIDENT_TYPES = [
  "reconnaissance",
  "resource-development",
  "initial-access",
  "execution",
  "persistence",
  "privilege-escalation",
  "defense-evasion",
  "credential-access",
  "discovery",
  "lateral-movement",
  "collection",
  "command-and-control",
  "exfiltration",
  "impact",
] as const;
export type IncidentType = (typeof INCIDENT_TYPES)[number];

/** How far a decision reaches. `none`: it acts on no system. */
export const BLAST_RADII = [
  "none",
  "collection",
  "one_endpoint",
  "one_account",
  "several_systems",
  "external_access",
] as const;
export type BlastRadius = (typeof BLAST_RADII)[number];

/** What a decision needs. */
export type Requirement = {
  policyVersion: number;
  kind: DecisionKind;
  minProposerRole: "analyst" | "lead";
  signOffs: number;
  /** So many of the sign-offs must be by leads. */
  leadSignOffs: number;
  minRole: "analyst" | "lead";
  distinctFromProposer: boolean;
  distinctFromAssignee: boolean;
  assurance: Assurance;
  /** A proposal not signed within this many minutes expires. */
  proposalMinutes: number;
  /** A sign-off older than this many minutes no longer counts. */
  signOffMinutes: number;
  /** Claims of the model that do not hold are disputed, corrected, or waived by name. */
  claimsSettled: boolean;
  /** There is a summary, and it is whole. */
  summaryComplete: boolean;
  /** A signer has opened the evidence that the summary cites. */
  evidenceOpened: boolean;
};

/** A requirement as Postgres says it (`gate.rule_words`). */
export type RequirementWords = Omit<Requirement, "kind" | "policyVersion"> & { version: number };

export function requirementFrom(kind: DecisionKind, words: RequirementWords): Requirement {
  const { version, ...rest } = words;
  return { ...rest, kind, policyVersion: version };
}

/** A requirement in the words of Postgres, which stand in a statement as they are. */
export function wordsOf({ kind: _, policyVersion, ...rest }: Requirement): RequirementWords {
  return { ...rest, version: policyVersion };
}

/** One rule of a policy version: what it asks, and the situations it fits; null fits all. */
export type PolicyRule = Requirement & {
  number: number;
  severities: Severity[] | null;
  incidentTypes: IncidentType[] | null;
  blastRadii: BlastRadius[] | null;
};

export type Situation = {
  kind: DecisionKind;
  severity: Severity;
  types: readonly string[];
  blastRadius: BlastRadius;
};

/** What a decision reaches, as far as its own words tell: the same as `gate.blast_radius` in Postgres. */
export function blastRadiusOf(content: DecisionContent): BlastRadius {
  if (content.kind !== "containment") return "none";
  const { actions } = content;
  if (actions.some(({ action }) => action === "block_indicator")) return "external_access";
  const touching = actions.filter(({ action }) => action !== "collect_artifacts");
  if (touching.length === 0) return actions.length === 0 ? "several_systems" : "collection";
  if (new Set(touching.map(({ target }) => target.trim().toLowerCase())).size > 1)
    return "several_systems";
  if (touching.every(({ action }) => action === "isolate_host")) return "one_endpoint";
  const onAccounts = touching.every(
    ({ action }) => action === "disable_account" || action === "revoke_sessions",
  );
  return onAccounts ? "one_account" : "several_systems";
}

/**
 * What the rules ask together in a situation: each rule that fits adds to it and the strictest of each wins, so that
 * their order does not matter and a further rule can only ask for more. Null when none fits: then nobody may.
 */
export function requirementOf(
  rules: readonly PolicyRule[],
  situation: Situation,
): Requirement | null {
  const fitting = rules.filter((rule) => fits(rule, situation));
  const first = fitting[0];
  if (!first) return null;
  const any = (question: (rule: PolicyRule) => boolean): boolean => fitting.some(question);
  const most = (of: (rule: PolicyRule) => number): number => Math.max(...fitting.map(of));
  const least = (of: (rule: PolicyRule) => number): number => Math.min(...fitting.map(of));
  return {
    policyVersion: first.policyVersion,
    kind: first.kind,
    minProposerRole: any((rule) => rule.minProposerRole === "lead") ? "lead" : "analyst",
    signOffs: most((rule) => rule.signOffs),
    leadSignOffs: most((rule) => rule.leadSignOffs),
    minRole: any((rule) => rule.minRole === "lead") ? "lead" : "analyst",
    distinctFromProposer: any((rule) => rule.distinctFromProposer),
    distinctFromAssignee: any((rule) => rule.distinctFromAssignee),
    assurance: any((rule) => rule.assurance === "passkey") ? "passkey" : "password",
    proposalMinutes: least((rule) => rule.proposalMinutes),
    signOffMinutes: least((rule) => rule.signOffMinutes),
    claimsSettled: any((rule) => rule.claimsSettled),
    summaryComplete: any((rule) => rule.summaryComplete),
    evidenceOpened: any((rule) => rule.evidenceOpened),
  };
}

/**
 * What break-glass makes of a requirement: one lead alone, the proposer too, by passkey, within a day. What must be
 * true of the summary stays. The same as `gate.break_glass_rule` in Postgres.
 */
export function breakGlassRequirement(rule: Requirement): Requirement {
  return {
    ...rule,
    signOffs: 1,
    leadSignOffs: 1,
    minRole: "lead",
    minProposerRole: "lead",
    distinctFromProposer: false,
    distinctFromAssignee: false,
    assurance: "passkey",
    proposalMinutes: Math.min(rule.proposalMinutes, BREAK_GLASS_MINUTES_MAX),
  };
}

const BREAK_GLASS_MINUTES_MAX = 1_440;

function fits(rule: PolicyRule, { kind, severity, types, blastRadius }: Situation): boolean {
  return (
    rule.kind === kind &&
    (rule.severities?.includes(severity) ?? true) &&
    (rule.incidentTypes?.some((type) => types.includes(type)) ?? true) &&
    (rule.blastRadii?.includes(blastRadius) ?? true)
  );
}
