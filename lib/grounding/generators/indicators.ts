import { FIELD_TRUST, type FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import ipaddr from "ipaddr.js";
import { countIs, firstSeen, lastSeen, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, has, rankOf, span, type ValueGroup } from "./facts.ts";
import { cite } from "./overview.ts";
import { amount, FIELD_NOUNS, periodWords, quoted, timeValue } from "./words.ts";

const PER_TYPE = 6;
const INNER_RANGES = new Set([
  "private",
  "loopback",
  "linkLocal",
  "uniqueLocal",
  "multicast",
  "broadcast",
  "unspecified",
  "carrierGradeNat",
]);
/** Told among all facts only: the front says what happened to them. */
const ASIDE_RANK = 1;
type Told = keyof typeof FIELD_NOUNS;
const OWN: Told[] = ["host", "user"];
const TYPES: Told[] = [
  "destination.ip",
  "source.ip",
  "url.domain",
  "dns.question",
  "url.full",
  "hash.sha256",
  "email.from",
];

/** 19: values an analyst would look up elsewhere, and whose they are, with how often and from when to when. */
export function writeIndicators(facts: Facts): RuleClaim[] {
  const outer = TYPES.flatMap((type) => most(facts, type));
  const own = OWN.flatMap((type) => most(facts, type));
  return [...outer, ...own.map((claim) => ({ ...claim, rank: ASIDE_RANK }))];
}

function most(facts: Facts, field: Told): RuleClaim[] {
  return [...groupByFields(facts.records, [field]).values()]
    .filter(({ values }) => isWorthAsking(field, values[0] ?? ""))
    .toSorted((a, b) => b.records.length - a.records.length || position(a) - position(b))
    .slice(0, PER_TYPE)
    .map(({ values, records }) => indicator(facts, field, values[0] ?? "", records));
}

function indicator(facts: Facts, field: Told, value: string, records: EvidenceRecord[]): RuleClaim {
  const where = has(field, value);
  const range = span(records);
  const tainted = FIELD_TRUST[field] === "attacker";
  const period = range ? periodWords(range.first.time ?? "", range.last.time ?? "") : "";
  return {
    family: "indicator",
    section: "where",
    kind: "count",
    polarity: "affirmed",
    front: false,
    text: `The log contains ${FIELD_NOUNS[field]} ${tainted ? quoted(value) : value} in ${amount(records.length, "record")}${period}.`,
    predicates: [
      countIs(where, records.length),
      ...(range
        ? [
            firstSeen(where, timeValue(range.first.time ?? "")),
            lastSeen(where, timeValue(range.last.time ?? "")),
          ]
        : []),
    ],
    citations: cite(range ? ends(range) : records.slice(0, 2), [field], value),
    rank: rankOf(facts, 1, records),
  };
}

function isWorthAsking(field: FieldName, value: string): boolean {
  if (field === "destination.ip" || field === "source.ip") return isPublic(value);
  return true;
}

/** Documentation ranges count as public: exercises and demonstrations use them. */
function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && !INNER_RANGES.has(ipaddr.process(address).range());
}

function ends(range: { first: EvidenceRecord; last: EvidenceRecord }): EvidenceRecord[] {
  return range.first === range.last ? [range.first] : [range.first, range.last];
}

function position({ records }: ValueGroup): number {
  return records[0]?.position ?? 0;
}
