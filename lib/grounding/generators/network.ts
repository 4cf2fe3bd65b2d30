import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { distinctValues, whereAll, whereKnown } from "../query.ts";
import {
  countIs,
  distinctIs,
  durationIs,
  firstSeen,
  lastSeen,
  type RuleClaim,
  sumIs,
} from "./draft.ts";
import {
  byTime,
  type Facts,
  groupByFields,
  has,
  rankOf,
  secondsBetween,
  type ValueGroup,
} from "./facts.ts";
import { cite } from "./overview.ts";
import { amount, durationWords, periodWords, timeValue } from "./words.ts";

const FLOW: FieldName[] = ["source.ip", "destination.ip", "destination.port"];
const MAX_FLOWS = 5;
const MAX_RANKED = 3;
const MAX_BEACONS = 3;
const MIN_BEACON = 6;
const LOOPBACK = /^(127\.|::1$|fe80:|169\.254\.|ff0|224\.|239\.|255\.)/i;

/** 4: the addresses that most records name as their source, each with how many do. */
export function writeTopSource(facts: Facts): RuleClaim[] {
  const groups = [...groupByFields(facts.records, ["source.ip"]).values()].toSorted(bySize);
  const ranking = groups.slice(0, MAX_RANKED).flatMap(({ values: [ip], records }) => {
    return ip ? [{ ip, records }] : [];
  });
  const [top, ...next] = ranking;
  if (!top || top.records.length < 2 || next.length === 0) return [];
  const known = whereKnown("source.ip");
  const addresses = distinctValues(facts.records, "source.ip").length;
  const others = next.map(
    ({ ip, records }) => `${amount(records.length, "record names", "records name")} ${ip}`,
  );
  return [
    {
      family: "top_source",
      section: "where",
      kind: "count",
      polarity: "affirmed",
      front: false,
      text:
        `${top.records.length} records name ${top.ip} as source address, ${others.join(" and ")}; ` +
        `${addresses} source addresses appear in this data.`,
      predicates: [
        ...ranking.map(({ ip, records }) => countIs(has("source.ip", ip), records.length)),
        distinctIs("source.ip", known, addresses),
      ],
      citations: ranking.flatMap(({ ip, records }) => cite(records.slice(0, 1), ["source.ip"], ip)),
      rank: rankOf(facts, 3, top.records),
    },
  ];
}

/** 9: from where to where, how often, and how many bytes went out. */
export function writeFlows(facts: Facts): RuleClaim[] {
  return flows(facts)
    .slice(0, MAX_FLOWS)
    .map(({ records, where, words, to }) => {
      const bytes = bytesOut(records);
      const sum = bytes === null ? "" : `, ${bytes} bytes out in total`;
      const [one] = records;
      return {
        family: "network" as const,
        section: "where" as const,
        kind: "count" as const,
        polarity: "affirmed" as const,
        front: false,
        text: `${amount(records.length, "connection record")} from ${words}${sum}.`,
        predicates: [
          countIs(where, records.length),
          ...(bytes === null ? [] : [sumIs("network.bytes_out", where, bytes)]),
        ],
        citations: cite(
          [one, records.at(-1)].filter(isRecord),
          ["destination.ip", "source.ip"],
          to,
        ),
        rank: rankOf(facts, bytes !== null && bytes > 10_000_000 ? 6 : 3, records),
      };
    });
}

/**
 * 10: connections that repeat at near-equal intervals (median absolute deviation under a tenth). No predicate speaks
 * of intervals, so the sentence says what is counted: how many, over what time.
 */
export function writeBeacons(facts: Facts): RuleClaim[] {
  return flows(facts)
    .filter(({ records }) => isRegular(records))
    .slice(0, MAX_BEACONS)
    .map(({ records, where, words }) => {
      const timed = records.filter((r) => r.time !== null).toSorted(byTime);
      const [one] = timed;
      const last = timed.at(-1);
      const seconds = one && last ? secondsBetween(one, last) : 0;
      return {
        family: "beacon" as const,
        section: "when" as const,
        kind: "count" as const,
        polarity: "affirmed" as const,
        front: false,
        text:
          `${records.length} connection records from ${words} over ${durationWords(seconds)}` +
          `${periodWords(one?.time ?? "", last?.time ?? "")}.`,
        predicates: [
          countIs(where, records.length),
          durationIs(where, seconds),
          firstSeen(where, timeValue(one?.time ?? "")),
          lastSeen(where, timeValue(last?.time ?? "")),
        ],
        citations: cite([one, last].filter(isRecord), ["time", "destination.ip"]),
        rank: rankOf(facts, 5, records),
      };
    });
}

type Flow = { records: EvidenceRecord[]; where: string; words: string; to: string };

const found = new WeakMap<Facts, Flow[]>();

function flows(facts: Facts): Flow[] {
  const known = found.get(facts) ?? findFlows(facts);
  found.set(facts, known);
  return known;
}

function findFlows(facts: Facts): Flow[] {
  return [...groupByFields(facts.records, FLOW).values()]
    .toSorted(bySize)
    .flatMap(({ values: [from, to, port], records }) => {
      if (!from || !to || !port || LOOPBACK.test(to) || LOOPBACK.test(from)) return [];
      const where = whereAll(
        has("source.ip", from),
        has("destination.ip", to),
        has("destination.port", port),
      );
      return [{ records, where, words: `${from} to ${to} port ${port}`, to }];
    });
}

/** The sum over all of them; null as soon as one does not say. */
function bytesOut(records: EvidenceRecord[]): number | null {
  let sum = 0;
  for (const record of records) {
    const value = record.fields["network.bytes_out"];
    if (typeof value !== "number") return null;
    sum += value;
  }
  return Number.isSafeInteger(sum) ? sum : null;
}

function isRegular(records: EvidenceRecord[]): boolean {
  const times = records
    .flatMap((r) => (r.time ? [Date.parse(r.time)] : []))
    .toSorted((a, b) => a - b);
  if (times.length < MIN_BEACON || times.length < records.length) return false;
  const gaps = times.slice(1).map((t, i) => t - (times[i] ?? t));
  const middle = median(gaps);
  const deviation = median(gaps.map((g) => Math.abs(g - middle)));
  return middle >= 5000 && deviation <= middle / 10;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function bySize(a: ValueGroup, b: ValueGroup): number {
  const first = (g: ValueGroup) => g.records[0]?.position ?? 0;
  return b.records.length - a.records.length || first(a) - first(b);
}

function isRecord(record: EvidenceRecord | undefined): record is EvidenceRecord {
  return record !== undefined;
}
