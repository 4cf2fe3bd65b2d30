import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Login } from "#lib/env.ts";
import { guard } from "./testing-moves.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

/** Attacks on runs, their events, evaluations and money by the logins that may write something of them. */
export const RUN_ATTACKS: Attack[] = [
  // G17: which moves a run makes.
  born("a run begins queued", "worker", "a run born under way", { state: "'streaming'" }),
  born("a run begins queued", "worker", "a run born finished", { state: "'finished'" }),
  born("only a person", "web", "a run of an evaluation", { kind: "'evaluation'" }),
  born("only a person", "web", "a run that nobody asked for", { asked_by: "null" }),
  born("only a person", "web", "a run that was tried before", { attempt: "3" }),
  born("a repair is of", "worker", "a repair of nothing", {
    kind: "'repair'",
    repair_of: "gen_random_uuid()",
  }),
  born("an evaluation is of one", "worker", "a run of an evaluation of another model", {
    kind: "'evaluation'",
    evaluation_id: "gen_random_uuid()",
  }),
  run("G17", "no move of a run from finished", "worker", "$F", "state = 'queued'"),
  run("G17", "no move of a run from finished", "worker", "$F", "response = 'Better.'"),
  run("G17", "no move of a run from queued to finished", "worker", "$Q", "state = 'finished'"),
  run("G17", "no move of a run from streaming to queued", "worker", "$S", "state = 'queued'"),
  run("G17", "which request", "owner", "$Q", "question = 'Another one?'"),
  run("G17", "which request", "owner", "$Q", "kind = 'summary', question = null"),
  run("G17", "which request", "owner", "$Q", "priority = 99"),
  run("G17", "what was asked", "owner", "$S", "request = '{}'"),
  run("G17", "what was asked", "owner", "$S", "reserved_micro = 0"),
  run("G17", "what was asked", "owner", "$S", "evidence_root = sha256('')"),
  run("G17", "what was asked", "worker", "$S", "not_before = now()"),
  run("G17", "the model is", "owner", "$Q", "model = 'another'"),
  started("G17 the hash is not", "a request with another hash", { request: "'{\"other\":1}'" }),
  started("G20 a run holds back", "a start that holds nothing back", { reserve: "null" }),
  started("G20 a run holds back", "a start that holds back less than nothing", { reserve: "-5" }),
  guard("G17", "a run starts on what", "a start on an older view of the switch", (w) =>
    undone(w.db.pools.worker, async (client) => {
      await client.query("set transaction isolation level repeatable read");
      await client.query(startSql({}), [w.runs.queued]);
    }),
  ),
  trigger(
    "check_new_run on model_run",
    born("a run begins queued", "worker", "as ever", { state: "'finished'" }),
  ),
  trigger(
    "check_run_move on model_run",
    run("G17", "what was asked", "owner", "$S", "fence = 'x'"),
  ),
  // G2, G3: who asks.
  asked("G2 this must be", "someone who has left asks", (w) => w.gone.id),
  asked("G2 this must be", "a machine asks", (w) => w.machine.id),
  asked("G3 the role may not ask", "an auditor asks", (w) => w.aud.id),
  asked("G3 the role may not ask", "an admin asks about an incident", (w) => w.adm.id),
  // G18: what a run's readers are shown.
  event("events are of a run", "an event of a run that waits", "$Q", 1, "notice"),
  event("events are of a run", "an event of a run that ended", "$F", 3, "notice"),
  event("the next event is", "an event that leaves a gap", "$S", 7, "notice"),
  event("the next event is", "an event in the place of another", "$S", 1, "notice"),
  event("a run ends with its event", "the last event of a run that goes on", "$S", 2, "done"),
  run("G18", "a run ends with its event", "worker", "$S", "state = 'finished'"),
  run("G18", "a run ends with its event", "worker", "$Q", "state = 'cancelled'"),
  trigger("check_run_event on run_event", event("the next event is", "again", "$S", 7, "notice")),
  trigger(
    "run_done on run_event",
    event("a run ends with its event", "the last event alone", "$S", 2, "done"),
  ),
  trigger(
    "run_done on model_run",
    run("G18", "a run ends with its event", "worker", "$S", "state = 'failed'"),
  ),
  // G19: how an evaluation ends.
  evaluation(
    "an evaluation begins",
    "insert",
    "an evaluation born finished",
    "state, finished_at, scores, cases, cases_done",
    "'finished', now(), '{}', 1, 0",
  ),
  evaluation(
    "an evaluation begins",
    "insert",
    "an evaluation with scores from the start",
    "scores",
    "'{}'",
  ),
  evaluation(
    "no such move",
    "update",
    "an ended evaluation with other scores",
    "scores",
    "'{\"claims\":1}'",
  ),
  evaluation(
    "no such move",
    "update",
    "an ended evaluation for other prompts",
    "prompts",
    "'{\"summarise\":7}'",
  ),
  trigger(
    "check_evaluation on evaluation",
    evaluation("no such move", "update", "an ended evaluation that goes on", "state", "'running'"),
  ),
  // G10: a note from a draft that is none.
  noted("G10 there is no such draft", "a note from a draft that is not there", "gen_random_uuid()"),
  noted("G10 there is no such draft", "a note from what is no draft", "'$F'"),
  trigger(
    "check_draft on note",
    noted("G10 there is no such draft", "a note from an answer", "'$Q'"),
  ),
  // Money.
  limit("G3 this is for an admin", "a lead sets the budget", (w) => w.lea.id),
  limit("G2 this must be", "nobody sets the budget", () => null),
  trigger(
    "check_budget_limit on budget_limit",
    limit("G3 this is for an admin", "an analyst sets the budget", (w) => w.ana.id),
  ),
  {
    name: "owner: what was held back for a run is given back before it ends",
    says: 'new row for relation "model_budget" violates check constraint "model_budget_reserved"',
    notices: "settle_run on model_run",
    run: (w) =>
      undone(w.owner, async (client) => {
        await client.query("update model_budget set reserved_micro = 0");
        await client.query(
          `insert into run_event (run_id, seq, kind, data) values ($1, 2, 'done', '{}')`,
          [w.runs.streaming],
        );
        await client.query("update model_run set state = 'failed' where id = $1", [
          w.runs.streaming,
        ]);
      }),
  },
  money("limit_micro = 0", "model_budget_holds", "a limit under what is held back"),
  money("reserved_micro = -1", "model_budget_reserved", "less than nothing held back"),
  money("spent_micro = -1", "model_budget_spent", "less than nothing spent"),
];

function trigger(name: string, attack: Attack): Attack {
  return { ...attack, name: `${attack.name} (${name})`, notices: name };
}

function filled(text: string, { runs }: World): string {
  return text
    .replaceAll("$Q", runs.queued)
    .replaceAll("$S", runs.streaming)
    .replaceAll("$F", runs.finished);
}

function sqlAttack(
  says: string,
  name: string,
  login: Login,
  statement: (w: World) => string,
): Attack {
  const code = /^G\d+/.exec(says)?.[0];
  const attack = (w: World): Promise<void> =>
    undone(w.db.pools[login], (client: Client) => client.query(filled(statement(w), w)));
  return { name: `${login}: ${name}`, says, ...(code && { notices: code }), run: attack };
}

function born(
  words: string,
  login: "web" | "worker",
  name: string,
  columns: Record<string, string>,
): Attack {
  return sqlAttack(`G17 ${words}`, name, login, (w) => insertRun(w, columns));
}

function insertRun(w: World, columns: Record<string, string>): string {
  const row: Record<string, string> = {
    id: "gen_random_uuid()",
    kind: "'note'",
    incident_id: `'${w.closed.incidentId}'`,
    config_id: `'${w.model.configId}'`,
    prompt_version_id: `(select prompt_version_id from model_run where id = '${w.runs.queued}')`,
    asked_by: `'${w.bo.id}'`,
    model: "'m-1'",
    state: "'queued'",
    idem: `'${randomUUID()}'`,
    incident_version: "1",
    evidence_root: "sha256('')",
    ...columns,
  };
  return `insert into model_run (${Object.keys(row).join(", ")}) values (${Object.values(row).join(", ")})`;
}

function asked(says: string, name: string, by: (w: World) => string): Attack {
  return sqlAttack(says, name, "web", (w) => insertRun(w, { asked_by: `'${by(w)}'` }));
}

function run(code: string, words: string, login: Login, id: string, set: string): Attack {
  return sqlAttack(
    `${code} ${words}`,
    `a run: ${set} (${id})`,
    login,
    () => `update model_run set ${set} where id = '${id}'`,
  );
}

function startSql({ request = "'{}'", reserve = "1" }): string {
  return `select gate.start_run($1, 'w', ${request}, sha256('{}'), '{}', ${reserve}, 'f', 'c', null, null, null, sha256(''), 1, 1)`;
}

function started(
  says: string,
  name: string,
  forged: { request?: string; reserve?: string },
): Attack {
  const sql = startSql(forged).replace("$1", "'$Q'");
  return sqlAttack(says, name, "worker", () => sql);
}

function event(words: string, name: string, id: string, seq: number, kind: string): Attack {
  return sqlAttack(
    `G18 ${words}`,
    name,
    "worker",
    () =>
      `insert into run_event (run_id, seq, kind, data) values ('${id}', ${seq}, '${kind}', '{}')`,
  );
}

function evaluation(
  words: string,
  how: "insert" | "update",
  name: string,
  columns: string,
  values: string,
): Attack {
  return sqlAttack(`G19 ${words}`, name, "owner", ({ model }) =>
    how === "insert"
      ? `insert into evaluation (id, config_id, prompts, suite, ${columns})
         values (gen_random_uuid(), '${model.configId}', '{"summarise":1}', 'suite/1', ${values})`
      : `update evaluation set ${columns} = ${values} where id = '${model.evaluationId}'`,
  );
}

function noted(says: string, name: string, draft: string): Attack {
  return sqlAttack(
    says,
    name,
    "web",
    (w) => `insert into note (id, incident_id, person_id, text, draft_run_id)
      values (gen_random_uuid(), '${w.closed.incidentId}', '${w.ana.id}', 'Mine.', ${draft})`,
  );
}

function limit(says: string, name: string, by: (w: World) => string | null): Attack {
  return sqlAttack(says, name, "web", (w) => {
    const id = by(w);
    return `insert into budget_limit (id, run_micro, incident_micro, day_micro, all_micro, reason, by_id)
      values (gen_random_uuid(), 1, 1, 1, 1, 'More.', ${id === null ? "null" : `'${id}'`})`;
  });
}

function money(set: string, constraint: string, name: string): Attack {
  const says = `new row for relation "model_budget" violates check constraint "${constraint}"`;
  return sqlAttack(says, name, "owner", () => `update model_budget set ${set} where scope = 'all'`);
}
