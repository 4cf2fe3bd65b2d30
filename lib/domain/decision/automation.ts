/**
 * What may run by itself, pure (docs/automation.md). Postgres judges the same for what is done (`gate.judge_automation`);
 * this explains, looks for candidates and previews rules. Whole numbers alone, so that both say the same.
 */
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { IncidentType } from "./policy.ts";

/** All that a rule can name. Accounts, external access, several systems and every decision stay with people. */
export const AUTOMATIC_ACTIONS = ["collect_artifacts", "isolate_host"] as const;
export type AutomaticAction = (typeof AUTOMATIC_ACTIONS)[number];

const REACH: Record<string, string> = {
  collect_artifacts: "collection",
  isolate_host: "one_endpoint",
};

/** The most that a rule may allow: in an hour, everywhere; in one incident. */
export const AUTOMATION_BOUNDS: Record<AutomaticAction, { perHour: number; perIncident: number }> =
  {
    collect_artifacts: { perHour: 600, perIncident: 20 },
    isolate_host: { perHour: 10, perIncident: 1 },
  };

/** A rule without its place; `null` fits every severity or type. */
export type AutomationRuleInput = {
  action: AutomaticAction;
  severities: Severity[] | null;
  incidentTypes: IncidentType[] | null;
  /** 0 to 100. */
  minConfidence: number;
  /** Sources whose alerts name the system, 1 to 10. */
  minSources: number;
  maxPerHour: number;
  maxPerIncident: number;
};
export type AutomationRule = AutomationRuleInput & { number: number };

/** Why an incident is not left to itself: what reads like orders, and the larger share of claims that do not hold. */
export type Doubt = {
  instructions: number;
  /** Labels of such records, at most ten, and the sources that brought them. */
  records: string[];
  writers: string[];
  /** `rules/3`: the summary whose share counts. */
  summary: string | null;
  claims: number;
  failing: number;
  /** Whole per cent, rounded down. */
  percent: number;
};

/** What `gate.automation_facts` reads of an incident, one system in it and what ran before. */
export type AutomationFacts = {
  incident: string;
  number: number;
  severity: Severity;
  status: string;
  merged: boolean;
  /** The incident holds exactly the records it counts. */
  counted: boolean;
  types: string[];
  action: string;
  target: string;
  blastRadius: string;
  /** Alerts that name the system, the sources they come from, the worst of them. */
  alerts: number;
  sources: number;
  alertSeverity: Severity | null;
  /** Of the rules' newest summary: its version, whether it covers the evidence as it stands. */
  summary: number | null;
  summaryCurrent: boolean;
  /** Its claims over records of the system. */
  claims: number;
  supported: number;
  contradicted: number;
  doubt: Doubt;
  /** Ids of the stops that hold here. */
  stops: string[];
  done: boolean;
  inHand: boolean;
  inIncident: number;
  lastHour: number;
};

/** `total` is their sum, 0 to 100, or 0 when a claim about the system conflicts with the evidence. */
export type Confidence = { claims: number; severity: number; sources: number; total: number };
export const CONFIDENCE_PARTS = { claims: 40, severity: 30, sources: 30 } as const;

const SEVERITY_POINTS: Record<Severity, number> = {
  informational: 0,
  low: 5,
  medium: 10,
  high: 20,
  critical: 30,
};
const POINTS_A_SOURCE = 10;
const SOURCES_COUNTED = 3;

type ConfidenceFacts = Pick<
  AutomationFacts,
  "claims" | "supported" | "contradicted" | "alertSeverity" | "sources"
>;

/** How sure code is of a system, from what it checked itself: never by a model's word. */
export function confidenceOf(facts: ConfidenceFacts): Confidence {
  const claims =
    facts.claims === 0 ? 0 : Math.floor((CONFIDENCE_PARTS.claims * facts.supported) / facts.claims);
  const severity = facts.alertSeverity === null ? 0 : SEVERITY_POINTS[facts.alertSeverity];
  const sources = POINTS_A_SOURCE * Math.min(facts.sources, SOURCES_COUNTED);
  const total = facts.contradicted > 0 ? 0 : claims + severity + sources;
  return { claims, severity, sources, total };
}

/** What the gate judged an act or a refusal by; the stored values, as they were hashed. */
export type AutomationValues = AutomationFacts & {
  confidence: Confidence;
  doubtPercent: number;
  rule: (AutomationRule & { version: number }) | null;
};

export type AutomationCode = "G30" | "G31" | "G32" | "G33" | "G34";
export type AutomationReason = { code: AutomationCode; sentence: string };
export type AutomationRuling = {
  /** The first rule that fits; null when none does. */
  rule: AutomationRule | null;
  confidence: Confidence;
  /** Every reason against it; none: it may run. */
  reasons: AutomationReason[];
};

type InForce = { rules: readonly AutomationRule[]; doubtPercent: number };

/**
 * May this run by itself under these rules? Every reason why not, in the database's order and words. The database knows
 * besides which doubts a person has looked at and lifted.
 */
export function judgeAutomation(facts: AutomationFacts, inForce: InForce): AutomationRuling {
  const confidence = confidenceOf(facts);
  const rule =
    inForce.rules
      .toSorted((a, b) => a.number - b.number)
      .find((each) => ruleFits(each, facts, confidence.total)) ?? null;
  const { doubt } = facts;
  const reasons: AutomationReason[] = [];
  const no = (code: AutomationCode, holds: boolean, sentence: string): void => {
    if (!holds) reasons.push({ code, sentence });
  };
  no("G30", reachesLittle(facts), "nothing that reaches so far runs by itself");
  no("G31", facts.status !== "closed" && !facts.merged, "the incident is closed");
  no("G31", facts.alerts > 0, "no alert of the incident names this system");
  no(
    "G31",
    facts.summaryCurrent && facts.counted,
    "no summary by rules covers the evidence as it stands",
  );
  no("G30", rule !== null, "no rule in force lets this run by itself");
  no("G32", !facts.done, "this ran already");
  no("G32", !facts.inHand, "people have it in hand");
  no(
    "G31",
    rule === null || facts.inIncident < rule.maxPerIncident,
    "this incident has as many as its rule allows: more than one system is for people",
  );
  no("G33", facts.stops.length === 0, "automation is stopped here");
  no("G33", !isDoubtful(doubt, inForce), "the evidence or the claims are in doubt");
  no("G34", rule === null || facts.lastHour < rule.maxPerHour, "the limit of the hour is reached");
  return { rule, confidence, reasons };
}

function isDoubtful(doubt: Doubt, { doubtPercent }: InForce): boolean {
  return doubt.instructions > 0 || doubt.percent > doubtPercent;
}

function reachesLittle({ blastRadius }: AutomationFacts): boolean {
  return blastRadius === "collection" || blastRadius === "one_endpoint";
}

function ruleFits(rule: AutomationRule, facts: AutomationFacts, confidence: number): boolean {
  return (
    rule.action === facts.action &&
    REACH[rule.action] === facts.blastRadius &&
    (rule.severities?.includes(facts.severity) ?? true) &&
    (rule.incidentTypes?.some((type) => facts.types.includes(type)) ?? true) &&
    confidence >= rule.minConfidence &&
    facts.sources >= rule.minSources
  );
}

/** What would have run: candidates in the order of time, the limits of an incident and of any one hour kept. */
export function previewOf(
  candidates: readonly { facts: AutomationFacts; at: number }[],
  inForce: InForce,
): { facts: AutomationFacts; ruling: AutomationRuling }[] {
  const ran: { facts: AutomationFacts; at: number; ruling: AutomationRuling }[] = [];
  for (const { facts, at } of candidates.toSorted((a, b) => a.at - b.at)) {
    const alike = ran.filter((each) => each.facts.action === facts.action);
    const asThen = {
      ...facts,
      status: "new",
      done: false,
      inHand: false,
      stops: [],
      inIncident: alike.filter((each) => each.facts.incident === facts.incident).length,
      lastHour: alike.filter((each) => each.at > at - HOUR_MS).length,
    };
    const ruling = judgeAutomation(asThen, inForce);
    if (ruling.reasons.length === 0) ran.push({ facts, at, ruling });
  }
  return ran.map(({ facts, ruling }) => ({ facts, ruling }));
}

const HOUR_MS = 3_600_000;
