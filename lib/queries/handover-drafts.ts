import type { HandoverDraft } from "#lib/contracts/work-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { mergedInto } from "#lib/db/merged-into.ts";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import { handoverText } from "#lib/domain/incident/handover.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import { STATUS_WORDS, VERDICT_WORDS } from "#lib/domain/incident/words.ts";
import { notFound } from "#lib/domain/problem.ts";

/** What is named of each kind; the note says how many more there are. */
const EACH_MAX = 60;

type Row = {
  number: number;
  title: string;
  status: IncidentStatus;
  verdict: Verdict | null;
  assignee: { id: string; name: string } | null;
  tasks: { title: string; state: string }[];
  decisions: { kind: DecisionKind; proposer: string; signed: number }[];
  pins: { position: number; title: string }[];
};

/** What hand-over notes of these incidents begin with, in the order asked. Throws Problem `not_found` 404. */
export function handoverDrafts(db: Db, incidentIds: readonly string[]): Promise<HandoverDraft[]> {
  return Promise.all(incidentIds.map((id) => draftOf(db, id)));
}

async function draftOf(db: Db, id: string): Promise<HandoverDraft> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT i.number, i.title, i.status, i.verdict,
      (SELECT json_build_object('id', p.id, 'name', p.name) FROM person p WHERE p.id = i.assignee_id) AS assignee,
      (SELECT coalesce(json_agg(json_build_object('title', t.title, 'state', coalesce(s.state, 'open')) ORDER BY t.place), '[]')
       FROM incident_task t LEFT JOIN LATERAL (
         SELECT * FROM task_state z WHERE z.task_id = t.id ORDER BY z.number DESC LIMIT 1) s ON true
       WHERE t.incident_id = i.id AND s.removed IS NOT TRUE) AS tasks,
      (SELECT coalesce(json_agg(json_build_object('kind', d.kind, 'proposer', d.name, 'signed', d.signed) ORDER BY d.proposed_at), '[]')
       FROM (SELECT e.kind, e.proposed_at, p.name,
               (SELECT count(*)::int FROM sign_off o WHERE o.decision_id = e.id AND o.outcome = 'approved') AS signed
             FROM decision e JOIN person p ON p.id = e.proposer_id
             WHERE e.state = 'proposed' AND e.expires_at > now() AND (e.incident_id = i.id
               OR e.id IN (SELECT m.decision_id FROM decision_incident m WHERE m.incident_id = i.id))
             ORDER BY e.proposed_at LIMIT ${EACH_MAX}::int) d) AS decisions,
      (SELECT coalesce(json_agg(json_build_object('position', r.position, 'title', r.title) ORDER BY r.position), '[]')
       FROM (SELECT e.position, e.title FROM record_pin k JOIN evidence_item e ON e.id = k.evidence_item_id AND e.incident_id = i.id
             WHERE k.incident_id IN (${mergedInto(id)}) AND NOT EXISTS (SELECT FROM record_unpin u WHERE u.pin_id = k.id)
             ORDER BY e.position LIMIT ${EACH_MAX}::int) r) AS pins
    FROM incident i WHERE i.id = ${id}::uuid`;
  const row = rows[0];
  if (!row) throw notFound("incident");
  return {
    incidentId: id,
    number: incidentNumber(row.number),
    title: row.title,
    assignee: row.assignee,
    text: handoverText({
      status: STATUS_WORDS[row.status],
      verdict: row.verdict && VERDICT_WORDS[row.verdict],
      openTasks: row.tasks.filter(({ state }) => state === "open").map(({ title }) => title),
      doneTasks: row.tasks.filter(({ state }) => state === "done").length,
      openDecisions: row.decisions.map(({ kind, proposer, signed }) => ({
        words: DECISION_WORDS[kind],
        proposer,
        signed,
      })),
      pins: row.pins.map(({ position, title }) => `${evidenceLabel(position)} ${title}`),
    }),
  };
}
