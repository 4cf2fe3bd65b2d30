import { Prisma } from "#lib/db/generated/client.ts";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import type { RunFault, RunKind, RunState } from "#lib/domain/copilot/run.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { iso } from "./shape.ts";

export type RunRowColumns = {
  id: string;
  kind: RunKind;
  state: RunState;
  incident_id: string | null;
  incident_number: number | null;
  incident_title: string | null;
  model: string;
  config_name: string | null;
  config_version: number | null;
  asker_id: string | null;
  asker_name: string | null;
  asker_role: Role | null;
  question: string | null;
  queued_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  cost_micro: bigint | null;
  error: string | null;
  fault: RunFault | null;
  ahead: number | null;
  waits_for: string | null;
};

/** The columns of a run's line, over `RUN_TABLES`. A run that was never sent has no start. */
export const RUN_COLUMNS = Prisma.sql`
  r.id, r.kind, r.state, r.incident_id, i.number AS incident_number, i.title AS incident_title, r.model,
  c.name AS config_name, c.version AS config_version, a.id AS asker_id, a.name AS asker_name, a.role AS asker_role,
  r.question, r.queued_at, CASE WHEN r.request IS NOT NULL THEN r.started_at END AS started_at, r.finished_at,
  r.cost_micro, r.error, r.fault, r.waits_for,
  CASE WHEN r.state = 'queued' THEN
    (SELECT count(*)::int FROM model_run q WHERE q.state = 'queued'
      AND (q.priority > r.priority OR (q.priority = r.priority AND (q.queued_at, q.id) < (r.queued_at, r.id))))
  END AS ahead`;

export const RUN_TABLES = Prisma.sql`
  model_run r LEFT JOIN incident i ON i.id = r.incident_id
  LEFT JOIN model_config c ON c.id = r.config_id LEFT JOIN person a ON a.id = r.asked_by`;

export function asRunRow(row: RunRowColumns): RunRow {
  const { incident_id: incidentId, incident_number: number, config_name: configName } = row;
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    incident: incidentId
      ? { id: incidentId, number: incidentNumber(number ?? 0), title: row.incident_title ?? "" }
      : null,
    model: row.model,
    config: configName === null ? null : { name: configName, version: row.config_version ?? 0 },
    askedBy:
      row.asker_id === null
        ? null
        : { id: row.asker_id, name: row.asker_name ?? "", role: row.asker_role ?? "analyst" },
    question: row.question,
    queuedAt: iso(row.queued_at),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    costMicro: row.cost_micro === null ? null : Number(row.cost_micro),
    error: row.error,
    fault: row.fault,
    ahead: row.ahead,
    waitsFor: row.state === "queued" ? row.waits_for : null,
  };
}
