import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { distinctValues } from "../query.ts";
import { countIs, distinctIs, fieldIs, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, has, keyOf, rankOf, textOf } from "./facts.ts";
import { cite } from "./overview.ts";
import { amount, quoted, timeValue, timeWords } from "./words.ts";

const MAX_HASHES = 5;
const MAX_PERSISTENCE = 10;
const HASHES: FieldName[] = ["hash.sha256", "hash.sha1", "hash.md5"];
const RUN_KEY = /\\currentversion\\run(once)?(ex)?\\/i;

/** What a record of a known event code means, and which field names the thing. */
type Change = { codes: string[]; log?: RegExp; words: string; object: FieldName | null };

const PERSISTENCE: Change[] = [
  { codes: ["7045", "4697"], words: "a service creation", object: "service.name" },
  { codes: ["4698", "106"], words: "a scheduled task creation", object: "task.name" },
  { codes: ["4702", "140"], words: "a scheduled task update", object: "task.name" },
  { codes: ["4720"], log: /security/i, words: "an account creation", object: "target.user" },
  {
    codes: ["4728", "4732", "4756"],
    log: /security/i,
    words: "a group addition",
    object: "group.name",
  },
];

const DEFENCE: Change[] = [
  { codes: ["1102"], log: /security/i, words: "a cleared log", object: null },
  { codes: ["104"], log: /system/i, words: "a cleared log", object: null },
  { codes: ["5001", "5010", "5012"], log: /defender/i, words: "the action", object: "action" },
];

/** 11: hashes that several hosts share. */
export function writeHashes(facts: Facts): RuleClaim[] {
  const claims: RuleClaim[] = [];
  const told = new Set<string>();
  for (const field of HASHES) {
    for (const { values, records } of groupByFields(facts.records, [field]).values()) {
      const [hash] = values;
      const hosts = distinctValues(records, "host");
      const files = `${records[0]?.position}:${records.length}:${records.at(-1)?.position}`;
      if (!hash || hosts.length < 2 || told.has(files)) continue;
      told.add(files);
      claims.push({
        family: "hash",
        section: "extent",
        kind: "count",
        polarity: "affirmed",
        front: false,
        text: `The hash ${hash} appears in ${amount(records.length, "record")} on ${amount(hosts.length, "host")}.`,
        predicates: [
          countIs(has(field, hash), records.length),
          distinctIs("host", has(field, hash), hosts.length),
        ],
        citations: cite(onePerHost(records), [field], hash),
        rank: rankOf(facts, 4, records),
      });
    }
  }
  return claims.toSorted((a, b) => b.rank - a.rank).slice(0, MAX_HASHES);
}

/** 12: what makes a program or an account stay: services, tasks, run keys, accounts, groups. */
export function writePersistence(facts: Facts): RuleClaim[] {
  const changes = facts.records.flatMap((r) => changeClaim(facts, r, PERSISTENCE, "persistence"));
  const runKeys = facts.records.flatMap((r) => runKeyClaim(facts, r));
  return distinctTexts([...changes, ...runKeys]).slice(0, MAX_PERSISTENCE);
}

/** 13: logs cleared, protection switched off. */
export function writeDefence(facts: Facts): RuleClaim[] {
  const changes = facts.records.flatMap((r) => changeClaim(facts, r, DEFENCE, "defence"));
  return distinctTexts(changes).slice(0, MAX_PERSISTENCE);
}

function changeClaim(
  facts: Facts,
  record: EvidenceRecord,
  changes: Change[],
  family: "persistence" | "defence",
): RuleClaim[] {
  const code = textOf(record, "event.code");
  const change = code && changes.find((c) => c.codes.includes(code));
  if (!code || !change) return [];
  if (change.log && !change.log.test(String(record.fields.log ?? ""))) return [];
  const object = change.object && textOf(record, change.object);
  if (change.object && !object) return [];
  const host = textOf(record, "host");
  const user = textOf(record, "user");
  const command = change.object === "service.name" ? textOf(record, "service.command") : null;
  return [
    {
      family,
      section: "what",
      kind: "observation",
      polarity: "affirmed",
      front: false,
      text:
        `The log contains ${change.words}${object ? ` ${quoted(object)}` : ""} (event code ${code})` +
        (command ? ` with the command ${quoted(command)}` : "") +
        `${host ? ` on ${host}` : ""}${user ? `, by user ${user}` : ""}` +
        `${record.time ? `, at ${timeWords(record.time)}` : ""}.`,
      predicates: [
        fieldIs([record], "event.code", code),
        ...(change.object && object ? [fieldIs([record], change.object, object)] : []),
        ...(command ? [fieldIs([record], "service.command", command)] : []),
        ...(host ? [fieldIs([record], "host", host)] : []),
        ...(user ? [fieldIs([record], "user", user)] : []),
        ...(record.time ? [fieldIs([record], "time", timeValue(record.time))] : []),
      ],
      citations: cite([record], [...(change.object ? [change.object] : []), "event.code", "host"]),
      rank: rankOf(facts, 8, [record]),
    },
  ];
}

function runKeyClaim(facts: Facts, record: EvidenceRecord): RuleClaim[] {
  const key = textOf(record, "registry.key");
  if (!key || !RUN_KEY.test(key)) return [];
  const host = textOf(record, "host");
  const value = textOf(record, "registry.value");
  return [
    {
      family: "persistence",
      section: "what",
      kind: "observation",
      polarity: "affirmed",
      front: false,
      text:
        `The log contains the registry key ${quoted(key)}${value ? ` with the value ${quoted(value)}` : ""}` +
        `${host ? ` on ${host}` : ""}${record.time ? ` at ${timeWords(record.time)}` : ""}.`,
      predicates: [
        fieldIs([record], "registry.key", key),
        ...(value ? [fieldIs([record], "registry.value", value)] : []),
        ...(host ? [fieldIs([record], "host", host)] : []),
        ...(record.time ? [fieldIs([record], "time", timeValue(record.time))] : []),
      ],
      citations: cite([record], ["registry.key", "registry.value"]),
      rank: rankOf(facts, 7, [record]),
    },
  ];
}

function onePerHost(records: EvidenceRecord[]): EvidenceRecord[] {
  const hosts = new Set<string>();
  const chosen: EvidenceRecord[] = [];
  for (const record of records) {
    const host = keyOf(record, "host") ?? "";
    if (hosts.has(host)) continue;
    hosts.add(host);
    chosen.push(record);
    if (chosen.length === 5) break;
  }
  return chosen;
}

function distinctTexts(claims: RuleClaim[]): RuleClaim[] {
  const seen = new Set<string>();
  return claims
    .toSorted((a, b) => b.rank - a.rank)
    .filter((claim) => !seen.has(claim.text) && seen.add(claim.text));
}
