/** How what runs by itself reads on a screen. Pure. */
import {
  CONFIDENCE_PARTS,
  type AutomationReason,
  type AutomationRule,
  type Confidence,
} from "./automation.ts";
import type { IncidentType } from "./policy.ts";

/** `lateral-movement` as "lateral movement". */
export function incidentTypeWords(type: string): string {
  return type.replaceAll("-", " ");
}

const ACT: Record<string, string> = {
  collect_artifacts: "collect artifacts from",
  isolate_host: "isolate",
};

/** "collect artifacts from ws-014" */
export function actWords({ action, target }: { action: string; target: string }): string {
  return `${ACT[action] ?? action.replaceAll("_", " ")} ${target}`;
}

/** One rule as a sentence. */
export function ruleSentence(rule: Omit<AutomationRule, "number">): string {
  const what =
    rule.action === "isolate_host" ? "Isolate one system" : "Collect artifacts from a system";
  const severity = rule.severities ? `of ${orList(rule.severities)} severity` : "of any severity";
  const types = rule.incidentTypes
    ? `and of the type ${orList(rule.incidentTypes.map((type: IncidentType) => incidentTypeWords(type)))}`
    : "and any type";
  const sources =
    rule.minSources === 1 ? "an alert names it" : `alerts of ${rule.minSources} sources name it`;
  const inOne =
    rule.maxPerIncident === 1
      ? "once in an incident"
      : `${rule.maxPerIncident} times in an incident`;
  return `${what} in an incident ${severity} ${types}, when ${sources} and confidence is ${rule.minConfidence} of 100 or more; at most ${rule.maxPerHour} an hour and ${inOne}.`;
}

/** Where the confidence comes from, part by part. */
export function confidenceSentence({ claims, severity, sources, total }: Confidence): string {
  const parts = `claims ${claims} of ${CONFIDENCE_PARTS.claims}, worst alert ${severity} of ${CONFIDENCE_PARTS.severity}, sources ${sources} of ${CONFIDENCE_PARTS.sources}`;
  const sum = claims + severity + sources;
  if (sum > total) return `Confidence 0 of 100: a claim about it conflicts with the evidence.`;
  return `Confidence ${total} of 100: ${parts}.`;
}

/** Why it ran: the rule's conditions beside what was found. */
export function becauseWords(
  { confidence, alerts, sources }: { confidence: Confidence; alerts: number; sources: number },
  rule: Pick<AutomationRule, "minConfidence"> | null,
): string {
  const named = `${counted(alerts, "alert")} of ${counted(sources, "source")} ${alerts === 1 ? "names" : "name"} it`;
  return `${named} and confidence is ${confidence.total}, ${rule?.minConfidence ?? 0} or more asked`;
}

/** Every reason, as sentences. */
export function reasonSentences(reasons: readonly AutomationReason[]): string {
  return reasons.map(({ sentence }) => capital(sentence)).join(" ");
}

/** Where a stop holds. */
export function stopWords({
  scope,
  incidentType,
  number,
}: {
  scope: string;
  incidentType: string | null;
  number: string | null;
}): string {
  if (scope === "global") return "Everywhere";
  if (incidentType !== null) return `Incidents of the type ${incidentTypeWords(incidentType)}`;
  return number ?? "One incident";
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

function orList(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
