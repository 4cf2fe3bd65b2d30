import { randomUUID } from "node:crypto";
import { neverChanging } from "./testing-attacks-fixed.ts";
import { forbidden } from "./testing-attacks-rights.ts";
import type { Forbidden } from "./testing-attacks-rights.ts";
import type { Sql } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import { makeIncident } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const FORBIDDEN: Forbidden[] = [
  ["web", "insert into playbook select * from playbook", "permission denied for table playbook"],
  [
    "web",
    "insert into playbook_step select * from playbook_step",
    "permission denied for table playbook_step",
  ],
  ["web", "update task_state set state = 'done'", "permission denied for table task_state"],
  ["web", "delete from incident_task", "permission denied for table incident_task"],
  ["web", "delete from handover", "permission denied for table handover"],
  ["web", "update incident_watch set at = now()", "permission denied for table incident_watch"],
  // a model's words come by the worker: it neither makes a task nor ticks one
  [
    "worker",
    "insert into incident_task (id) values (gen_random_uuid())",
    "permission denied for table incident_task",
  ],
  [
    "worker",
    "insert into task_state (task_id) values (gen_random_uuid())",
    "permission denied for table task_state",
  ],
  ["worker", "insert into handover select * from handover", "permission denied for table handover"],
  ["auditor", "delete from incident_watch", "permission denied for table incident_watch"],
];

/** Attacks on tasks, playbooks and hand-overs. */
export const WORK_ATTACKS: Attack[] = [
  ...FORBIDDEN.map(forbidden),
  ...neverChanging(["playbook", "reason"]),
  ...neverChanging(["playbook_step", "title"]),
  ...neverChanging(["incident_task", "title"]),
  ...neverChanging(["task_state", "state"]),
  ...neverChanging(["handover", "at"]),
  ...neverChanging(["handover_taken", "at"]),
  ...neverChanging(["note_mention", "person_id"]),
  guard("G2", "this must be an active person", "a machine adds a task", (w) =>
    adding(w.web, w, w.machine),
  ),
  guard("G3", "the role may not do this", "an auditor adds a task", (w) => adding(w.web, w, w.aud)),
  {
    ...guard("G3", "the role may not do this", "the owner's own task by an auditor", (w) =>
      undone(w.owner, (client) => adding(client, w, w.aud)),
    ),
    notices: "check_tasker on incident_task",
  },
  {
    ...guard("G3", "the role may not do this", "the owner ticks a task as an auditor", (w) =>
      undone(w.owner, async (client) => {
        const id = await adding(client, w, w.bo);
        await client.query(
          "insert into task_state (task_id, number, state, removed, person_id) values ($1, 1, 'done', false, $2)",
          [id, w.aud.id],
        );
      }),
    ),
    notices: "check_tasker on task_state",
  },
  {
    name: "owner: a task that is done is removed",
    says: 'new row for relation "task_state" violates check constraint "task_state_removed"',
    run: (w) =>
      undone(w.owner, async (client) => {
        const id = await adding(client, w, w.bo);
        await client.query(
          "insert into task_state (task_id, number, state, removed, person_id) values ($1, 1, 'done', true, $2)",
          [id, w.bo.id],
        );
      }),
  },
  guard("G10", "no hand-over note", "handing over with somebody else's note", async (w) => {
    const { incidentId, noteId } = await note(w, w.bo, "handover");
    return handing(w.web, { incidentId, noteId, personId: w.ana.id });
  }),
  {
    ...guard("G10", "no hand-over note", "the owner hands over with any note", (w) =>
      undone(w.owner, async (client) => {
        const { incidentId, noteId } = await note(w, w.bo, "note");
        return handing(client, { incidentId, noteId, personId: w.bo.id });
      }),
    ),
    notices: "check_handover on handover",
  },
  guard("G10", "only whoever has the incident", "taking over what is somebody else's", (w) =>
    taking(w.web, w),
  ),
  {
    ...guard("G10", "only whoever has the incident", "the owner takes over for nobody", (w) =>
      undone(w.owner, (client) => taking(client, w)),
    ),
    notices: "check_taken on handover_taken",
  },
];

async function adding(sql: Sql, w: World, by: TestPerson): Promise<string> {
  const { id: incidentId } = await makeIncident(w.db);
  const id = randomUUID();
  await sql.query(
    "insert into incident_task (id, incident_id, place, title, details, person_id) values ($1, $2, 1, 'Ask', '', $3)",
    [id, incidentId, by.id],
  );
  return id;
}

async function note(w: World, by: TestPerson, kind: "note" | "handover") {
  const { id: incidentId } = await makeIncident(w.db);
  const data = { incidentId, personId: by.id, text: "Yours.", kind };
  return { incidentId, noteId: (await w.db.web.note.create({ data })).id };
}

type Handing = { incidentId: string; noteId: string; personId: string };

async function handing(sql: Sql, { incidentId, noteId, personId }: Handing): Promise<string> {
  const id = randomUUID();
  await sql.query(
    "insert into handover (id, incident_id, note_id, person_id) values ($1, $2, $3, $4)",
    [id, incidentId, noteId, personId],
  );
  return id;
}

async function taking(sql: Sql, w: World): Promise<unknown> {
  const made = await note(w, w.bo, "handover");
  const id = await handing(sql, { ...made, personId: w.bo.id });
  return sql.query("insert into handover_taken (handover_id, person_id) values ($1, $2)", [
    id,
    w.ana.id,
  ]);
}
