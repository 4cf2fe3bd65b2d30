import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { fieldHas } from "../query.ts";
import { fieldIs, type RuleClaim } from "./draft.ts";
import { byTime, type Facts, groupByFields, keyOf, rankOf, textOf } from "./facts.ts";
import { cite } from "./overview.ts";
import { quoted } from "./words.ts";

const MAX_CLAIMS = 5;
/** Two sources speak of the same thing when they do so within this time. */
const SAME_MS = 5 * 60_000;

/** What makes two records the same thing, and the field in which they then must not differ. */
const RULES: { same: FieldName[]; differ: FieldName; words: string }[] = [
  { same: ["host", "process.pid", "process.name"], differ: "user", words: "the user" },
  {
    same: ["source.ip", "source.port", "destination.ip", "destination.port"],
    differ: "outcome",
    words: "the outcome",
  },
  { same: ["host", "hash.sha256"], differ: "outcome", words: "the outcome" },
  { same: ["host", "file.path"], differ: "outcome", words: "the outcome" },
  { same: ["host", "process.command_line"], differ: "user", words: "the user" },
  { same: ["source.ip", "url.full"], differ: "outcome", words: "the outcome" },
  { same: ["user.email", "source.ip"], differ: "outcome", words: "the outcome" },
];

const FIELD_WORDS: Partial<Record<FieldName, string>> = {
  host: "host",
  "process.pid": "PID",
  "process.name": "process",
  "source.ip": "source address",
  "source.port": "source port",
  "destination.ip": "destination address",
  "destination.port": "destination port",
  "hash.sha256": "hash",
  "file.path": "file",
  "process.command_line": "command line",
  "url.full": "URL",
  "user.email": "account",
};

/** 21: two sources say different things about the same event. Both are cited, neither is believed. */
export function writeContradictions(facts: Facts): RuleClaim[] {
  const names = new Set(facts.records.map((r) => r.sourceName));
  if (names.size < 2) return [];
  const claims: RuleClaim[] = [];
  for (const rule of RULES) {
    const records = facts.records.filter((r) => r.fields[rule.differ] !== undefined);
    for (const group of groupByFields(records, rule.same).values()) {
      if (claims.length >= MAX_CLAIMS) return claims;
      const pair = differing(group.records, rule.differ);
      if (pair) claims.push(contradiction(facts, rule, pair, group.values));
    }
  }
  return claims;
}

type Pair = [EvidenceRecord, EvidenceRecord];

function contradiction(
  facts: Facts,
  rule: (typeof RULES)[number],
  pair: Pair,
  values: string[],
): RuleClaim {
  const [a, b] = pair;
  const things = rule.same.map((field, at) => ({ field, value: values[at] ?? "" }));
  const words = things.map(
    ({ field, value }) => `${FIELD_WORDS[field] ?? field} ${inWords(field, value)}`,
  );
  const says = pair.map(
    (r) =>
      `rom the source ${quoted(r.sourceName)} the log contains ${rule.words} ${textOf(r, rule.differ) ?? ""}`,
  );
  return {
    family: "contradiction",
    section: "gaps",
    kind: "observation",
    polarity: "affirmed",
    front: false,
    text: `F${says[0]} for ${words.join(", ")}; f${says[1]} for ${words.join(", ")}.`,
    predicates: [
      ...things.map(({ field, value }) => fieldIs(pair, field, value)),
      fieldIs([a], "source", a.sourceName),
      fieldIs([b], "source", b.sourceName),
      fieldIs([a], rule.differ, textOf(a, rule.differ) ?? ""),
      fieldIs([b], rule.differ, textOf(b, rule.differ) ?? ""),
    ],
    citations: [
      ...cite([a], [rule.differ, ...rule.same]),
      ...cite([b], [rule.differ, ...rule.same]),
    ],
    rank: rankOf(facts, 9, pair),
  };
}

/** The first two records of different sources, close in time, whose values certainly differ. */
function differing(records: EvidenceRecord[], field: FieldName): Pair | null {
  const firstOf = new Map<string, EvidenceRecord>();
  for (const record of records.toSorted(byTime)) {
    if (record.time === null || keyOf(record, field) === null) continue;
    for (const [source, other] of firstOf) {
      if (source === record.sourceName || !isNear(other, record)) continue;
      if (
        fieldHas(record, field, textOf(other, field) ?? "") === false &&
        differ(other, record, field)
      ) {
        return [other, record];
      }
    }
    firstOf.set(record.sourceName, record);
  }
  return null;
}

function differ(a: EvidenceRecord, b: EvidenceRecord, field: FieldName): boolean {
  if (field !== "outcome") return true;
  const [x, y] = [isStopped(a), isStopped(b)];
  return x !== null && y !== null && x !== y;
}

/** "blocked" and "failure" against "allowed" and "success"; "detected" takes no side. */
function isStopped(record: EvidenceRecord): boolean | null {
  const outcome = textOf(record, "outcome");
  if (outcome === "blocked" || outcome === "failure") return true;
  return outcome === "allowed" || outcome === "success" ? false : null;
}

function isNear(a: EvidenceRecord, b: EvidenceRecord): boolean {
  return Math.abs(Date.parse(a.time ?? "") - Date.parse(b.time ?? "")) <= SAME_MS;
}

function inWords(field: FieldName, value: string): string {
  return ["file.path", "process.command_line", "url.full"].includes(field) ? quoted(value) : value;
}
