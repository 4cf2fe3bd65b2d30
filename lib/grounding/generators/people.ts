import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { distinctValues, whereAll } from "../query.ts";
import { distinctIs, firstSeen, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, has, keyOf, rankOf, span, textOf } from "./facts.ts";
import { cite } from "./overview.ts";
import { timeValue, timeWords } from "./words.ts";

const MAX_SPREAD = 4;
const MAX_NEW_HOSTS = 5;
/** Accounts of the system itself are everywhere and say nothing. */
const SYSTEM = /(\$|^(system|local service|network service|anonymous logon|dwm-\d+|umfd-\d+|root))$/i;

/** 14: a user's first record on a host, when that user was on another host before. */
export function writeNewHosts(facts: Facts): RuleClaim[] {
  const claims: RuleClaim[] = [];
  for (const records of usersOf(facts)) {
    const seen = new Map<string, EvidenceRecord>();
    for (const record of records) {
      const host = keyOf(record, "host");
      if (host !== null && !seen.has(host)) seen.set(host, record);
    }
    for (const record of [...seen.values()].slice(1, 4)) claims.push(...newHost(facts, record));
  }
  return claims.sort((a, b) => b.rank - a.rank).slice(0, MAX_NEW_HOSTS);
}

/** 15: users that appear on more than one host. */
export function writeHostSpread(facts: Facts): RuleClaim[] {
  const claims: RuleClaim[] = [];
  for (const records of usersOf(facts)) {
    const [first] = records;
    const user = first && textOf(first, "user");
    const hosts = distinctValues(records, "host");
    if (!user || hosts.length < 2) continue;
    claims.push({
      family: "host_spread",
      section: "who",
      kind: "count",
      polarity: "affirmed",
      front: false,
      text: `The user ${user} appears on ${hosts.length} hosts in this data.`,
      predicates: [distinctIs("host", has("user", user), hosts.length)],
      citations: cite(onePerHost(records), ["user", "host"]),
      rank: rankOf(facts, 5, records),
    });
  }
  return claims.sort((a, b) => b.rank - a.rank).slice(0, MAX_SPREAD);
}

function newHost(facts: Facts, record: EvidenceRecord): RuleClaim[] {
  const user = textOf(record, "user");
  const host = textOf(record, "host");
  if (!user || !host || !record.time) return [];
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
      citations: cite([record], ["user", "host", "time"]),
      rank: rankOf(facts, 3, [record]),
    },
  ];
}

/** Records by user, each list by time; system accounts and users without a time left out. */
function usersOf(facts: Facts): EvidenceRecord[][] {
  return [...groupByFields(facts.timed, ["user"]).values()].filter((records) => {
    const user = records[0] ? textOf(records[0], "user") : null;
    return user !== null && !SYSTEM.test(user) && span(records) !== null;
  });
}

function onePerHost(records: EvidenceRecord[]): EvidenceRecord[] {
  const hosts = new Map<string, EvidenceRecord>();
  for (const record of records) {
    const host = keyOf(record, "host");
    if (host !== null && !hosts.has(host) && hosts.size < 5) hosts.set(host, record);
  }
  return [...hosts.values()];
}
