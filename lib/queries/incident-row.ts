import { Prisma } from "#lib/db/generated/client.ts";
import type { BreakGlassState } from "#lib/domain/decision/second-review.ts";
import type { QueueRow } from "#lib/contracts/views.ts";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import { iso } from "./shape.ts";

export type IncidentRow = {
  id: string;
  number: number;
  title: string;
  severity: Severity;
  status: IncidentStatus;
  verdict: Verdict | null;
  opened_at: Date;
  last_activity_at: Date;
  sla_due_at: Date;
  decide_due_at: Date;
  assignee_id: string | null;
  assignee_name: string | null;
  source_names: string[];
  alert_count: number;
  event_count: number;
  summary_standing: Standing | null;
  escalated: boolean;
  contained: boolean;
  waiting_for: DecisionKind[];
  break_glass: BreakGlassState | null;
};

/** The columns of a queue row, over `incident i` left joined with its assignee `p`. */
export const INCIDENT_COLUMNS = Prisma.sql`
  i.id, i.number, i.title, i.severity, i.status, i.verdict, i.opened_at, i.last_activity_at, i.sla_due_at, i.decide_due_at,
  i.assignee_id, p.name AS assignee_name, i.source_names, i.alert_count, i.event_count, i.summary_standing,
  i.escalated_by IS NOT NULL AS escalated, i.contained_by IS NOT NULL AND EXISTS (
    SELECT FROM response_run r LEFT JOIN response_task k ON k.run_id = r.id
    WHERE r.incident_id = i.id AND r.decision_id IS NOT NULL AND k.undo_of IS NULL
      AND NOT EXISTS (SELECT FROM response_task u JOIN response_run w ON w.id = u.run_id
        WHERE u.undo_of = r.id AND w.outcome <> 'failed')) AS contained,
  ARRAY(SELECT d.kind FROM decision d
        WHERE (d.incident_id = i.id OR d.id IN (SELECT m.decision_id FROM decision_incident m WHERE m.incident_id = i.id))
          AND d.state = 'proposed' AND d.expires_at > now()
        ORDER BY d.proposed_at) AS waiting_for,
  (SELECT CASE WHEN bool_or(d.state = 'proposed' AND d.expires_at > now()) THEN 'waiting'
            WHEN bool_or(r.outcome = 'objected') THEN 'objected'
            WHEN bool_or(r.decision_id IS NOT NULL AND r.at IS NULL) THEN 'review_due'
            WHEN bool_or(r.outcome = 'upheld') THEN 'upheld' END
   FROM decision d LEFT JOIN second_review r ON r.decision_id = d.id
   WHERE d.incident_id = i.id AND d.break_glass) AS break_glass`;

export function asQueueRow(row: IncidentRow): QueueRow {
  const { assignee_id: assigneeId, assignee_name: assigneeName } = row;
  return {
    id: row.id,
    number: incidentNumber(row.number),
    title: row.title,
    severity: row.severity,
    status: row.status,
    verdict: row.verdict,
    openedAt: iso(row.opened_at),
    lastActivityAt: iso(row.last_activity_at),
    slaDueAt: iso(row.sla_due_at),
    decideDueAt: iso(row.decide_due_at),
    assignee: assigneeId ? { id: assigneeId, name: assigneeName ?? "" } : null,
    sources: row.source_names,
    alertCount: row.alert_count,
    eventCount: row.event_count,
    summaryStanding: row.summary_standing,
    escalated: row.escalated,
    contained: row.contained,
    waitingFor: row.waiting_for,
    breakGlass: row.break_glass,
  };
}
