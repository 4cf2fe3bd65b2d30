import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { distinctValues, matches, parseWhere, whereAll } from "../query.ts";
import { countIs, distinctIs, firstSeen, lastSeen, type RuleClaim } from "./draft.ts";
import { byTime, type Facts, has, rankOf, textOf } from "./facts.ts";
import { cite } from "./overview.ts";
import { shown, timeValue, timeWords } from "./words.ts";

const MIN_ACCOUNTS = 4;
const MAX_CLAIMS = 3;
const WINDOWS_FAILURE = has("event.code", "4625");
const AUTHENTICATION = has("event.class", "authentication");

type Spray = {
  ip: string;
  where: string;
  records: EvidenceRecord[];
  account: FieldName;
  accounts: number;
};

/** 5, the other way round: many accounts, one address. */
export function writeSprays(facts: Facts): RuleClaim[] {
  if (facts.capped) return [];
  return sprays(facts).map(({ ip, where, records, account, accounts }) => {
    const timed = records.filter((record) => record.time !== null).toSorted(byTime);
    const first = timed[0];
    const last = timed.at(-1);
    const span =
      first?.time && last?.time ? `, from ${timeWords(first.time)} to ${timeWords(last.time)}` : "";
    return {
      family: "logon_burst",
      section: "who",
      kind: "count",
      polarity: "affirmed",
      front: false,
      text: `The log contains ${records.length} failed logons from ${ip} for ${accounts} accounts${span}.`,
      predicates: [
        countIs(where, records.length),
        distinctIs(account, where, accounts),
        ...(first?.time ? [firstSeen(where, timeValue(first.time))] : []),
        ...(last?.time ? [lastSeen(where, timeValue(last.time))] : []),
      ],
      citations: cite(first && last ? [first, last] : records.slice(0, 2), [
        account,
        "source.ip",
        "event.code",
      ]),
      rank: rankOf(facts, 10, records),
    };
  });
}

function sprays(facts: Facts): Spray[] {
  // One pass names the few addresses worth asking about; only those are counted exactly.
  const accountsOf = new Map<string, Set<string>>();
  for (const record of facts.records) {
    const ip = textOf(record, "source.ip");
    if (!ip || textOf(record, "outcome") !== "failure") continue;
    const account = textOf(record, "target.user") ?? textOf(record, "user");
    const known = accountsOf.get(ip) ?? new Set();
    accountsOf.set(ip, known);
    if (account) known.add(account);
  }
  return [...accountsOf]
    .filter(([ip, accounts]) => accounts.size >= MIN_ACCOUNTS && shown(ip) === ip)
    .toSorted(([, a], [, b]) => b.size - a.size)
    .slice(0, MAX_CLAIMS)
    .flatMap(([ip]) => sprayFrom(facts, ip) ?? []);
}

/** By Windows' own code where Windows tells of it; elsewhere by class, where every record is of that kind. */
function sprayFrom(facts: Facts, ip: string): Spray | null {
  for (const mark of [WINDOWS_FAILURE, AUTHENTICATION]) {
    const where = whereAll(mark, has("outcome", "failure"), has("source.ip", ip));
    const terms = parseWhere(where);
    if (!terms.ok) continue;
    const records = facts.records.filter((record) => matches(record, terms.terms));
    if (mark === AUTHENTICATION && records.some((record) => record.format === "windows-event"))
      continue;
    for (const account of ["target.user", "user"] as const) {
      const accounts = distinctValues(records, account).length;
      if (accounts >= MIN_ACCOUNTS) return { ip, where, records, account, accounts };
    }
  }
  return null;
}
