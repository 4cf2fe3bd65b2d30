import { FIELD_TRUST, type FieldName } from "#lib/domain/evidence/fields.ts";
import { whereAll, whereTerm } from "../query.ts";
import { countIs, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, has, isHigh } from "./facts.ts";
import { cite } from "./overview.ts";
import { amount, quoted } from "./words.ts";

const PER_FIELD = 40;
const FIELDS: { field: FieldName; words: string }[] = [
  { field: "host", words: "the host" },
  { field: "user", words: "the user" },
  { field: "user.email", words: "the account" },
  { field: "user.sid", words: "the SID" },
  { field: "source.ip", words: "the source address" },
  { field: "destination.ip", words: "the destination address" },
  { field: "process.name", words: "the process" },
  { field: "file.name", words: "the file" },
  { field: "file.path", words: "the file" },
  { field: "hash.sha256", words: "the hash" },
  { field: "url.full", words: "the URL" },
  { field: "url.domain", words: "the URL domain" },
  { field: "dns.question", words: "the DNS query" },
  { field: "email.from", words: "the sender" },
  { field: "email.to", words: "the recipient" },
  { field: "cloud.resource", words: "the resource" },
];

/** Whom and what high and critical alerts name and no other sentence does, up to a limit for each kind. */
export function writeUnnamed(facts: Facts, written: readonly RuleClaim[]): RuleClaim[] {
  const high = facts.alerts.filter((alert) => isHigh(alert.severity));
  if (high.length === 0) return [];
  const told = written.map(({ text }) => text.toLowerCase()).join("\n");
  return FIELDS.flatMap(({ field, words }) => {
    const everywhere = groupByFields(facts.alerts, [field]);
    return [...groupByFields(high, [field])]
      .filter(([, { values }]) => !told.includes((values[0] ?? "").toLowerCase()))
      .slice(0, PER_FIELD)
      .map(
        ([
          key,
          {
            values: [value = ""],
            records: named,
          },
        ]): RuleClaim => {
          const alerts = everywhere.get(key)?.records ?? named;
          const isTainted = FIELD_TRUST[field] === "attacker";
          return {
            family: "indicator",
            section: "where",
            kind: "count",
            polarity: "affirmed",
            front: false,
            text: `The log contains ${words} ${isTainted ? quoted(value) : value} in ${amount(alerts.length, "alert")}.`,
            predicates: [
              countIs(whereAll(whereTerm("kind", "alert"), has(field, value)), alerts.length),
            ],
            citations: cite(named.slice(0, 2), [field], value),
            rank: 1,
          };
        },
      );
  });
}
