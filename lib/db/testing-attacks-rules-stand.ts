import type pg from "pg";
import {
  act,
  COLLECT,
  draftRules,
  makeCollectable,
  noticing,
  signRules,
} from "./testing-automation.ts";
import { guard } from "./testing-moves.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const STAND = "the rules of a version that is signed or in force stand";

/** Attacks by the owner of the database on rules of automation that were signed. */
export const RULES_STAND_ATTACKS: Attack[] = [
  guard("G5", STAND, "owner: a rule is added to the version in force", (w) =>
    undone(w.owner, (client) => addIsolation(client)),
  ),
  guard("G5", STAND, "owner: a rule is added to a version between two signatures", (w) =>
    undone(w.owner, async (client) => {
      const draft = await draftRules(client, { admin: w.adm, rules: [ISOLATES_LITTLE] });
      await signRules(client, draft, w.adm);
      await addIsolation(client, draft.version);
    }),
  ),
  noticing("check_automation_rule on automation_rule", `G5 ${STAND}`, (w) =>
    undone(w.owner, (client) => addIsolation(client)),
  ),
  guard("G35", "a rule is written over what stands now", "owner: a rule over an older state", (w) =>
    undone(w.owner, async (client) => {
      await client.query("set transaction isolation level repeatable read");
      await draftRules(client, { admin: w.adm, rules: [COLLECT] });
    }),
  ),
  // Not the version before it, which collecting would have run under: nothing.
  altered("collects under the version before one that was added to", "collect_artifacts"),
  altered("isolates under a rule that was added past the trigger", "isolate_host"),
];

const ISOLATES_LITTLE = { ...COLLECT, action: "isolate_host", maxPerHour: 1, maxPerIncident: 1 };

/** A rule for isolating that nobody signed, in the version in force or in `version`. */
function addIsolation(client: pg.PoolClient, version: number | null = null): Promise<unknown> {
  return client.query(
    `insert into automation_rule (version, number, action, blast_radius, min_confidence, min_sources, max_per_hour, max_per_incident)
     select coalesce($1::int, version), 20, 'isolate_host', 'one_endpoint', 0, 1, 10, 1 from automation_in_force`,
    [version],
  );
}

/** What runs once the owner took the trigger away and added a rule to a version that one admin signed. */
function altered(name: string, action: string): Attack {
  return guard("G30", "no rule in force", `owner: ${name}`, async (w: World) => {
    const { incidentId } = await makeCollectable(w.db, { sourceId: w.sourceId });
    return undone(w.owner, async (client) => {
      const draft = await draftRules(client, { admin: w.adm, rules: [COLLECT] });
      await signRules(client, draft, w.adm);
      await client.query("alter table automation_rule disable trigger check_automation_rule");
      await addIsolation(client);
      await act(client, incidentId, { action });
    });
  });
}
