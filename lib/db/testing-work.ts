import { randomUUID } from "node:crypto";
import { makeIncident } from "./testing-people.ts";
import type { TestDatabase } from "./testing.ts";

/** A task that was done, and a hand-over that was taken over and names somebody: one row of each that never changes. */
export async function makeWork(db: TestDatabase, personId: string): Promise<void> {
  const { id: incidentId } = await makeIncident(db);
  const [task, handover] = [randomUUID(), randomUUID()];
  const data = { incidentId, personId, text: "Yours.", kind: "handover" };
  const { id: note } = await db.web.note.create({ data });
  const { web } = db.pools;
  await web.query("update incident set assignee_id = $2 where id = $1", [incidentId, personId]);
  await web.query(
    "insert into incident_task (id, incident_id, place, title, details, person_id) values ($1, $2, 1, 'Ask', '', $3)",
    [task, incidentId, personId],
  );
  await web.query(
    "insert into task_state (task_id, number, state, removed, person_id) values ($1, 1, 'done', false, $2)",
    [task, personId],
  );
  await web.query(
    "insert into handover (id, incident_id, note_id, person_id, to_id) values ($1, $2, $3, $4, $4)",
    [handover, incidentId, note, personId],
  );
  await web.query("insert into handover_taken (handover_id, person_id) values ($1, $2)", [
    handover,
    personId,
  ]);
  await web.query("insert into note_mention (note_id, person_id) values ($1, $2)", [
    note,
    personId,
  ]);
}
