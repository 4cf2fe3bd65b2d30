import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { findGaps } from "#lib/domain/evidence/source-health.ts";
import { whereAll, whereKnown, whereTerm } from "../query.ts";
import { firstSeen, lastSeen, noneMatch, type RuleClaim } from "./draft.ts";
import { byTime, type Facts, groupBy, groupByFields, has, keyOf } from "./facts.ts";
import { gap, SILENCE_RANK } from "./gaps.ts";
import { cite } from "./overview.ts";
import { quoted, timeValue, timeWords } from "./words.ts";

const HOUR = 3_600_000;
const MAX_CLAIMS = 4;
const MAX_SOURCES = 12;

/** 20: sources that stopped before the others, or told of nothing for long. */
export function writeSilences(facts: Facts): RuleClaim[] {
  const sources = bySource(facts);
  const latest = facts.timed.at(-1);
  if (sources.size === 0 || !latest?.time) return [];
  const claims: RuleClaim[] = [];
  for (const [name, records] of sources) {
    const last = records.at(-1);
    if (last?.time && Date.parse(latest.time) - Date.parse(last.time) > HOUR) {
      claims.push(
        gap({
          text:
            `The last record from the source ${quoted(name)} is at ${timeWords(last.time)}; ` +
            `the last record in this data is at ${timeWords(latest.time)}.`,
          predicates: [
            lastSeen(whereTerm("source", name), timeValue(last.time)),
            lastSeen("", timeValue(latest.time)),
          ],
          citations: cite([last, latest], ["time"]),
          rank: 4,
        }),
      );
    }
    claims.push(...pause(name, records));
  }
  return claims.slice(0, MAX_CLAIMS);
}

/** 20: sources about the same hosts whose stretches of time do not overlap: their clocks may differ. */
export function writeClocks(facts: Facts): RuleClaim[] {
  const sources = [...bySource(facts)]
    .slice(0, MAX_SOURCES)
    .map(([name, records]): Clock => ({ name, records, entities: entitiesOf(records) }));
  const claims: RuleClaim[] = [];
  for (let i = 0; i < sources.length; i++) {
    for (let j = i + 1; j < sources.length; j++) {
      const [a, b] = [sources[i], sources[j]];
      if (a && b) claims.push(...apart(a, b));
    }
  }
  return claims.slice(0, MAX_CLAIMS);
}

type SourceRecords = [name: string, records: EvidenceRecord[]];

type Clock = { name: string; records: EvidenceRecord[]; entities: Set<string> };

function apart(a: Clock, b: Clock): RuleClaim[] {
  const [nameA, nameB] = [a.name, b.name];
  const ends = [a.records[0], a.records.at(-1), b.records[0], b.records.at(-1)];
  const [fromA, toA, fromB, toB] = ends.map((r) => r?.time ?? "");
  if (!fromA || !toA || !fromB || !toB) return [];
  const distance = Math.max(
    Date.parse(fromB) - Date.parse(toA),
    Date.parse(fromA) - Date.parse(toB),
  );
  if (distance < HOUR || a.entities.isDisjointFrom(b.entities)) return [];
  return [
    gap({
      text:
        `Records from the source ${quoted(nameA)} are from ${timeWords(fromA)} to ${timeWords(toA)}; ` +
        `records from the source ${quoted(nameB)} are from ${timeWords(fromB)} to ${timeWords(toB)}.`,
      predicates: [
        firstSeen(whereTerm("source", nameA), timeValue(fromA)),
        lastSeen(whereTerm("source", nameA), timeValue(toA)),
        firstSeen(whereTerm("source", nameB), timeValue(fromB)),
        lastSeen(whereTerm("source", nameB), timeValue(toB)),
      ],
      citations: cite([...new Set(ends.flatMap((r) => r ?? []))], ["time"]),
      rank: 5,
    }),
  ];
}

/** The longest gap of a source, by the one definition of a gap. */
function pause(name: string, records: EvidenceRecord[]): RuleClaim[] {
  return stretch(records, {
    text: `No record from the source ${quoted(name)}`,
    where: whereTerm("source", name),
    rank: SILENCE_RANK - 1,
  });
}

/** 20: hosts that high alerts name and that told of nothing for long. */
export function writeHostPauses(facts: Facts): RuleClaim[] {
  const central = [...facts.central].flatMap((key) => /^host:(.*)$/s.exec(key)?.[1] ?? []);
  if (central.length === 0) return [];
  const events = groupByFields(
    facts.timed.filter((record) => record.kind === "event"),
    ["host"],
  );
  const claims: RuleClaim[] = [];
  for (const host of new Set(central)) {
    const { values: [name] = [], records = [] } = events.get(`\u0000${host}`) ?? {};
    if (!name || claims.length >= MAX_CLAIMS) continue;
    const where = whereAll(whereTerm("kind", "event"), has("host", name));
    claims.push(...stretch(records, { text: `No event from the host ${name}`, where, rank: 4 }));
  }
  return claims;
}

type Said = { text: string; where: string; rank: number };

/** Whole seconds inside the longest gap, so that no record at its ends is meant. */
function stretch(records: EvidenceRecord[], { text, where, rank }: Said): RuleClaim[] {
  const timed = records.filter((r) => r.time !== null);
  const [gapFound] = findGaps(timed.map((r) => r.time ?? ""));
  if (!gapFound) return [];
  const before = timed.findLast((r) => r.time === gapFound.from);
  const after = timed.find((r) => r.time === gapFound.to);
  if (!before || !after) return [];
  const from = secondAt(Date.parse(gapFound.from), 1);
  const to = secondAt(Date.parse(gapFound.to), -1);
  return [
    gap({
      text: `${text} is between ${timeWords(from)} and ${timeWords(to)}.`,
      predicates: [
        noneMatch(
          whereAll(
            where,
            whereKnown("time"),
            whereTerm("time", timeValue(from), "gte"),
            whereTerm("time", timeValue(to), "lte"),
          ),
        ),
      ],
      citations: cite([before, after], ["time"]),
      rank,
      negated: true,
    }),
  ];
}

function secondAt(ms: number, more: number): string {
  return new Date((Math.floor(ms / 1000) + more) * 1000).toISOString();
}

function bySource(facts: Facts): Map<string, EvidenceRecord[]> {
  const sources = groupBy(facts.timed, (r) => r.sourceName.toLowerCase());
  return new Map(
    [...sources.values()].flatMap((records): SourceRecords[] => {
      const [first] = records;
      return first ? [[first.sourceName, records.toSorted(byTime)]] : [];
    }),
  );
}

function entitiesOf(records: EvidenceRecord[]): Set<string> {
  const entities = new Set<string>();
  for (const record of records) {
    const host = keyOf(record, "host");
    if (host !== null) entities.add(`host:${host}`);
    for (const field of ["host.ip", "source.ip", "destination.ip"] as const) {
      const ip = keyOf(record, field);
      if (ip !== null) entities.add(`ip:${ip}`);
    }
  }
  return entities;
}
