import { asOwner, forbidden, truncation } from "./testing-attacks-rights.ts";
import { guard } from "./testing-moves.ts";
import type { TestPerson } from "./testing-people.ts";
import type { Attack, World } from "./testing-world.ts";

/** Attacks on how long an incident may wait. */
export const CLOCK_ATTACKS: Attack[] = [
  forbidden([
    "web",
    version("'{1440,480,120,30,15}'", "'{10080,4320,1440,240,60}'", "'Longer.'"),
    "permission denied for table sla_policy",
  ]),
  asOwner(
    "update sla_policy set assign_minutes = '{9,9,9,9,9}'",
    "append-only: UPDATE on sla_policy",
    "append_only on sla_policy",
  ),
  asOwner("delete from sla_policy", "append-only: DELETE on sla_policy"),
  truncation("sla_policy"),
  guard(
    "G2",
    "whoever sets",
    "someone who has left sets the clocks",
    setting((w) => w.gone),
  ),
  guard(
    "G3",
    "the role may not set",
    "an analyst sets the clocks",
    setting((w) => w.ana),
  ),
  checked("order", version("'{9,9,9,5,6}'", "'{9,9,9,9,9}'", "'More time for what is worse.'")),
  checked("five", version("'{480,120,30,15}'", "'{480,120,30,15}'", "'Four.'")),
  checked("minutes", version("'{0,1,1,1,1}'", "'{1,1,1,1,1}'", "'Nothing at all.'")),
  checked("minutes", version("'{5,5,5,5,5}'", "'{5,5,5,5,4}'", "'Judged before it is taken.'")),
  checked("minutes", version("'{1,1,1,1,1}'", "'{129601,1,1,1,1}'", "'Never.'")),
  checked("reason", version("'{1,1,1,1,1}'", "'{1,1,1,1,1}'", "''")),
];

function setting(by: (w: World) => TestPerson): Attack["run"] {
  return (w) =>
    w.web.query(
      "select gate.set_sla($1, 1, '{1440,480,120,30,15}', '{10080,4320,1440,240,60}', 'Mine.')",
      [by(w).id],
    );
}

function version(assign: string, decide: string, reason: string): string {
  return `insert into sla_policy (version, assign_minutes, decide_minutes, reason) values (2, ${assign}, ${decide}, ${reason})`;
}

function checked(name: string, sql: string): Attack {
  return asOwner(
    sql,
    `new row for relation "sla_policy" violates check constraint "sla_policy_${name}"`,
  );
}
