import type {
  HandoverView,
  IncidentWorkView,
  PlaybookView,
  TaskView,
} from "#lib/contracts/work-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { PLAYBOOKS_MAX } from "#lib/domain/incident/playbook.ts";
import { byFit, TASKS_EVER_MAX } from "#lib/domain/incident/task.ts";
import type { TaskState } from "#lib/domain/incident/task.ts";
import { iso } from "./shape.ts";

/** Tasks, playbooks, the open hand-over, and whether this person watches: what people do in an incident. */
export async function readIncidentWork(
  db: Db,
  incidentId: string,
  personId: string | null,
): Promise<IncidentWorkView> {
  const [tasks, playbooks, handover, watching] = await Promise.all([
    listTasks(db, incidentId),
    listPlaybooks(db, incidentId),
    openHandover(db, incidentId),
    personId === null ? false : isWatching(db, incidentId, personId),
  ]);
  return { tasks, playbooks, handover, watching };
}

type TaskRow = Omit<TaskView, "playbook" | "addedAt" | "changed"> & {
  playbook: string | null;
  version: number | null;
  at: Date;
  by: PersonView | null;
  changed_at: Date | null;
};

/** In order; without those that were removed. */
async function listTasks(db: Db, incidentId: string): Promise<TaskView[]> {
  const rows = await db.$queryRaw<TaskRow[]>`
    SELECT t.id, t.title, t.details, t.tactic, t.playbook, t.playbook_version AS version, t.at,
           person_view(a) AS "addedBy", coalesce(s.state, 'open') AS state,
           CASE WHEN g.id IS NOT NULL THEN person_view(g) END AS assignee,
           CASE WHEN b.id IS NOT NULL THEN person_view(b) END AS by, s.at AS changed_at
    FROM incident_task t JOIN person a ON a.id = t.person_id
    LEFT JOIN LATERAL (SELECT * FROM task_state z WHERE z.task_id = t.id ORDER BY z.number DESC LIMIT 1) s ON true
    LEFT JOIN person g ON g.id = s.assignee_id LEFT JOIN person b ON b.id = s.person_id
    WHERE t.incident_id = ${incidentId}::uuid AND s.removed IS NOT TRUE
    ORDER BY t.place LIMIT ${TASKS_EVER_MAX}::int`;
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    details: row.details,
    tactic: row.tactic,
    playbook:
      row.playbook === null || row.version === null
        ? null
        : { name: row.playbook, version: row.version },
    addedBy: row.addedBy,
    addedAt: iso(row.at),
    state: row.state satisfies TaskState,
    assignee: row.assignee,
    changed: row.by && row.changed_at ? { by: row.by, at: iso(row.changed_at) } : null,
  }));
}

type PlaybookRow = PlaybookView & { rank: number; types: string[] };

async function listPlaybooks(db: Db, incidentId: string): Promise<PlaybookView[]> {
  const rows = await db.$queryRaw<PlaybookRow[]>`
    SELECT p.name, p.version, p.incident_types AS "incidentTypes", p.rank, y.types,
           ARRAY(SELECT s.title FROM playbook_step s WHERE s.playbook = p.name AND s.version = p.version ORDER BY s.number) AS steps,
           EXISTS (SELECT FROM incident_task t WHERE t.incident_id = ${incidentId}::uuid AND t.playbook = p.name
             AND NOT coalesce((SELECT z.removed FROM task_state z WHERE z.task_id = t.id ORDER BY z.number DESC LIMIT 1), false)) AS started
    FROM (SELECT DISTINCT ON (name) * FROM playbook ORDER BY name, version DESC) p,
         (SELECT gate.incident_types(${incidentId}::uuid) AS types) y
    WHERE EXISTS (SELECT FROM playbook_step s WHERE s.playbook = p.name AND s.version = p.version)
    ORDER BY p.rank DESC, p.name LIMIT ${PLAYBOOKS_MAX}::int`;
  return byFit(rows, rows[0]?.types ?? []).map(
    ({ name, version, incidentTypes, steps, started }) => ({
      name,
      version,
      incidentTypes,
      steps,
      started,
    }),
  );
}

/** The last one, unless it was taken over. */
async function openHandover(db: Db, incidentId: string): Promise<HandoverView | null> {
  const rows = await db.$queryRaw<(Omit<HandoverView, "at"> & { at: Date; taken: boolean })[]>`
    SELECT h.id, h.note_id AS "noteId", person_view(p) AS by, h.at, n.text,
           CASE WHEN t.id IS NOT NULL THEN person_view(t) END AS "to",
           EXISTS (SELECT FROM handover_taken k WHERE k.handover_id = h.id) AS taken
    FROM handover h JOIN note n ON n.id = h.note_id JOIN person p ON p.id = h.person_id
    LEFT JOIN person t ON t.id = h.to_id
    WHERE h.incident_id = ${incidentId}::uuid ORDER BY h.at DESC, h.id DESC LIMIT 1`;
  const last = rows[0];
  if (!last || last.taken) return null;
  const { id, noteId, by, to, at, text } = last;
  return { id, noteId, by, to, at: iso(at), text };
}

async function isWatching(db: Db, incidentId: string, personId: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM incident_watch WHERE person_id = ${personId}::uuid AND incident_id = ${incidentId}::uuid`;
  return rows.length > 0;
}
