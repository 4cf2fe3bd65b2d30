import type pg from "pg";
import {
  act,
  COLLECT,
  draftRules,
  ISOLATE,
  makeCollectable,
  noticing,
  publishRules,
  secondAdmin,
  signRules,
  withdrawRules,
} from "./testing-automation.ts";
import { guard } from "./testing-moves.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

const LAPSE = "every signer of these rules is an admin still";

const DUE = "the statement does not say what these rules let run";
const OPEN = "these rules are not open: ";

/** How what runs by itself is let loose: alone, at once, unseen, or by ending what holds. */
export const AUTOMATION_CHANGE_ATTACKS: Attack[] = [
  guard("G30", "no rule in force", "worker: isolates before the day of its rule has passed", (w) =>
    scheduledThen(w, async (client) => {
      const { incidentId } = await makeCollectable(w.db, { sourceId: w.sourceId });
      await act(client, incidentId, { action: "isolate_host" });
    }),
  ),
  byOwner("G5", DUE, "weaker rules that say they are not", (client, w) =>
    insertVersion(client, w, { weakens: false, delayMinutes: 0 }),
  ),
  byOwner("G5", DUE, "weaker rules that wait for an hour", (client, w) =>
    insertVersion(client, w, { weakens: true, delayMinutes: 60 }),
  ),
  byOwner("G11", "stale: rules follow those in force", "rules that follow none", (client, w) =>
    insertVersion(client, w, { weakens: true, delayMinutes: 1440, previous: 4711 }),
  ),
  noticing("check_automation_version on automation_version", `G5 ${DUE}`, (w) =>
    undone(w.owner, (client) => insertVersion(client, w, { weakens: false, delayMinutes: 0 })),
  ),
  guard("G1", `${OPEN}scheduled`, "web: a third signature once they wait for their time", (w) =>
    scheduledThen(w, async (client, _, version) => {
      const { rows } = await client.query(
        "select version, statement_sha256 as sha256 from automation_version where version = $1",
        [version],
      );
      await client.query("update person set role = 'admin' where id = $1", [w.lea.id]);
      await signRules(client, rows[0], w.lea);
    }),
  ),
  byOwner(
    "G1",
    `${OPEN}withdrawn`,
    "a signature on rules that were withdrawn",
    async (client, w) => {
      const draft = await draftRules(client, { admin: w.adm, rules: [COLLECT] });
      await withdrawRules(client, draft.version, w.adm);
      await signRules(client, draft, w.adm);
    },
  ),
  byOwner("G1", `${OPEN}in_force`, "the rules in force are withdrawn", withdrawInForce),
  noticing("check_automation_end on automation_end", `G1 ${OPEN}in_force`, (w) =>
    undone(w.owner, (client) => withdrawInForce(client, w)),
  ),
  noticing("overtake_automation on automation_signature", `G1 ${OPEN}overtaken`, (w) =>
    scheduledThen(w, async (client, _, version) => {
      await publishRules(client, { admins: [w.adm], rules: [{ ...COLLECT, maxPerHour: 1 }] });
      await withdrawRules(client, version, w.adm);
    }),
  ),
  byOwner(
    "G1",
    "what overtakes others",
    "rules end by others that nobody signed",
    async (client, w) => {
      const { version } = await draftRules(client, { admin: w.adm, rules: [COLLECT] });
      const other = await draftRules(client, { admin: w.adm, rules: [COLLECT] });
      await end(client, { version, kind: "overtaken", by: other.version });
    },
  ),
  byOwner("G3", "this is for an admin", "a lead withdraws rules", async (client, w) => {
    const { version } = await draftRules(client, { admin: w.adm, rules: [COLLECT] });
    await withdrawRules(client, version, w.lea);
  }),
  byOwner("G10", "there are no such rules", "rules are withdrawn that are none", (client, w) =>
    withdrawRules(client, 4711, w.adm),
  ),
  byOwner("G1", LAPSE, "rules lapse whose signers are admins still", lapse),
  noticing("check_lapse on automation_end", `G1 ${LAPSE}`, (w) =>
    undone(w.owner, (client) => lapse(client, w)),
  ),
  byOwner(
    "G1",
    `${OPEN}lapsed`,
    "rules are withdrawn whose signer is no admin any more",
    async (client, w) => {
      const draft = await draftRules(client, { admin: w.adm, rules: [ISOLATE] });
      await signRules(client, draft, w.adm);
      await client.query("update person set active = false where id = $1", [w.adm.id]);
      await client.query("update person set role = 'admin' where id = $1", [w.lea.id]);
      await withdrawRules(client, draft.version, w.lea);
    },
  ),
  checked("automation_end_kind", "rules end in a way there is not", { kind: "forgotten" }),
  checked("automation_end_reason", "rules are withdrawn for no reason", { reason: "" }),
  checked("automation_end_says", "rules are withdrawn by others", { by: 1 }),
  ...["update automation_end set at = now()", "delete from automation_end"].map((sql): Attack => ({
    name: `owner: ${sql}`,
    says: `append-only: ${sql.startsWith("update") ? "UPDATE" : "DELETE"} on automation_end refused`,
    notices: "append_only on automation_end",
    run: (w) =>
      undone(w.owner, async (client) => {
        const { version } = await draftRules(client, { admin: w.adm, rules: [COLLECT] });
        await withdrawRules(client, version, w.adm);
        await client.query(sql);
      }),
  })),
  {
    name: "owner: empties automation_end",
    says: "append-only: TRUNCATE on automation_end refused",
    notices: "no_truncate on automation_end",
    run: (w) => undone(w.owner, (client) => client.query("truncate automation_end")),
  },
  ...(["web", "worker"] as const).map((login): Attack => ({
    name: `${login}: inserts into automation_end`,
    says: "permission denied for table automation_end",
    run: (w) =>
      undone(w.db.pools[login], (client) =>
        client.query(
          "insert into automation_end (version, kind, by_version) values (1, 'overtaken', 1)",
        ),
      ),
  })),
  {
    name: "worker: withdraws rules",
    says: "permission denied for function withdraw_automation",
    run: (w) => undone(w.db.pools.worker, (client) => withdrawRules(client, 1, w.adm)),
  },
];

function byOwner(
  code: string,
  words: string,
  name: string,
  run: (c: Client, w: World) => Promise<unknown>,
) {
  return guard(code, words, `owner: ${name}`, (w) => undone(w.owner, (client) => run(client, w)));
}

/** Rules that let one system be isolated, signed by two admins, wait for their time; then `run`. */
async function scheduledThen(
  w: World,
  run: (client: Client, w: World, version: number) => Promise<unknown>,
): Promise<unknown> {
  const eve = await secondAdmin(w);
  return undone(w.owner, async (client) =>
    run(client, w, await publishRules(client, { admins: [w.adm, eve], rules: [COLLECT, ISOLATE] })),
  );
}

async function withdrawInForce(client: Client, w: World): Promise<void> {
  const { rows } = await client.query("select version from automation_in_force");
  await withdrawRules(client, rows[0].version, w.adm);
}

type Says = { weakens: boolean; delayMinutes: number; previous?: number };

/** A version as its function would not make it: with a rule for isolating, and what it `says` of itself. */
async function insertVersion(client: Client, w: World, says: Says): Promise<void> {
  await client.query("set constraints automation_rule_version_fkey deferred");
  await client.query(
    `insert into automation_rule (version, number, action, blast_radius, min_confidence, min_sources, max_per_hour, max_per_incident)
     values (4000, 1, 'isolate_host', 'one_endpoint', 0, 1, 10, 1)`,
  );
  await client.query(
    `insert into automation_version (version, previous, doubt_percent, statement, statement_sha256, reason, person_id)
     select 4000, previous, 20, text, sha256(convert_to(text, 'UTF8')), 'Mine.', $1
     from (select coalesce($2, version) as previous from automation_in_force) as f,
       gate.automation_statement(4000, previous, 20, 'Mine.', $3, $4) as text`,
    [w.adm.id, says.previous ?? null, says.weakens, says.delayMinutes],
  );
}

async function lapse(client: Client, w: World): Promise<void> {
  const draft = await draftRules(client, { admin: w.adm, rules: [ISOLATE] });
  await signRules(client, draft, w.adm);
  await end(client, { version: draft.version, kind: "lapsed", person: w.adm.id });
}

type End = { version: number; kind: string; person?: string; reason?: string; by?: number };

function end(client: Client, { version, kind, person, reason, by }: End): Promise<unknown> {
  return client.query(
    "insert into automation_end (version, kind, person_id, reason, by_version) values ($1, $2, $3, $4, $5)",
    [version, kind, person ?? null, reason ?? null, by ?? null],
  );
}

function checked(constraint: string, name: string, wrong: Partial<End>): Attack {
  return {
    name: `owner: ${name}`,
    says: `new row for relation "automation_end" violates check constraint "${constraint}"`,
    run: (w) =>
      undone(w.owner, async (client) => {
        const { version } = await draftRules(client, { admin: w.adm, rules: [COLLECT] });
        const right = { version, kind: "withdrawn", person: w.adm.id, reason: "Mine." };
        await end(client, { ...right, ...wrong });
      }),
  };
}
