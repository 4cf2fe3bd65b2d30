import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { whereAll } from "../query.ts";
import { countIs, durationIs, fieldIs, inOrder, lastSeen, type RuleClaim } from "./draft.ts";
import { byTime, combinations, type Facts, has, rankOf, secondsBetween, textOf } from "./facts.ts";
import { cite } from "./overview.ts";
import { durationWords, shown, timeValue, timeWords } from "./words.ts";

const MIN_BURST = 3;
const MAX_CLAIMS = 6;
const AUTHENTICATION = has("event.class", "authentication");
/** Windows' own codes for a logon and for a failed one. */
const WINDOWS = new Map(["4624", "4625"].map((code) => [code, has("event.code", code)]));
const CITED_FIELDS: FieldName[] = ["target.user", "user", "source.ip", "event.code", "host"];

type Logon = {
  record: EvidenceRecord;
  mark: string;
  account: "target.user" | "user";
  key: string;
  user: string;
  ip: string;
};
type Burst = { logons: Logon[]; where: string; user: string; ip: string };

/** 5: several failed logons of one account from one address, and over what time. */
export function writeLogonBursts(facts: Facts): RuleClaim[] {
  return bursts(facts).map(({ logons, where, user, ip }) => {
    const records = logons.map((l) => l.record);
    const timed = records.filter((r) => r.time !== null).toSorted(byTime);
    const [first] = timed;
    const last = timed.at(-1);
    const seconds = first && last ? secondsBetween(first, last) : 0;
    const within = first && last ? ` within ${durationWords(seconds)}` : "";
    return {
      family: "logon_burst",
      section: "who",
      kind: "count",
      polarity: "affirmed",
      front: false,
      text: `The log contains ${records.length} failed logons for ${user} from ${ip}${within}.`,
      predicates: [
        countIs(where, records.length),
        ...(first && last ? [durationIs(where, seconds)] : []),
      ],
      citations: cite(first && last ? [first, last] : records.slice(0, 2), CITED_FIELDS),
      rank: rankOf(facts, 7 + Math.min(3, Math.log10(records.length)), records),
    };
  });
}

/** 6: the first successful logon of the same account from the same address after the last failure. */
export function writeLogonSuccess(facts: Facts): RuleClaim[] {
  const successes = new Map<string, EvidenceRecord[]>();
  for (const record of facts.timed.filter((r) => outcomeOf(r) === "success")) {
    for (const { key } of logonsOf(record)) {
      const known = successes.get(key);
      if (known) known.push(record);
      else successes.set(key, [record]);
    }
  }
  return bursts(facts).flatMap(({ logons, where, user, ip }) => {
    const [sample] = logons;
    const failed = logons
      .map((l) => l.record)
      .filter((r) => r.time !== null)
      .toSorted(byTime)
      .at(-1);
    const success = failed && sample && successes.get(sample.key)?.find((r) => isAfter(failed, r));
    if (!failed?.time || !success?.time || !sample) return [];
    const seconds = secondsBetween(failed, success);
    const pair = [failed, success];
    return [
      {
        family: "logon_success" as const,
        section: "who" as const,
        kind: "sequence" as const,
        polarity: "affirmed" as const,
        front: false,
        text:
          `The log contains a successful logon for ${user} from ${ip} at ${timeWords(success.time)}, ` +
          `${durationWords(seconds)} after the last failed logon.`,
        predicates: [
          inOrder(pair, Math.ceil(msBetween(failed, success) / 1000)),
          fieldIs([success], "outcome", "success"),
          fieldIs([failed], "outcome", "failure"),
          fieldIs(pair, sample.account, user),
          fieldIs(pair, "source.ip", ip),
          fieldIs([success], "time", timeValue(success.time)),
          lastSeen(where, timeValue(failed.time)),
        ],
        citations: cite(pair, CITED_FIELDS),
        rank: rankOf(facts, 9, pair),
      },
    ];
  });
}

const found = new WeakMap<Facts, Burst[]>();

function bursts(facts: Facts): Burst[] {
  const known = found.get(facts) ?? findBursts(facts);
  found.set(facts, known);
  return known;
}

function findBursts(facts: Facts): Burst[] {
  const groups = new Map<string, Logon[]>();
  for (const record of facts.records) {
    for (const logon of outcomeOf(record) === "failure" ? logonsOf(record) : []) {
      const key = `${logon.key}\u0000${logon.mark}`;
      const group = groups.get(key);
      if (group) group.push(logon);
      else groups.set(key, [logon]);
    }
  }
  return [...groups.values()]
    .filter((logons) => logons.length >= MIN_BURST)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, MAX_CLAIMS)
    .flatMap((logons) => {
      const [first] = logons;
      if (!first || shown(first.user) !== first.user) return [];
      const { user, ip } = first;
      const where = whereAll(
        first.mark,
        has("outcome", "failure"),
        has(first.account, user),
        has("source.ip", ip),
      );
      return reachesFurther(facts, first, logons.length) ? [] : [{ logons, where, user, ip }];
    });
}

/**
 * A group by class is a query by class, which finds Windows' records of the same account too: then
 * the sentence would count fewer than its query, and the group by Windows' code tells it anyway.
 */
function reachesFurther(facts: Facts, sample: Logon, count: number): boolean {
  if (sample.mark !== AUTHENTICATION) return false;
  const reached = facts.records.filter(
    (record) =>
      outcomeOf(record) === "failure" &&
      textOf(record, "event.class") === "authentication" &&
      [...combinations(record, [sample.account, "source.ip"])].some(
        ([key]) => `${sample.account}${key}` === sample.key,
      ),
  );
  return reached.length !== count;
}

/** The logons a record tells of: one, unless it lists several accounts or addresses. */
function logonsOf(record: EvidenceRecord): Logon[] {
  const mark = logonMark(record);
  if (!mark) return [];
  const account = textOf(record, "target.user") ? "target.user" : "user";
  return [...combinations(record, [account, "source.ip"])].map(([key, [user = "", ip = ""]]) => ({
    record,
    mark,
    account,
    key: `${account}${key}`,
    user,
    ip,
  }));
}

/** What makes a record a logon: Windows' own code for it, elsewhere its class. */
function logonMark(record: EvidenceRecord): string | null {
  const code = textOf(record, "event.code");
  const windows = code && WINDOWS.get(code);
  if (windows) return windows;
  if (
    record.format === "windows-event" ||
    /log ?_?off|sign ?_?out/i.test(textOf(record, "action") ?? "")
  ) {
    return null;
  }
  return textOf(record, "event.class") === "authentication" ? AUTHENTICATION : null;
}

/** Later by the same clock. */
function isAfter(failed: EvidenceRecord, success: EvidenceRecord): boolean {
  const sameClock =
    failed.sourceId === success.sourceId && failed.timeQuality === success.timeQuality;
  return sameClock && (success.time ?? "") > (failed.time ?? "");
}

function outcomeOf(record: EvidenceRecord): string | null {
  return textOf(record, "outcome");
}

function msBetween(a: EvidenceRecord, b: EvidenceRecord): number {
  return Date.parse(b.time ?? "") - Date.parse(a.time ?? "");
}
