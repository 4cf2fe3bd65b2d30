import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { distinctValues, whereAll } from "../query.ts";
import { distinctIs, firstSeen, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, has, rankOf, type ValueGroup } from "./facts.ts";
import { cite } from "./overview.ts";
import { timeValue, timeWords } from "./words.ts";

const MAX_SPREAD = 4;
const MAX_NEW_HOSTS = 5;
/** Accounts of the system itself are everywhere and say nothing. */
const SYSTEM =
  /(\$|^(system|local service|network service|anonymous logon|dwm-\d+|umfd-\d+|root))$/i;

/** 14: a user's first record on a host, when that user was on another host before. */
export function writeNewHosts(facts: Facts): RuleClaim[] {
  const claims: RuleClaim[] = [];
  for (const { values, records } of usersOf(facts.timed)) {
    const hosts = [...groupByFields(records, ["host"]).values()].slice(1, 4);
    for (const host of hosts) {
      claims.push(...newHost(facts, values[0] ?? "", host.values[0] ?? "", host.records[0]));
    }
  }
  return claims.toSorted((a, b) => b.rank - a.rank).slice(0, MAX_NEW_HOSTS);
}

/** 15: users that appear on more than one host. */
export function writeHostSpread(facts: Facts): RuleClaim[] {
  const claims: RuleClaim[] = [];
  for (const { values, records } of usersOf(facts.records)) {
    const [user] = values;
    if (!user || !onSeveral(records)) continue;
    const hosts = distinctValues(records, "host");
    if (hosts.length < 2) continue;
    claims.push({
      family: "host_spread",
      section: "who",
      kind: "count",
      polarity: "affirmed",
      front: false,
      text: `The user ${user} appears on ${hosts.length} hosts in this data.`,
      predicates: [distinctIs("host", has("user", user), hosts.length)],
      citations: cite(onePerHost(records), ["user", "host"], user),
      rank: rankOf(facts, 5, records),
    });
  }
  return claims.toSorted((a, b) => b.rank - a.rank).slice(0, MAX_SPREAD);
}

function newHost(
  facts: Facts,
  user: string,
  host: string,
  record: EvidenceRecord | undefined,
): RuleClaim[] {
  if (!record?.time) return [];
  const where = whereAll(has("user", user), has("host", host));
  return [
    {
      family: "new_host",
      section: "who",
      kind: "sequence",
      polarity: "affirmed",
      front: false,
      text: `In this data the user ${user} first appears on ${host} at ${timeWords(record.time)}.`,
      predicates: [firstSeen(where, timeValue(record.time))],
      citations: cite([record], ["user", "host", "time"], user),
      rank: rankOf(facts, 3, [record]),
    },
  ];
}

/** Whether the host is not always spelled the same: most users have one, and need no closer look. */
function onSeveral(records: EvidenceRecord[]): boolean {
  const [first] = records;
  const host = first?.fields.host;
  return Array.isArray(host) || records.some((record) => record.fields.host !== host);
}

/** Records by user, in the given order; accounts of the system itself left out. */
function usersOf(records: EvidenceRecord[]): ValueGroup[] {
  return [...groupByFields(records, ["user"]).values()].filter(
    ({ values }) => !SYSTEM.test(values[0] ?? ""),
  );
}

function onePerHost(records: EvidenceRecord[]): EvidenceRecord[] {
  const hosts = groupByFields(records, ["host"]);
  return [...new Set([...hosts.values()].flatMap((g) => g.records[0] ?? []))].slice(0, 5);
}
