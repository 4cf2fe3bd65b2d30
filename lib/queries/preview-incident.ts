import type {
  IncidentPreview,
  PreviewDecision,
  PreviewSummary,
} from "#lib/contracts/preview-views.ts";
import type { IncidentHead } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Progress } from "#lib/domain/incident/task.ts";
import { notFound } from "#lib/domain/problem.ts";
import { findTechnique, fullTechniqueName } from "#lib/grounding/attack-table.ts";
import { iso } from "./shape.ts";

const CLAIMS_MAX = 5;
const ENTITIES_MAX = 10;
const TECHNIQUES_MAX = 8;
/** Techniques are read off so many alerts, the newest first. */
const ALERTS_READ = 200;
const DECISIONS_MAX = 3;
/** Longest excerpt of a note or a reason, in characters. */
export const EXCERPT_CHARACTERS = 280;

type Row = {
  summary: (Omit<PreviewSummary, "issuedAt"> & { issuedAt: string }) | null;
  entities: IncidentPreview["entities"];
  entityCount: number;
  techniques: string[];
  techniqueCount: number;
  decisions: PreviewDecision[];
  decisionCount: number;
  note: IncidentPreview["note"];
  progress: Progress;
};

/** What can be told of an incident without leaving the queue; one statement, each part of it bounded. */
export async function previewIncident(db: Db, head: IncidentHead): Promise<IncidentPreview> {
  const id = head.id;
  const rows = await db.$queryRaw<Row[]>`
    WITH named AS (
      SELECT t FROM (SELECT fields -> 'technique' AS names FROM evidence_item
          WHERE incident_id = ${id}::uuid AND kind = 'alert' ORDER BY position DESC LIMIT ${ALERTS_READ}::int) a,
        jsonb_array_elements_text(CASE jsonb_typeof(a.names) WHEN 'array' THEN a.names ELSE '[]' END) AS t
    ), waiting AS (
      SELECT e.* FROM decision e WHERE e.state = 'proposed' AND e.expires_at > now()
        AND (e.incident_id = ${id}::uuid
             OR e.id IN (SELECT m.decision_id FROM decision_incident m WHERE m.incident_id = ${id}::uuid))
    )
    SELECT
      (SELECT json_build_object('origin', s.origin, 'generator', s.generator, 'issuedAt', s.issued_at,
          'promptVersion', (SELECT v.name || '/' || v.version FROM model_run r JOIN prompt_version v ON v.id = r.prompt_version_id
                            WHERE r.id = s.model_run_id),
          'stale', s.evidence_root <> i.evidence_root,
          'claimCount', (SELECT count(*) FROM claim c WHERE c.summary_id = s.id),
          'claims', (SELECT coalesce(json_agg(json_build_object('id', c.id, 'text', c.text, 'standing', c.standing,
              'uncovered', c.uncovered, 'review', (SELECT w.outcome FROM claim_review w WHERE w.claim_id = c.id
                                                   ORDER BY w.at DESC, w.id DESC LIMIT 1)) ORDER BY c.front DESC, c.ordinal), '[]')
            FROM (SELECT * FROM claim_in_force f WHERE f.summary_id = s.id
                  ORDER BY f.front DESC, f.ordinal LIMIT ${CLAIMS_MAX}::int) c))
       FROM summary s WHERE s.incident_id = i.id ORDER BY s.origin = 'model' DESC, s.version DESC LIMIT 1) AS summary,
      (SELECT coalesce(json_agg(o ORDER BY o.specific DESC, o.count DESC, o.type, o.value), '[]')
       FROM (SELECT type, value, count, specific FROM incident_observable WHERE incident_id = i.id
             ORDER BY specific DESC, count DESC, type, value LIMIT ${ENTITIES_MAX}::int) o) AS entities,
      (SELECT count(*)::int FROM incident_observable WHERE incident_id = i.id) AS "entityCount",
      ARRAY(SELECT t FROM named GROUP BY t ORDER BY count(*) DESC, t LIMIT ${TECHNIQUES_MAX}::int) AS techniques,
      (SELECT count(DISTINCT t)::int FROM named) AS "techniqueCount",
      (SELECT coalesce(json_agg(json_build_object('id', d.id, 'kind', d.kind, 'proposer', person_view(p),
          'reason', left(d.content ->> 'reason', ${EXCERPT_CHARACTERS}::int),
          'cut', coalesce(length(d.content ->> 'reason') > ${EXCERPT_CHARACTERS}::int, false), 'expiresAt', d.expires_at) ORDER BY d.proposed_at), '[]')
       FROM (SELECT * FROM waiting ORDER BY proposed_at LIMIT ${DECISIONS_MAX}::int) d
       JOIN person p ON p.id = d.proposer_id) AS decisions,
      (SELECT count(*)::int FROM waiting) AS "decisionCount",
      (SELECT json_build_object('done', count(*) FILTER (WHERE s.state = 'done'), 'count', count(*) FILTER (WHERE s.state IS DISTINCT FROM 'not_needed'))
       FROM incident_task t LEFT JOIN LATERAL (SELECT * FROM task_state z WHERE z.task_id = t.id ORDER BY z.number DESC LIMIT 1) s ON true
       WHERE t.incident_id = i.id AND s.removed IS NOT TRUE) AS progress,
      (SELECT json_build_object('person', person_view(p), 'at', n.at, 'text', left(n.text, ${EXCERPT_CHARACTERS}::int),
          'cut', length(n.text) > ${EXCERPT_CHARACTERS}::int)
       FROM note n JOIN person p ON p.id = n.person_id WHERE n.incident_id = i.id ORDER BY n.at DESC, n.id DESC LIMIT 1) AS note
    FROM incident i WHERE i.id = ${id}::uuid`;
  const row = rows[0];
  if (!row) throw notFound("incident");
  return {
    head,
    summary: row.summary && { ...row.summary, issuedAt: utc(row.summary.issuedAt) },
    entities: row.entities,
    entityCount: row.entityCount,
    techniques: row.techniques.map(techniqueOf),
    techniqueCount: row.techniqueCount,
    alertsReadMax: ALERTS_READ,
    decisions: row.decisions.map((each) => ({ ...each, expiresAt: utc(each.expiresAt) })),
    decisionCount: row.decisionCount,
    progress: row.progress,
    note: row.note && { ...row.note, at: utc(row.note.at) },
  };
}

/** Postgres writes a time in JSON with the offset of its session. */
function utc(time: string): string {
  return iso(new Date(time));
}

function techniqueOf(id: string): { id: string; name: string } {
  const technique = findTechnique(id);
  return { id, name: technique ? fullTechniqueName(technique) : "" };
}
