import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import { distinctValues, whereAll, whereTerm } from "../query.ts";
import { countIs, distinctIs, fieldIs, firstSeen, lastSeen, type RuleClaim } from "./draft.ts";
import { type Facts, groupBy, has, isHigh, keyOf, rankOf, span, textOf, textsOf } from "./facts.ts";
import { amount, periodWords, quoted, timeValue, timeWords } from "./words.ts";

/** Titles of high and critical alerts that are told, by rank; beyond that how many there are is told. */
export const MAX_HIGH_GROUPS = 200;
/** Other alerts are told in the list of all facts up to this many groups. */
const MAX_LOWER_GROUPS = 40;
const CITED = 5;
const TITLE_FIELDS = [
  ["alert.title", "title"],
  ["rule.name", "title"],
  ["rule.id", "id"],
  ["action", "action"],
] as const;

/** What an alert calls itself, and in which field. */
export function alertTitle(
  alert: EvidenceRecord,
): { field: FieldName; text: string; noun: string } | null {
  for (const [field, noun] of TITLE_FIELDS) {
    const text = textOf(alert, field);
    if (text) return { field, text, noun };
  }
  return null;
}

/**
 * Every high and critical alert has a sentence here: alone, or counted with those of its title. Where they have more
 * titles than can be told, how many alerts and titles there are is told instead of the rest.
 */
export function writeAlerts(facts: Facts): RuleClaim[] {
  const groups = groupBy(facts.alerts, (alert) => {
    const title = alertTitle(alert);
    return title && alert.severity
      ? `${alert.severity}\u0000${title.field}\u0000${title.text.toLowerCase()}`
      : null;
  });
  const claims: RuleClaim[] = [];
  const high: RuleClaim[] = [];
  for (const alerts of groups.values()) {
    const [first] = alerts;
    if (!first) continue;
    const list = isHigh(first.severity) ? high : claims;
    if (list === claims && claims.length >= MAX_LOWER_GROUPS) continue;
    list.push(alerts.length === 1 ? oneAlert(facts, first) : manyAlerts(facts, alerts));
  }
  for (const alert of facts.alerts) {
    if (isHigh(alert.severity) && !alertTitle(alert)) high.push(namelessAlert(facts, alert));
  }
  if (high.length <= MAX_HIGH_GROUPS) return [...high, ...claims];
  const told = high.toSorted((a, b) => b.rank - a.rank).slice(0, MAX_HIGH_GROUPS);
  return [...told, ...writeTotals(facts), ...claims];
}

/** How many alerts of the two worst severities there are, with how many titles. */
function writeTotals(facts: Facts): RuleClaim[] {
  return (["critical", "high"] as const).flatMap((severity) => {
    const alerts = facts.alerts.filter((alert) => alert.severity === severity);
    const [first] = alerts;
    if (!first) return [];
    const titles = alerts.every((alert) => textOf(alert, "alert.title"))
      ? distinctValues(alerts, "alert.title").length
      : 0;
    const where = whereAll(whereTerm("kind", "alert"), whereTerm("severity", severity));
    const head = `${amount(alerts.length, "alert")} with severity ${severity}`;
    const isCounted = titles > 0 && !facts.capped;
    return [
      {
        family: "alert" as const,
        section: "extent" as const,
        kind: "count" as const,
        polarity: "affirmed" as const,
        front: false,
        text: facts.capped
          ? `At least ${head}.`
          : `${head}${isCounted ? `, with ${amount(titles, "title")}` : ""}.`,
        predicates: [
          countIs(where, alerts.length, facts.capped ? "gte" : "eq"),
          ...(isCounted ? [distinctIs("alert.title", where, titles)] : []),
        ],
        citations: [{ record: first, fields: ["severity.original", "severity", "alert.title"] }],
        rank: rankOf(facts, 5, alerts),
      },
    ];
  });
}

function oneAlert(facts: Facts, alert: EvidenceRecord): RuleClaim {
  const title = alertTitle(alert);
  const host = textOf(alert, "host");
  const user = textOf(alert, "user");
  const where = host ? ` on ${host}` : "";
  const who = user ? ` for user ${user}` : "";
  const when = alert.time ? ` at ${timeWords(alert.time)}` : "";
  return {
    family: "alert",
    section: "what",
    kind: "observation",
    polarity: "affirmed",
    front: false,
    text: `Alert ${quoted(title?.text ?? "")} with severity ${alert.severity}${where}${who}${when}.`,
    predicates: [
      ...(title ? [fieldIs([alert], title.field, title.text)] : []),
      fieldIs([alert], "severity", alert.severity ?? ""),
      ...(host ? [fieldIs([alert], "host", host)] : []),
      ...(user ? [fieldIs([alert], "user", user)] : []),
      ...(alert.time ? [fieldIs([alert], "time", timeValue(alert.time))] : []),
    ],
    citations: [{ record: alert, fields: [title?.field ?? "action", "host", "user", "time"] }],
    rank: rankOf(facts, 4, [alert]),
  };
}

function manyAlerts(facts: Facts, alerts: EvidenceRecord[]): RuleClaim {
  const [first] = alerts;
  const title = first ? alertTitle(first) : null;
  const severity = first?.severity ?? "";
  const field = title?.field ?? "alert.title";
  const host = sharedHost(alerts);
  const where = whereAll(
    whereTerm("kind", "alert"),
    whereTerm("severity", severity),
    has(field, title?.text ?? ""),
    host !== null && has("host", host),
  );
  const range = span(alerts);
  const { extent, predicates } = extentOf(alerts, where, range, host);
  const noun = title?.noun ?? "title";
  const head = `${amount(alerts.length, "alert")} with severity ${severity} and the ${noun} ${quoted(title?.text ?? "")}`;
  return {
    family: "alert",
    section: "what",
    kind: "count",
    polarity: "affirmed",
    front: false,
    text: facts.capped ? `At least ${head}.` : `${head}${extent}.`,
    predicates: facts.capped
      ? [countIs(where, alerts.length, "gte")]
      : [countIs(where, alerts.length), ...predicates],
    citations: exemplars(alerts, range).map((record) => ({
      record,
      fields: [field, "host", "time"],
    })),
    rank: rankOf(facts, 4, alerts),
  };
}

/** The one host all of them name, or null. */
function sharedHost(alerts: EvidenceRecord[]): string | null {
  const [first] = alerts;
  const host = first ? textOf(first, "host") : null;
  const key = first ? keyOf(first, "host") : null;
  const shared = alerts.every((a) => textsOf(a, "host").length === 1 && keyOf(a, "host") === key);
  return shared ? host : null;
}

function extentOf(
  alerts: EvidenceRecord[],
  where: string,
  range: ReturnType<typeof span>,
  host: string | null,
): { extent: string; predicates: Predicate[] } {
  const hosts = host === null ? distinctValues(alerts, "host").length : 0;
  const onHosts = hosts > 0 ? ` on ${amount(hosts, "host")}` : host === null ? "" : ` on ${host}`;
  if (!range) {
    return { extent: onHosts, predicates: hosts > 0 ? [distinctIs("host", where, hosts)] : [] };
  }
  const [first, last] = [range.first.time ?? "", range.last.time ?? ""];
  return {
    extent: `${onHosts}${periodWords(first, last)}`,
    predicates: [
      ...(hosts > 0 ? [distinctIs("host", where, hosts)] : []),
      firstSeen(where, timeValue(first)),
      lastSeen(where, timeValue(last)),
    ],
  };
}

function namelessAlert(facts: Facts, alert: EvidenceRecord): RuleClaim {
  const when = alert.time ? ` at ${timeWords(alert.time)}` : "";
  const severity = alert.severity ?? "";
  return {
    family: "alert",
    section: "what",
    kind: "observation",
    polarity: "affirmed",
    front: false,
    text: `An alert with severity ${severity}${when}.`,
    predicates: [
      fieldIs([alert], "severity", severity),
      ...(alert.time ? [fieldIs([alert], "time", timeValue(alert.time))] : []),
    ],
    citations: [{ record: alert, fields: ["severity.original", "severity", "time"] }],
    rank: rankOf(facts, 4, [alert]),
  };
}

/** Up to five records: the first and last by time, then those that come first. */
function exemplars(
  records: EvidenceRecord[],
  range: { first: EvidenceRecord; last: EvidenceRecord } | null,
): EvidenceRecord[] {
  const chosen = new Set<EvidenceRecord>();
  if (range) chosen.add(range.first).add(range.last);
  for (const record of records) {
    if (chosen.size >= CITED) break;
    chosen.add(record);
  }
  return [...chosen].toSorted((a, b) => a.position - b.position);
}
