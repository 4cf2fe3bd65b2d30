import { FIELD_TRUST } from "#lib/domain/evidence/fields.ts";
import { whereAll, whereTerm } from "../query.ts";
import { countIs, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, has, isHigh } from "./facts.ts";
import { cite } from "./overview.ts";
import { amount, FIELD_NOUNS, quoted } from "./words.ts";

const PER_FIELD = 40;
/** In the order they are told; every field that has a noun. */
const FIELDS = Object.keys(FIELD_NOUNS) as (keyof typeof FIELD_NOUNS)[];

/** Whom and what high and critical alerts name and no other sentence does, up to a limit for each kind. */
export function writeUnnamed(facts: Facts, written: readonly RuleClaim[]): RuleClaim[] {
  const high = facts.alerts.filter((alert) => isHigh(alert.severity));
  if (high.length === 0) return [];
  const told = written.map(({ text }) => text.toLowerCase()).join("\n");
  return FIELDS.flatMap((field) => {
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
            text: `The log contains ${FIELD_NOUNS[field]} ${isTainted ? quoted(value) : value} in ${amount(alerts.length, "alert")}.`,
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
