import type { Db } from "#lib/db/prisma.ts";
import type { SummaryRun, SummaryView } from "#lib/contracts/views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { instructionLikeOf } from "./instruction-like.ts";
import { hex, iso } from "./shape.ts";
import { sourceHealth } from "./source-health.ts";
import { staleDetails } from "./stale-details.ts";
import { summaryClaims } from "./summary-claims.ts";

type SummaryRow = {
  id: string;
  origin: "rules" | "model";
  version: number;
  state: "complete" | "incomplete";
  state_reason: string | null;
  stale: boolean;
  generator: string;
  prompt_version: string | null;
  evidence_count: number;
  record_count: number;
  evidence_root: Uint8Array;
  issued_at: Date;
  not_mentioned: string[];
  run: SummaryRun | null;
};

/**
 * The current summary of the rules and the current one of the model, claims, sources and all. Seven statements, and
 * one more for each that is stale.
 */
export async function listSummaries(db: Db, incidentId: string): Promise<SummaryView[]> {
  const rows = await db.$queryRaw<SummaryRow[]>`
    SELECT s.id, s.origin, s.version, s.state, s.state_reason, s.evidence_root <> i.evidence_root AS stale, s.generator,
           v.name || '/' || v.version AS prompt_version, s.evidence_count, s.evidence_count - b.places AS record_count, s.evidence_root, s.issued_at, s.not_mentioned,
           CASE WHEN r.id IS NOT NULL THEN jsonb_build_object('id', r.id, 'costMicro', r.cost_micro, 'latencyMs', r.latency_ms,
             'leftOut', r.left_out, 'repairOf', r.repair_of) END AS run
    FROM (SELECT DISTINCT ON (origin) * FROM summary
          WHERE incident_id = ${incidentId}::uuid ORDER BY origin, version DESC) s
    JOIN incident i ON i.id = s.incident_id
    LEFT JOIN model_run r ON r.id = s.model_run_id LEFT JOIN prompt_version v ON v.id = r.prompt_version_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(1 + CASE WHEN u.position <= s.evidence_count THEN 1 ELSE p.count END), 0)::int AS places
      FROM incident_split p LEFT JOIN incident_unsplit u ON u.split_id = p.id
      WHERE p.from_id = s.incident_id AND p.position <= s.evidence_count) b
    ORDER BY s.origin DESC`;
  return withClaims(db, incidentId, rows);
}

async function withClaims(db: Db, incidentId: string, rows: SummaryRow[]): Promise<SummaryView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [claims, notMentioned, sources, instructionLike, staleBy] = await Promise.all([
    summaryClaims(db, ids),
    readNotMentioned(
      db,
      incidentId,
      rows.flatMap((row) => row.not_mentioned),
    ),
    sourceHealth(db, incidentId),
    instructionLikeOf(db, ids),
    Promise.all(
      rows.map(async (row) =>
        row.stale ? staleDetails(db, incidentId, row.evidence_count) : null,
      ),
    ),
  ]);
  return rows.map((row, at) => ({
    id: row.id,
    origin: row.origin,
    version: row.version,
    state: row.state,
    stateReason: row.state_reason,
    stale: row.stale,
    staleBy: staleBy[at] ?? null,
    generator: row.generator,
    promptVersion: row.prompt_version,
    evidenceCount: row.evidence_count,
    recordCount: row.record_count,
    evidenceRoot: hex(row.evidence_root),
    issuedAt: iso(row.issued_at),
    claims: claims.get(row.id) ?? [],
    notMentioned: row.not_mentioned.flatMap((id) => notMentioned.get(id) ?? []),
    sources,
    run: row.run,
    instructionLike: instructionLike.get(row.id) ?? { count: 0, records: [] },
  }));
}

type NotMentioned = SummaryView["notMentioned"][number];

/** Of the incident's own: one that went to another is not missing here. */
async function readNotMentioned(
  db: Db,
  incidentId: string,
  ids: string[],
): Promise<Map<string, NotMentioned>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<
    { id: string; position: number | null; title: string; severity: Severity | null }[]
  >`
    SELECT id, position, title, severity FROM evidence_item
    WHERE id = ANY(${ids}::uuid[]) AND incident_id = ${incidentId}::uuid`;
  return new Map(
    rows.map(({ id, position, title, severity }) => [
      id,
      {
        evidenceId: id,
        label: evidenceLabel(position ?? 0),
        title,
        severity: severity ?? "informational",
      },
    ]),
  );
}
