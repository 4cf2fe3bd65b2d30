import type { AutomationPageView, AutomationStopView } from "#lib/contracts/automation-views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { automationVersions } from "./automation-versions.ts";
import { iso } from "./shape.ts";

const STOPS_MAX = 100;

type StopRow = {
  id: string;
  scope: AutomationStopView["scope"];
  incident_type: string | null;
  incident_id: string | null;
  incident_number: number | null;
  reason: string;
  name: string | null;
  role: Role | null;
  at: Date;
};

/** What may run by itself, what waits for signatures, and what is stopped. */
export async function automationPage(db: Db): Promise<AutomationPageView> {
  const [versions, stops, counts, lastHour] = await Promise.all([
    automationVersions(db),
    activeStops(db, Prisma.sql`true`),
    db.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM automation_stopped`,
    db.$queryRaw<AutomationPageView["lastHour"]>`
      SELECT action, count(*)::int AS count FROM automatic_act
      WHERE decided_at > now() - interval '1 hour' GROUP BY action ORDER BY action`,
  ]);
  return { ...versions, stops, stopCount: counts[0]?.count ?? 0, lastHour };
}

/** The stops that hold for an incident: everywhere, for one of its types, for itself. */
export function stopsOf(db: Db, incidentId: string): Promise<AutomationStopView[]> {
  return activeStops(
    db,
    Prisma.sql`(s.scope = 'global' OR s.incident_id = ${incidentId}::uuid
      OR s.incident_type = ANY (gate.incident_types(${incidentId}::uuid)))`,
  );
}

async function activeStops(db: Db, condition: Prisma.Sql): Promise<AutomationStopView[]> {
  const rows = await db.$queryRaw<StopRow[]>`
    SELECT s.id, s.scope, s.incident_type, s.incident_id, i.number AS incident_number, s.reason, p.name, p.role, s.at
    FROM automation_stopped s LEFT JOIN incident i ON i.id = s.incident_id LEFT JOIN person p ON p.id = s.person_id
    WHERE ${condition}
    ORDER BY s.scope <> 'global', s.scope <> 'incident_type', s.at DESC, s.id DESC LIMIT ${STOPS_MAX}::int`;
  return rows.map((row) => ({
    id: row.id,
    scope: row.scope,
    incidentType: row.incident_type,
    incident:
      row.incident_id === null || row.incident_number === null
        ? null
        : { id: row.incident_id, number: incidentNumber(row.incident_number) },
    reason: row.reason,
    by: row.name === null || row.role === null ? null : { name: row.name, role: row.role },
    at: iso(row.at),
  }));
}
