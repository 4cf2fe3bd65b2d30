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

/** How often a value of an alert stands in events; what no alert has is not in it. */
type Shared = Map<FieldName, Map<string, { events: number }>>;

function tieStrengths(
  alerts: readonly EvidenceRecord[],
  events: readonly EvidenceRecord[],
): Map<EvidenceRecord, number> {
  const shared: Shared = new Map(LINK_FIELDS.map((field) => [field, new Map()]));
  for (const alert of alerts) {
    for (const field of LINK_FIELDS) {
      for (const value of fieldValues(alert.fields, field))
        shared.get(field)?.set(String(value).toLowerCase(), { events: 0 });
    }
  }
  const tiesOf = new Map(events.map((event) => [event, sharedBy(event, shared)]));
  for (const ties of tiesOf.values()) {
    for (const tie of ties) tie.events += 1;
  }
  const strengths = new Map<EvidenceRecord, number>();
  for (const [event, ties] of tiesOf)
    strengths.set(
      event,
      ties.reduce((sum, tie) => sum + 1 / tie.events, 0),
    );
  return strengths;
}

function sharedBy({ fields }: EvidenceRecord, shared: Shared): { events: number }[] {
  const ties = new Set<{ events: number }>();
  for (const [field, known] of shared) {
    const value = fields[field];
    if (value === undefined || known.size === 0) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      const tie = known.get(String(one).toLowerCase());
      if (tie) ties.add(tie);
    }
  }
  return [...ties];
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
