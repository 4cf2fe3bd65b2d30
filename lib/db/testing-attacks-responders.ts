import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Login } from "#lib/env.ts";
import { truncation } from "./testing-attacks-rights.ts";
import { makeIncident } from "./testing-people.ts";
import { propose } from "./testing-gate.ts";
import { openProposal, undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

const ISOLATION = "isolate_host";

/** Attacks on what is asked of other systems: a response nobody signed, one sent twice, an entry nobody decided. */
export const RESPONDER_ATTACKS: Attack[] = [
  ...rights("web", [
    ["insert into responder select * from responder", "responder"],
    ["update responder set retired_at = null", "responder"],
    ["select credentials_sealed from responder", "responder"],
    ["update response_task set step = 'dispatch'", "response_task"],
    ["insert into response_attempt select * from response_attempt", "response_attempt"],
    ["insert into block_list_entry select * from block_list_entry", "block_list_entry"],
    ["update block_list_entry set removed_at = now()", "block_list_entry"],
    ["insert into responder_test select * from responder_test", "responder_test"],
  ]),
  ...rights("worker", [
    ["update responder set settings = '{}'", "responder"],
    ["select token_sha256 from responder", "responder"],
    ["insert into response_task select * from response_task", "response_task"],
    ["update response_task set undo_of = null", "response_task"],
    ["insert into response_attempt select * from response_attempt", "response_attempt"],
    ["update response_attempt set key = ''", "response_attempt"],
    ["update block_list_entry set value = ''", "block_list_entry"],
    ["insert into response_run select * from response_run", "response_run"],
  ]),
  ...rights("auditor", [
    ["select credentials_sealed from responder", "responder"],
    ["select token_sha256 from responder", "responder"],
  ]),
  attack("G3 this is for an admin", "a lead configures a responder", (client, w) =>
    configure(client, { by: w.lea.id }),
  ),
  attack("G2 this must be an active person", "nobody configures a responder", (client) =>
    configure(client, { by: null }),
  ),
  attack("G3 this is for an admin", "an analyst retires a responder", async (client, w) => {
    const id = await configure(client, { by: w.adm.id });
    await client.query("select gate.retire_responder($1, $2)", [id, w.ana.id]);
  }),
  attack("G10 there is no such responder", "no responder is retired", (client, w) =>
    client.query("select gate.retire_responder($1, $2)", [randomUUID(), w.adm.id]),
  ),
  attack("G10 no responder in force", "a responder is tried after its end", async (client, w) => {
    const id = await configure(client, { by: w.adm.id });
    await client.query("select gate.retire_responder($1, $2)", [id, w.adm.id]);
    await client.query("select gate.request_responder_test($1, $2, $3, 'isolate_host', 'ws-17')", [
      randomUUID(),
      id,
      w.adm.id,
    ]);
  }),
  attack("G3 the role may not", "an admin has a response looked at again", (client, w) =>
    client.query("select gate.check_response_again($1, $2)", [randomUUID(), w.adm.id]),
  ),
  attack("G10 there is no such response", "no response is looked at again", (client, w) =>
    client.query("select gate.check_response_again($1, $2)", [randomUUID(), w.ana.id]),
  ),
  attack(
    "G27 another responder serves",
    "a second responder takes an action",
    async (client, w) => {
      await configure(client, { by: w.adm.id });
      await configure(client, { by: w.adm.id });
    },
  ),
  {
    ...attack("G27 another responder serves", "a second one, once more", async (client, w) => {
      await configure(client, { by: w.adm.id });
      await configure(client, { by: w.adm.id });
    }),
    notices: "check_responder on responder",
  },
  attack("G27 a version follows", "another kind follows under a name", async (client, w) => {
    const replaces = await configure(client, { by: w.adm.id, name: "Desk" });
    await configure(client, { by: w.adm.id, name: "Desk", kind: "webhook", replaces });
  }),
  owner(
    "G27 a responder is retired, once",
    "a responder's address is changed",
    async (client, w) => {
      const id = await configure(client, { by: w.adm.id });
      await client.query(
        `update responder set settings = '{"url":"https://evil.example"}' where id = $1`,
        [id],
      );
    },
  ),
  owner("G10 no decision in effect", "a response of what nobody signed", async (client, w) => {
    const decision = await openProposal(w, "containment");
    await start(client, w, await plan(client, decision.id), { claim: true });
  }),
  owner("G27 another worker has", "a response that another worker has", async (client, w) => {
    await start(client, w, await plan(client, w.closed.decision.id), { claim: false });
  }),
  owner(
    "G27 nothing is to be sent",
    "a response is sent again after its end",
    async (client, w) => {
      const run = await plan(client, w.closed.decision.id);
      await client.query("update response_run set outcome = 'verified' where id = $1", [run]);
      await start(client, w, run, { claim: true });
    },
  ),
  owner("G27 too many attempts", "what was signed long ago", async (client, w) => {
    const run = await plan(client, w.closed.decision.id);
    await client.query(
      "update response_task set created_at = created_at - interval '2 hours' where run_id = $1",
      [run],
    );
    await start(client, w, run, { claim: true });
  }),
  owner("G27 no responder in force", "a responder that was retired", async (client, w) => {
    const run = await plan(client, w.closed.decision.id);
    const id = await configure(client, { by: w.adm.id });
    await client.query("select gate.retire_responder($1, $2)", [id, w.adm.id]);
    await client.query(
      "update response_task set claimed_by = 'w', claimed_until = now() + interval '1 hour'",
    );
    await client.query("select gate.start_attempt($1, $2, 'w')", [run, id]);
  }),
  ...["", "check_attempt on response_attempt"].map((trigger) => ({
    ...owner("G27 an attempt ends once", `an answer rewritten ${trigger}`, async (client, w) => {
      const run = await plan(client, w.closed.decision.id);
      await start(client, w, run, { claim: true });
      const end = `update response_attempt set ended_at = now(), outcome = 'failed', may_have_acted = false where run_id = $1`;
      await client.query(end, [run]);
      await client.query("update response_attempt set outcome = 'dispatched' where run_id = $1", [
        run,
      ]);
    }),
    ...(trigger && { notices: trigger }),
  })),
  ...["", "check_block_entry on block_list_entry"].map((trigger) => ({
    ...owner(
      "G27 an entry comes with",
      `an address nobody decided on ${trigger}`,
      async (client, w) => {
        const run = await plan(client, w.closed.decision.id);
        await client.query(
          `insert into block_list_entry (run_id, list, kind, value, reference, expires_at)
         values ($1, 'Edge', 'address', '8.8.8.8', 'INC-000001', now() + interval '1 day')`,
          [run],
        );
      },
    ),
    ...(trigger && { notices: trigger }),
  })),
  {
    ...owner(
      "G27 what is taken back",
      "a response that takes back what was never sent",
      async (client, w) => {
        await client.query("alter table decision disable trigger check_undo");
        const decision = await proposeUndo(client, w);
        await plan(client, decision.id);
      },
    ),
    notices: "plan_response on response_run",
  },
  ...["G27", "check_undo on decision"].map((guard) => ({
    ...attack(
      "G27 an action would take back",
      `a proposal takes back what was never sent (${guard})`,
      proposeUndo,
    ),
    notices: guard,
  })),
  owner("G27 an entry is taken off", "an entry is taken off unsigned", async (client, w) => {
    await block(client, w);
    await client.query("update block_list_entry set removed_at = now(), removed_by = run_id");
  }),
  ...["responder", "response_task", "response_attempt", "block_list_entry"].map(truncation),
  ...["response_attempt", "block_list_entry"].map((table): Attack => ({
    ...owner("append-only: DELETE", `a row of ${table} is deleted`, async (client, w) => {
      await block(client, w);
      await client.query(`delete from ${table}`);
    }),
    notices: `no_deletion on ${table}`,
  })),
  ...["responder", "response_task"].map((table): Attack => ({
    ...owner("append-only", `a row of ${table} is deleted`, async (client, w) => {
      await plan(client, w.closed.decision.id);
      await configure(client, { by: w.adm.id });
      await client.query(`delete from ${table}`);
    }),
    notices: `no_deletion on ${table}`,
  })),
];

function rights(login: Login, statements: [sql: string, table: string][]): Attack[] {
  return statements.map(([sql, table]) => ({
    name: `${login}: ${sql}`,
    says: `permission denied for table ${table}`,
    run: ({ db }) => undone(db.pools[login], (client) => client.query(sql)),
  }));
}

type Act = (client: Client, w: World) => Promise<unknown>;

function attack(says: string, name: string, act: Act): Attack {
  const notices = /^G\d+/.exec(says)![0];
  return {
    name: `web: ${name}`,
    says,
    notices,
    run: (w) => undone(w.web, (client) => act(client, w)),
  };
}

function owner(says: string, name: string, act: Act): Attack {
  const code = /^G\d+/.exec(says)?.[0];
  return {
    name: `owner: ${name}`,
    says,
    ...(code && { notices: code }),
    run: (w) => undone(w.owner, (client) => act(client, w)),
  };
}

/** Proposes to take back a response that nobody sent. */
async function proposeUndo(client: Client, w: World) {
  const { id: incidentId } = await makeIncident(w.db);
  const content = {
    kind: "containment",
    reason: "Let it go.",
    actions: [{ action: ISOLATION, target: "ws-17", undoOf: randomUUID() }],
  };
  return propose(client, {
    incidentId,
    proposer: w.ana,
    kind: "containment",
    forged: { content: JSON.stringify(content) },
    statementSays: { content },
  });
}

type Configuring = {
  by: string | null;
  name?: string;
  kind?: string;
  replaces?: string;
  action?: string;
};

async function configure(client: Client, given: Configuring): Promise<string> {
  const { by, name = `R ${randomUUID()}`, kind = "simulated", replaces = null } = given;
  const { action = ISOLATION } = given;
  const id = randomUUID();
  await client.query(
    `select gate.configure_responder($1, $2, $3, $4, '{}', array[$6], null, null, null, null, $5)`,
    [id, by, name, kind, replaces, action],
  );
  return id;
}

/** A run of a decision, as only the gate makes one; gives its id. */
async function plan(
  client: Client,
  decisionId: string,
  action: string = ISOLATION,
): Promise<string> {
  const id = randomUUID();
  await client.query(
    `insert into response_run (id, decision_id, action, target, outcome) values ($1, $2, $3, 'ws-17', 'unknown')`,
    [id, decisionId, action],
  );
  return id;
}

async function start(
  client: Client,
  w: World,
  run: string,
  { claim, ...more }: { claim: boolean } & Omit<Configuring, "by">,
): Promise<void> {
  const responder = await configure(client, { by: w.adm.id, ...more });
  if (claim) {
    await client.query(
      "update response_task set claimed_by = 'w', claimed_until = now() + interval '1 hour' where run_id = $1",
      [run],
    );
  }
  await client.query("select gate.start_attempt($1, $2, 'w')", [run, responder]);
}

/** An entry of a block list, as an attempt puts it there. */
async function block(client: Client, w: World): Promise<void> {
  const [action, name] = ["block_indicator", `Edge ${randomUUID()}`];
  const run = await plan(client, w.closed.decision.id, action);
  await start(client, w, run, { claim: true, action, name, kind: "block_list" });
  await client.query(
    `insert into block_list_entry (run_id, list, kind, value, reference, expires_at)
     values ($1, $2, 'address', '8.8.8.8', 'INC-000001', now() + interval '1 day')`,
    [run, name],
  );
}
