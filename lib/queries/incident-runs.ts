import { Prisma } from "#lib/db/generated/client.ts";
import type { AskedView, IncidentRunsView, StreamedClaim } from "#lib/contracts/copilot-views.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import type { Db } from "#lib/db/prisma.ts";
import { modelState } from "./model-state.ts";
import { asRunRow, RUN_COLUMNS, RUN_TABLES, type RunRowColumns } from "./run-row.ts";
import { iso } from "./shape.ts";

const ASKED_MAX = 50;
const OPEN_MAX = 50;

/** What goes on between an incident and the model: open runs, then the latest answers and drafts with their claims. */
export async function incidentRuns(db: Db, incidentId: string): Promise<IncidentRunsView> {
  const [open, asked, model] = await Promise.all([
    openRuns(db, incidentId),
    askedRuns(db, incidentId),
    modelState(db),
  ]);
  return { open, asked, model };
}

async function openRuns(db: Db, incidentId: string): Promise<IncidentRunsView["open"]> {
  const rows = await db.$queryRaw<RunRowColumns[]>`
    SELECT ${RUN_COLUMNS} FROM ${RUN_TABLES}
    WHERE r.incident_id = ${incidentId}::uuid AND r.state IN ('queued', 'streaming')
    ORDER BY r.state = 'queued', r.priority DESC, r.queued_at, r.id LIMIT ${OPEN_MAX}::int`;
  return rows.map(asRunRow);
}

async function askedRuns(db: Db, incidentId: string): Promise<AskedView[]> {
  const rows = await db.$queryRaw<RunRowColumns[]>`
    SELECT ${RUN_COLUMNS} FROM ${RUN_TABLES}
    WHERE r.incident_id = ${incidentId}::uuid AND r.kind IN ('answer', 'note', 'handover', 'message')
      AND NOT (${HAS_NEXT_ATTEMPT})
    ORDER BY r.queued_at DESC, r.id DESC LIMIT ${ASKED_MAX}::int`;
  const ids = rows.map(({ id }) => id);
  const [claims, notes] = await Promise.all([claimsOf(db, ids), notesOf(db, ids)]);
  return rows.map((row) => ({
    ...asRunRow(row),
    kind: row.kind as AskedView["kind"],
    claims: claims.get(row.id) ?? [],
    sentAs: notes.get(row.id) ?? null,
  }));
}

/** A run that failed in passing was queued again as another one: only that one is shown. */
const HAS_NEXT_ATTEMPT = Prisma.sql`
  EXISTS (SELECT FROM model_run n WHERE n.idem = 'after:' || r.id)`;

/** None of an answer that repeated the private marker: it was steered, and only the record of its run shows it. */
async function claimsOf(db: Db, runIds: string[]): Promise<Map<string, StreamedClaim[]>> {
  const rows = await db.$queryRaw<{ run_id: string; claims: StreamedClaim[] }[]>`
    SELECT e.run_id, jsonb_agg(e.data ORDER BY e.seq) AS claims FROM run_event e JOIN model_run r ON r.id = e.run_id
    WHERE e.run_id = ANY(${runIds}::uuid[]) AND e.kind = 'claim' AND r.canary_result IS DISTINCT FROM 'leaked'
    GROUP BY e.run_id`;
  return new Map(rows.map(({ run_id: id, claims }) => [id, claims]));
}

type NoteRow = {
  run_id: string;
  id: string;
  at: Date;
  person_id: string;
  name: string;
  role: Role;
};

async function notesOf(
  db: Db,
  runIds: string[],
): Promise<Map<string, NonNullable<AskedView["sentAs"]>>> {
  const rows = await db.$queryRaw<NoteRow[]>`
    SELECT DISTINCT ON (n.draft_run_id) n.draft_run_id AS run_id, n.id, n.at, p.id AS person_id, p.name, p.role
    FROM note n JOIN person p ON p.id = n.person_id
    WHERE n.draft_run_id = ANY(${runIds}::uuid[]) ORDER BY n.draft_run_id, n.at`;
  return new Map(
    rows.map(({ run_id: runId, id: noteId, at, person_id: id, name, role }) => [
      runId,
      { noteId, person: { id, name, role }, at: iso(at) },
    ]),
  );
}
