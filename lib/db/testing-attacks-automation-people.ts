import { createHash, randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import {
  act,
  COLLECT,
  draftRules,
  ISOLATE,
  lift,
  makeCollectable,
  noticing,
  publishRules,
  secondAdmin,
  signRules,
  stop,
  type RuleInput,
} from "./testing-automation.ts";
import { proofOf } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

/** Attacks on who stops, lifts, writes and signs what may run by itself, and on the rows that say so. */
export const AUTOMATION_PEOPLE_ATTACKS: Attack[] = [
  // stops and lifts
  ...(["aud", "machine", "gone"] as const).map((who) =>
    guard(
      who === "aud" ? "G3" : "G2",
      who === "aud" ? "the role may not stop" : "this must be",
      `web: automation is stopped in the name of ${who}`,
      (w) => undone(w.web, (client) => stop(client, w[who], { scope: "global" })),
    ),
  ),
  noticing("check_automation_stop on automation_stop", "G3 the role may not stop", (w) =>
    undone(w.web, (client) => stop(client, w.aud, { scope: "global" })),
  ),
  guard("G10", "there is no such incident", "web: an incident that is none is stopped", (w) =>
    undone(w.web, (client) => stop(client, w.ana, { scope: "incident", incidentId: randomUUID() })),
  ),
  lifting("G3", "the role may not lift", "web: an analyst lifts a stop", (w, client, id) =>
    lift(client, w.ana, id),
  ),
  lifting("G2", "this must be", "web: a lead who has left lifts a stop", (w, client, id) =>
    lift(client, w.gone, id),
  ),
  lifting(
    "G5",
    "another statement",
    "web: another stop is lifted than was signed",
    (w, client, id) => lift(client, w.lea, id, { sha256: randomBytes(32) }),
  ),
  lifting("G6", "password proof", "web: a stop is lifted on a made-up proof", (w, client, id) =>
    lift(client, w.lea, id, { proof: randomBytes(32) }),
  ),
  lifting("G6", "password proof", "web: a stop is lifted on a wrong password", (w, client, id) =>
    lift(client, { ...w.lea, password: "guess" }, id),
  ),
  guard(
    "G5",
    "the statement does not say what is lifted",
    "owner: a stop is lifted over a statement of something else",
    (w) => undone(w.owner, (client) => liftOver(w, client, "I lift nothing.")),
  ),
  lifting("G10", "there is no such stop", "web: nothing is lifted", (w, client) =>
    lift(client, w.lea, randomUUID()),
  ),
  {
    ...lifting("G3", "the role may not lift", "web: an auditor lifts a stop", (w, client, id) =>
      lift(client, w.aud, id),
    ),
    notices: "check_automation_lift on automation_lift",
  },
  // publishing
  publishing("G3", "this is for an admin", "web: a lead writes rules", (w, client) =>
    draftRules(client, { admin: w.lea, rules: [COLLECT] }),
  ),
  publishing("G10", "there are no such rules", "web: rules are signed that are none", (w, client) =>
    signRules(client, { version: 4711, sha256: randomBytes(32) }, w.adm),
  ),
  publishing("G3", "this is for an admin", "web: a lead signs rules", async (w, client) =>
    signRules(client, await draft(w, client), w.lea),
  ),
  publishing("G2", "this must be", "web: a machine signs rules", async (w, client) =>
    signRules(client, await draft(w, client), w.machine),
  ),
  publishing(
    "G5",
    "another statement",
    "web: other rules are signed than stand",
    async (w, client) =>
      signRules(client, { ...(await draft(w, client)), sha256: randomBytes(32) }, w.adm),
  ),
  publishing(
    "G5",
    "another statement",
    "owner: a rule is slipped into a draft",
    async (w, client) => {
      const made = await draft(w, client);
      await client.query(
        "insert into automation_rule (version, number, action, blast_radius, min_confidence, min_sources, max_per_hour, max_per_incident) values ($1, 20, 'isolate_host', 'one_endpoint', 0, 1, 10, 1)",
        [made.version],
      );
      return signRules(client, made, w.adm);
    },
    "owner",
  ),
  publishing(
    "G6",
    "password proof",
    "web: rules are signed with a wrong password",
    async (w, client) => signRules(client, await draft(w, client), { ...w.adm, password: "guess" }),
  ),
  guard(
    "G3",
    "an earlier signer is no admin",
    "web: beside one who is no admin any more",
    async (w) => {
      const eve = await secondAdmin(w);
      return undone(w.owner, async (client) => {
        const made = await draftRules(client, { admin: w.adm, rules: [ISOLATE] });
        await signRules(client, made, eve);
        await client.query("alter table person disable trigger lapse_signed");
        await client.query("update person set role = 'lead' where id = $1", [eve.id]);
        await signRules(client, made, w.adm);
      });
    },
  ),
  guard("G11", "stale: other rules", "web: rules are signed that others overtook", async (w) => {
    const eve = await secondAdmin(w);
    return undone(w.web, async (client) => {
      const early = await draft(w, client);
      await publishRules(client, { admins: [w.adm], rules: [COLLECT] });
      await signRules(client, early, eve);
    });
  }),
  {
    ...publishing("G6", "password proof", "web: rules are signed on nothing", async (w, client) =>
      signRules(client, await draft(w, client), { ...w.adm, password: "none" }),
    ),
    notices: "check_automation_signature on automation_signature",
  },
  checked("automation_rule_reach", "web: a rule that disables accounts", {
    ...ISOLATE,
    action: "disable_account",
  }),
  checked("automation_rule_bounds", "web: a rule that isolates two systems of one incident", {
    ...ISOLATE,
    maxPerIncident: 2,
  }),
  checked("automation_rule_bounds", "web: a rule that isolates a whole company", {
    ...ISOLATE,
    maxPerHour: 11,
  }),
  {
    name: "owner: a response of neither a decision nor an act",
    says: 'new row for relation "response_run" violates check constraint "response_run_of"',
    run: (w) =>
      undone(w.owner, async (client) => {
        await client.query("alter table response_run alter column incident_id drop not null");
        await client.query(
          "insert into response_run (id, action, target, outcome) values ($1, 'isolate_host', 'ws-1', 'unknown')",
          [randomUUID()],
        );
      }),
  },
  // rights
  denied(
    "web",
    "lets something run",
    "function act_automatically",
    "select gate.act_automatically($1, 'collect_artifacts', 'ws-17')",
  ),
  denied(
    "web",
    "takes autonomy back by itself",
    "function stop_doubtful",
    "select gate.stop_doubtful($1)",
  ),
  denied(
    "worker",
    "lifts a stop",
    "function lift_automation",
    "select gate.lift_automation($1, $1, '', '', '')",
  ),
  denied(
    "worker",
    "signs rules",
    "function sign_automation",
    "select gate.sign_automation($1, 1, '', '')",
  ),
  denied(
    "worker",
    "writes rules",
    "function propose_automation",
    "select gate.propose_automation($1, '[]', 0, 'x')",
  ),
  ...(["web", "worker"] as const).flatMap((login) =>
    [
      "automatic_act",
      "automation_rule",
      "automation_version",
      "automation_signature",
      "automation_stop",
      "automation_lift",
      "automation_refusal",
      "response_run",
    ].map((table) =>
      denied(
        login,
        `inserts into ${table}`,
        `table ${table}`,
        `insert into ${table} select * from ${table} where $1::uuid is null`,
      ),
    ),
  ),
  ...[
    "automatic_act",
    "automation_rule",
    "automation_version",
    "automation_signature",
    "automation_stop",
    "automation_lift",
    "automation_refusal",
  ].map((table): Attack => ({
    name: `owner: empties ${table}`,
    says: `append-only: TRUNCATE on ${table} refused`,
    notices: `no_truncate on ${table}`,
    run: (w) => undone(w.owner, (client) => client.query(`truncate ${table} cascade`)),
  })),
  changed("automation_rule", "max_per_hour = max_per_hour + 1"),
  changed("automation_version", "reason = 'x'"),
  changed("automation_signature", "at = now()"),
  changed("automation_stop", "reason = 'x'"),
  changed("automation_lift", "reason = 'x'"),
  changed("automatic_act", "decided_at = now()"),
  changed("automation_refusal", "at = now()"),
];

function draft(w: World, sql: Client) {
  return draftRules(sql, { admin: w.adm, rules: [COLLECT] });
}

function lifting(
  code: string,
  words: string,
  name: string,
  run: (w: World, client: Client, stopId: string) => Promise<unknown>,
): Attack {
  return guard(code, words, name, (w) =>
    undone(w.web, async (client) => {
      const { incidentId } = w.closed;
      await run(w, client, await stop(client, w.ana, { scope: "incident", incidentId }));
    }),
  );
}

/** A row that the gate's function would not make: all of it is right but for what the statement says. */
async function liftOver(w: World, client: Client, statement: string): Promise<void> {
  const { incidentId } = w.closed;
  const stopId = await stop(client, w.ana, { scope: "incident", incidentId });
  const sha256 = createHash("sha256").update(statement).digest();
  await client.query(
    "insert into automation_lift (stop_id, person_id, reason, statement, statement_sha256, proof) values ($1, $2, 'Mine.', $3, $4, $5)",
    [stopId, w.lea.id, statement, sha256, await proofOf(client, w.lea, sha256)],
  );
}

function publishing(
  code: string,
  words: string,
  name: string,
  run: (w: World, client: Client) => Promise<unknown>,
  by: "web" | "owner" = "web",
): Attack {
  return guard(code, words, name, (w) => undone(w[by], (client) => run(w, client)));
}

function checked(constraint: string, name: string, rule: RuleInput): Attack {
  return {
    name,
    says: `new row for relation "automation_rule" violates check constraint "${constraint}"`,
    run: (w) => undone(w.web, (client) => draftRules(client, { admin: w.adm, rules: [rule] })),
  };
}

function denied(login: "web" | "worker", name: string, what: string, sql: string): Attack {
  return {
    name: `${login}: ${name}`,
    says: `permission denied for ${what}`,
    run: (w) => undone(w.db.pools[login], (client) => client.query(sql, [randomUUID()])),
  };
}

function changed(table: string, set: string): Attack {
  return {
    name: `owner: rewrites ${table}`,
    says: `append-only: UPDATE on ${table} refused`,
    notices: `append_only on ${table}`,
    run: (w) =>
      undone(w.owner, async (client) => {
        await makeRows(w, client);
        await client.query(`update ${table} set ${set}`);
      }),
  };
}

/** One row of each kind, taken back with the attack. */
async function makeRows(w: World, client: Client): Promise<void> {
  const { incidentId } = await makeCollectable(w.db, { sourceId: w.sourceId });
  await signRules(client, await draft(w, client), w.adm);
  await act(client, incidentId);
  await client.query("select gate.keep_refusal($1, 'isolate_host', 'ws-17')", [incidentId]);
  await lift(client, w.lea, await stop(client, w.ana, { scope: "incident", incidentId }));
}
