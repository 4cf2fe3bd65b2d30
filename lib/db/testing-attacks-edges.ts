/** Attacks on what lies beside the gate: sessions, the trail's own door, what is kept, response runs, requests to models. */
import { randomUUID } from "node:crypto";
import type { Login } from "#lib/env.ts";
import { sign } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import { enrolForTest, revokeForTest } from "./testing-passkeys.ts";
import { queueRunForTest } from "./testing-runs.ts";
import { openProposal, undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
/** invalid_parameter_value */
const ARGUMENT = "22023";

export const EDGE_ATTACKS: Attack[] = [
  by("web", "session: only for an active", "a session of a higher role", (w) => [
    "insert into session (id, person_id, role) values ($1, $2, 'lead')",
    [randomUUID(), w.ana.id],
  ]),
  by("web", "session: only for an active", "a session for who has left", (w) => [
    "insert into session (id, person_id, role) values ($1, $2, 'lead')",
    [randomUUID(), w.gone.id],
  ]),
  onSession("another's session", "person_id = (select id from person where name = 'lea')"),
  onSession(
    "a session used again after hours",
    "last_seen_at = now()",
    "last_seen_at = now() - interval '31 minutes', created_at = now() - interval '1 hour'",
  ),
  by(
    "worker",
    "retention: records are kept",
    "records dropped at once",
    () => ["select gate.drop_loose('1 minute')", []],
    ARGUMENT,
  ),
  appends(
    "trail: Decision.signed is not a kind",
    "a kind of another form",
    ["Decision.signed", "system:x"],
    ARGUMENT,
  ),
  appends("trail: the kind decision.signed is reserved", "a decision's entry", [
    "decision.signed",
    "system:x",
  ]),
  appends("trail: the kind export.completed is reserved", "an export nobody made", [
    "export.completed",
    "system:web",
  ]),
  appends("trail: summary.issued by", "the worker's entry", ["summary.issued", "system:x"]),
  appends("trail: no such actor", "an actor of another form", ["note.added", "nobody"], ARGUMENT),
  appends(
    "trail: no such actor",
    "a person who is not there",
    ["note.added", `person:${NOBODY}`],
    ARGUMENT,
  ),
  {
    ...by("owner", "checkpoint: size 1 is covered", "a second checkpoint of one size", () => [
      "insert into trail.checkpoint (size, root, note) values (1, sha256(''), '')",
      [],
    ]),
  },
  {
    name: "owner: a response run is deleted",
    says: "append-only: DELETE on response_run",
    notices: "no_deletion on response_run",
    run: async (w) => {
      await sign(w.web, await openProposal(w, "containment"), { person: w.lea });
      await undone(w.owner, (client) => client.query("delete from response_run"));
    },
  },
  guard("G10", "there is no such response", "a response that no decision named", (w) =>
    w.web.query("select gate.record_response($1, $2, 'verified')", [NOBODY, w.ana.id]),
  ),
  guard("G10", "there is no such passkey", "revoking what is not there", (w) =>
    revokeForTest(w.web, NOBODY, w.bo),
  ),
  guard("G2", "this must be", "someone who has left revokes a passkey", async (w) => {
    const { id } = await enrolForTest(w.web, { person: w.bo });
    await revokeForTest(w.web, id, w.gone);
  }),
  guard("G2", "this must be", "an evaluation that nobody asked for", (w) =>
    undone(w.web, (client) =>
      client.query(
        "insert into evaluation (id, config_id, prompts, suite) values ($1, $2, '{}', 'suite/1')",
        [randomUUID(), w.model.configId],
      ),
    ),
  ),
  guard("G10", "there is no such request", "cancelling what is not there", (w) =>
    w.web.query("select gate.cancel_run($1, $2)", [NOBODY, w.ana.id]),
  ),
  guard("G17", "an evaluation is not ended", "one request of an evaluation cancelled", (w) =>
    undone(w.owner, async (client) => {
      const evaluationId = randomUUID();
      await client.query(
        "insert into evaluation (id, config_id, prompts, suite, by_id) values ($1, $2, $3, 'suite/1', $4)",
        [evaluationId, w.model.configId, JSON.stringify(w.model.prompts), w.adm.id],
      );
      const { rows } = await client.query("select id from prompt_version limit 1");
      const asOwner = { pools: { worker: client } } as unknown as World["db"];
      const id = await queueRunForTest(asOwner, {
        ...{ incidentId: null, model: w.model, kind: "evaluation" },
        columns: { evaluation_id: evaluationId, prompt_version_id: rows[0].id },
      });
      await client.query("select gate.cancel_run($1, $2)", [id, w.ana.id]);
    }),
  ),
  guard("G17", "a probe is of one model", "a probe turned to another model", async (w) => {
    const id = await queueRunForTest(w.db, {
      ...{ incidentId: null, model: w.model, kind: "probe", askedBy: w.adm.id },
    });
    await undone(w.owner, (client) =>
      client.query("update model_run set config_id = gen_random_uuid() where id = $1", [id]),
    );
  }),
  guard("G17", "a question is a person's", "a question that nobody asked", (w) =>
    queueRunForTest(w.db, {
      ...{ incidentId: w.closed.incidentId, model: w.model, kind: "answer", askedBy: null },
    }),
  ),
];

type Statement = [sql: string, values: unknown[]];

function by(
  login: Login,
  says: string,
  name: string,
  statement: (w: World) => Statement,
  state?: string,
): Attack {
  return {
    ...{ name: `${login}: ${name}`, says, state },
    run: (w) => undone(w.db.pools[login], (client) => client.query(...statement(w))),
  };
}

function appends(says: string, name: string, given: [kind: string, actor: string], state?: string) {
  return by("web", says, name, () => ["select trail.append($1, $2, null, '{}')", given], state);
}

/** On a session of ana's, as it would be after `before`; the owner makes it so with the trigger off. */
function onSession(name: string, set: string, before = "revoked_at = null"): Attack {
  return {
    name: `owner: ${name}`,
    says: "session: what has ended",
    run: (w) =>
      undone(w.owner, async (client) => {
        const id = randomUUID();
        await client.query("insert into session (id, person_id, role) values ($1, $2, 'analyst')", [
          id,
          w.ana.id,
        ]);
        const { rows } = await client.query<{ on: string }>(
          "select tgenabled as on from pg_trigger where tgname = 'check_session'",
        );
        await client.query("alter table session disable trigger check_session");
        await client.query(`update session set ${before} where id = $1`, [id]);
        if (rows[0]!.on === "A")
          await client.query("alter table session enable always trigger check_session");
        await client.query(`update session set ${set} where id = $1`, [id]);
      }),
  };
}
