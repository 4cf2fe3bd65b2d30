import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { whereAll, whereKnown, whereTerm, whereUnknown } from "../query.ts";
import { type CitationRequest, countIs, fieldIs, noneMatch, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, has, isHigh, span } from "./facts.ts";
import { cite } from "./overview.ts";
import { amount, isShowable, quoted } from "./words.ts";

const MAX_HOSTS = 6;
const MAX_MISSING_ALERTS = 5;
const MAX_SILENT_SOURCES = 4;

/** A source that fell silent weighs more than a field it leaves out, less than input that was cut off. */
export const SILENCE_RANK = 6;

/** Unknown means that none of the fields has a value. */
const EXPECTED: { kind: "event" | "alert"; fields: FieldName[]; words: string }[] = [
  { kind: "event", fields: ["host"], words: "host" },
  { kind: "event", fields: ["user", "target.user"], words: "user" },
  { kind: "alert", fields: ["host"], words: "host" },
  { kind: "alert", fields: ["user", "target.user"], words: "user" },
  { kind: "alert", fields: ["severity"], words: "severity" },
];

const TELEMETRY: { kind?: "event" | "alert"; fields?: FieldName[]; words: string }[] = [
  { kind: "event", words: "event" },
  { kind: "alert", words: "alert" },
  { fields: ["process.name"], words: "process name" },
  { fields: ["process.command_line"], words: "command line" },
  { fields: ["destination.ip"], words: "destination address" },
  { fields: ["dns.question"], words: "DNS query" },
  { fields: ["hash.sha256", "hash.sha1", "hash.md5"], words: "hash" },
];

/** 20: fields the sources left out, and times that were missing or had to be assumed. */
export function writeUnknowns(facts: Facts): RuleClaim[] {
  const claims: RuleClaim[] = [];
  for (const { kind, fields, words } of EXPECTED) {
    const records = kind === "event" ? facts.events : facts.alerts;
    const without = records.filter((r) => fields.every((f) => isUnknown(r, f)));
    if (without.length === 0) continue;
    const where = whereAll(whereTerm("kind", kind), ...fields.map((f) => whereUnknown(f)));
    claims.push(
      gap({
        text: `The ${words} is unknown in ${without.length} of ${amount(records.length, kind)}.`,
        predicates: [
          countIs(where, without.length),
          countIs(whereTerm("kind", kind), records.length),
        ],
        citations: cite(without.slice(0, 2), []),
        rank: 1 + Math.round((without.length / records.length) * 100) / 100,
      }),
    );
  }
  return [...claims, ...timeClaims(facts)];
}

/** 20: whole kinds of telemetry that are not here, overall and for the hosts the alerts name. */
export function writeMissingTelemetry(facts: Facts): RuleClaim[] {
  const overall = TELEMETRY.flatMap(({ kind, fields = [], words }) => {
    const isHere = (r: EvidenceRecord) => r.kind === kind || fields.some((f) => !isUnknown(r, f));
    if (facts.records.some(isHere)) return [];
    const wheres = kind ? [whereTerm("kind", kind)] : fields.map((f) => whereKnown(f));
    return [
      gap({
        text: `No ${words} is in this data.`,
        predicates: wheres.map((where) => noneMatch(where)),
        citations: cite(extent(facts), ["time"]),
        rank: kind ? 3 : 1,
        negated: true,
      }),
    ];
  });
  return [...overall, ...hostGaps(facts), ...sourceGaps(facts)];
}

/** 20: alerts that a source incident lists and that were not sent to us. */
export function writeMissingAlerts(facts: Facts): RuleClaim[] {
  const present = new Set(facts.records.flatMap((r) => [r.recordId ?? "", r.id]));
  const claims: RuleClaim[] = [];
  for (const incident of facts.incidents) {
    for (const id of incident.alertIds ?? []) {
      if (present.has(id) || claims.length >= MAX_MISSING_ALERTS || !/^[\w.:-]{4,100}$/.test(id))
        continue;
      claims.push(
        gap({
          text: `No record here has the id ${quoted(id)}, which the source incident lists.`,
          predicates: [noneMatch(whereTerm("id", id)), fieldIs([incident], "kind", "incident")],
          citations: cite([incident], [], id),
          rank: 3,
          negated: true,
        }),
      );
    }
  }
  return claims;
}

/** 20: the input was cut off, so counts are lower bounds. */
export function writeCapped(facts: Facts): RuleClaim[] {
  if (!facts.capped) return [];
  return [
    gap({
      text: `The input was capped: this summary read at least ${amount(facts.records.length, "record")}.`,
      predicates: [countIs("", facts.records.length, "gte")],
      citations: cite(extent(facts), ["time"]),
      rank: 9,
    }),
  ];
}

export function gap(parts: {
  text: string;
  predicates: RuleClaim["predicates"];
  citations: CitationRequest[];
  rank: number;
  negated?: boolean;
}): RuleClaim {
  return {
    family: "gap",
    section: "gaps",
    kind: "gap",
    polarity: parts.negated ? "negated" : "affirmed",
    text: parts.text,
    predicates: parts.predicates,
    citations: parts.citations,
    rank: parts.rank,
    front: false,
  };
}

function timeClaims(facts: Facts): RuleClaim[] {
  const total = amount(facts.records.length, "record");
  const claims: RuleClaim[] = [];
  const timeless = facts.records.filter((r) => r.time === null);
  if (timeless.length > 0) {
    claims.push(
      gap({
        text: `The time is unknown in ${timeless.length} of ${total}.`,
        predicates: [
          countIs(whereUnknown("time"), timeless.length),
          countIs("", facts.records.length),
        ],
        citations: cite(timeless.slice(0, 2), []),
        rank: 4,
      }),
    );
  }
  for (const [quality, words] of [
    ["assumed_utc", "time zone is unknown and read as UTC"],
    ["assumed_year", "year of the time is unknown and read from the date of receipt"],
  ] as const) {
    const records = facts.records.filter((r) => r.timeQuality === quality);
    if (records.length === 0) continue;
    claims.push(
      gap({
        text: `In ${records.length} of ${total} the ${words}.`,
        predicates: [
          countIs(whereTerm("time.quality", quality), records.length),
          countIs("", facts.records.length),
        ],
        citations: cite(records.slice(0, 1), ["time"]),
        rank: 3,
      }),
    );
  }
  return claims;
}

function hostGaps(facts: Facts): RuleClaim[] {
  if (facts.events.length === 0) return [];
  const eventHosts = groupByFields(facts.events, ["host"]);
  const alertHosts = groupByFields(facts.alerts, ["host"]);
  const claims: RuleClaim[] = [];
  for (const [key, { values, records: alerts }] of alertHosts) {
    const [alert] = alerts;
    const [host] = values;
    if (!alert || !host || claims.length >= MAX_HOSTS) continue;
    const events = eventHosts.get(key)?.records;
    const anyProcess = events?.some((r) => r.fields["process.name"] !== undefined);
    if (events && anyProcess) continue;
    const event = whereAll(whereTerm("kind", "event"), has("host", host));
    claims.push(
      gap({
        text: events
          ? `No event with a process name from the host ${host} is in this data.`
          : `No event from the host ${host} is in this data.`,
        predicates: [noneMatch(events ? whereAll(event, whereKnown("process.name")) : event)],
        citations: cite([alert], ["host"]),
        rank: isHigh(alert.severity) ? 4 : 2,
        negated: true,
      }),
    );
  }
  return claims;
}

/** Sources that are connected and fell silent. */
function sourceGaps(facts: Facts): RuleClaim[] {
  const present = new Set(facts.records.map((r) => r.sourceName.toLowerCase()));
  return facts.sources
    .filter(({ name }) => isShowable(name) && !present.has(name.toLowerCase()))
    .slice(0, MAX_SILENT_SOURCES)
    .map(({ name }) =>
      gap({
        text: `No record from the source ${quoted(name)} is in this data.`,
        predicates: [noneMatch(whereTerm("source", name))],
        citations: cite(extent(facts), ["time"]),
        rank: SILENCE_RANK,
        negated: true,
      }),
    );
}

/** The first and last record by time: what was looked through. */
function extent(facts: Facts): EvidenceRecord[] {
  const range = span(facts.records);
  if (!range) return facts.records.slice(0, 1);
  return range.first === range.last ? [range.first] : [range.first, range.last];
}

function isUnknown(record: EvidenceRecord, field: FieldName): boolean {
  if (field === "severity" && record.severity !== null) return false;
  const value = record.fields[field];
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
