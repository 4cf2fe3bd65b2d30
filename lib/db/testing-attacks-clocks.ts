import { asOwner, forbidden, truncation } from "./testing-attacks-rights.ts";
import type { Attack } from "./testing-world.ts";

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
  checked("five", version("'{480,120,30,15}'", "'{480,120,30,15}'", "'Four.'")),
  checked("minutes", version("'{0,1,1,1,1}'", "'{1,1,1,1,1}'", "'Nothing at all.'")),
  checked("minutes", version("'{5,5,5,5,5}'", "'{5,5,5,5,4}'", "'Judged before it is taken.'")),
  checked("minutes", version("'{1,1,1,1,1}'", "'{129601,1,1,1,1}'", "'Never.'")),
  checked("reason", version("'{1,1,1,1,1}'", "'{1,1,1,1,1}'", "''")),
];

function version(assign: string, decide: string, reason: string): string {
  return `insert into sla_policy (version, assign_minutes, decide_minutes, reason) values (2, ${assign}, ${decide}, ${reason})`;
}

function checked(name: string, sql: string): Attack {
  return asOwner(
    sql,
    `new row for relation "sla_policy" violates check constraint "sla_policy_${name}"`,
  );
}
