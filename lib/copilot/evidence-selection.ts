import { fieldValues, type FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { SEVERITY_RANK } from "#lib/domain/incident/severity.ts";

/** Fields whose equal values tie an event to an alert. */
const LINK_FIELDS: readonly FieldName[] = [
  "host",
  "user",
  "target.user",
  "source.ip",
  "destination.ip",
  "destination.host",
  "dns.question",
  "url.domain",
  "process.name",
  "process.guid",
  "parent.guid",
  "file.path",
  "hash.sha256",
  "hash.sha1",
  "hash.md5",
  "logon.id",
  "cloud.resource",
  "email.from",
];

/**
 * The records in the order in which they deserve a model's attention: alerts by severity, then events that share
 * values with alerts (the rarer the value, the stronger the tie), then the rest spread evenly over the incident.
 */
export function rankEvidence(records: readonly EvidenceRecord[]): EvidenceRecord[] {
  const alerts = records.filter((record) => record.kind !== "event");
  const events = records.filter((record) => record.kind === "event");
  const ties = tieStrengths(alerts, events);
  const [tied, rest] = partition(events, (event) => (ties.get(event) ?? 0) > 0);
  return [
    ...alerts.toSorted((a, b) => severityOf(b) - severityOf(a) || a.position - b.position),
    ...tied.toSorted((a, b) => (ties.get(b) ?? 0) - (ties.get(a) ?? 0) || a.position - b.position),
    ...spread(rest),
  ];
}

function tieStrengths(
  alerts: readonly EvidenceRecord[],
  events: readonly EvidenceRecord[],
): Map<EvidenceRecord, number> {
  const known = new Set(alerts.flatMap(linkKeys));
  const keysOf = new Map(
    events.map((event) => [event, linkKeys(event).filter((key) => known.has(key))]),
  );
  const frequency = new Map<string, number>();
  for (const keys of keysOf.values()) {
    for (const key of keys) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  }
  const strengths = new Map<EvidenceRecord, number>();
  for (const [event, keys] of keysOf) {
    strengths.set(
      event,
      keys.reduce((sum, key) => sum + 1 / (frequency.get(key) ?? 1), 0),
    );
  }
  return strengths;
}

function linkKeys(record: EvidenceRecord): string[] {
  const keys = new Set<string>();
  for (const field of LINK_FIELDS) {
    for (const value of fieldValues(record.fields, field))
      keys.add(`${field}:${String(value).toLowerCase()}`);
  }
  return [...keys];
}

/** Ends first, then middles: any prefix of the result is spread evenly over the whole. */
function spread<T>(items: readonly T[]): T[] {
  const order: T[] = [];
  const ranges: [number, number][] = [[0, items.length]];
  for (let at = 0; at < ranges.length; at++) {
    const [from, to] = ranges[at] ?? [0, 0];
    if (from >= to) continue;
    const middle = Math.floor((from + to) / 2);
    const item = items[middle];
    if (item !== undefined) order.push(item);
    ranges.push([from, middle], [middle + 1, to]);
  }
  return order;
}

function severityOf(record: EvidenceRecord): number {
  return record.severity ? SEVERITY_RANK[record.severity] : 0;
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (holds(item) ? yes : no).push(item);
  return [yes, no];
}
