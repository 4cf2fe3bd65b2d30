import type { QueueRow } from "#lib/contracts/views.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";

export const QUEUE_SELECT = {
  id: true,
  number: true,
  title: true,
  severity: true,
  status: true,
  verdict: true,
  openedAt: true,
  lastActivityAt: true,
  slaDueAt: true,
  assignee: { select: { id: true, name: true } },
  sourceNames: true,
  alertCount: true,
  eventCount: true,
  summaryStanding: true,
  escalatedBy: true,
  containedBy: true,
  decisions: { where: { state: "proposed" }, select: { kind: true }, take: 4 },
} as const satisfies Prisma.IncidentSelect;

type Selected = Prisma.IncidentGetPayload<{ select: typeof QUEUE_SELECT }>;

export function queueRow(incident: Selected): QueueRow {
  return {
    id: incident.id,
    number: incidentNumber(incident.number),
    title: incident.title,
    severity: incident.severity as Severity,
    status: incident.status as IncidentStatus,
    verdict: incident.verdict as Verdict | null,
    openedAt: incident.openedAt.toISOString(),
    lastActivityAt: incident.lastActivityAt.toISOString(),
    slaDueAt: incident.slaDueAt.toISOString(),
    assignee: incident.assignee,
    sources: incident.sourceNames,
    alertCount: incident.alertCount,
    eventCount: incident.eventCount,
    summaryStanding: incident.summaryStanding as Standing | null,
    escalated: incident.escalatedBy !== null,
    contained: incident.containedBy !== null,
    waitingFor: incident.decisions.map((decision) => decision.kind as DecisionKind),
  };
}
