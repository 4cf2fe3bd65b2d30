import type { Tx } from "#lib/db/prisma.ts";
import { emptyClaimsHash } from "#lib/commands/claims-hash.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { EMPTY_EVIDENCE_ROOT } from "./incident-draft.ts";
import type { IncidentDraft, LockedIncident } from "./incident-draft.ts";

type LockedRow = {
  id: string;
  number: number;
  title: string;
  severity: Severity;
  closed: boolean;
  source_id: string | null;
  source_key: string | null;
  source_names: string[];
  evidence_count: number;
  alert_count: number;
  event_count: number;
  evidence_peaks: Uint8Array;
  first_ms: number | null;
  last_ms: number | null;
};

/** Locks incidents in the order of their ids, so that two transactions never wait for each other. */
export async function lockIncidents(tx: Tx, ids: string[]): Promise<Map<string, LockedIncident>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<LockedRow[]>`
    SELECT id, number, title, severity, status = 'closed' AS closed, source_id, source_key, source_names,
           evidence_count, alert_count, event_count, evidence_peaks,
           (extract(epoch FROM first_evidence_at) * 1000)::float8 AS first_ms,
           (extract(epoch FROM last_evidence_at) * 1000)::float8 AS last_ms
    FROM incident WHERE id = ANY(${ids}::uuid[]) AND merged_into_id IS NULL
    ORDER BY id FOR UPDATE`;
  return new Map(rows.map((row) => [row.id, asLocked(row)]));
}

function asLocked(row: LockedRow): LockedIncident {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    severity: row.severity,
    closed: row.closed,
    sourceId: row.source_id,
    sourceKey: row.source_key,
    sourceNames: row.source_names,
    evidenceCount: row.evidence_count,
    alertCount: row.alert_count,
    eventCount: row.event_count,
    evidencePeaks: row.evidence_peaks,
    firstEvidenceAt: row.first_ms,
    lastEvidenceAt: row.last_ms,
  };
}

/** Opens the new incidents in order and gives their numbers. */
export async function openIncidents(tx: Tx, drafts: readonly IncidentDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const json = JSON.stringify(drafts.map(asRow));
  const claims = emptyClaimsHash();
  const rows = await tx.$queryRaw<{ id: string; number: number }[]>`
    INSERT INTO incident (id, title, severity, severity_rank, source_id, source_key, source_names,
                          evidence_count, alert_count, event_count, evidence_root, evidence_peaks, claims_hash,
                          first_evidence_at, last_evidence_at)
    SELECT r.id, r.title, r.severity, r.rank, r.source_id, r.source_key, r.names,
           r.evidence, r.alerts, r.events, decode(r.root, 'hex'), decode(r.peaks, 'hex'), ${claims}::bytea,
           r.first, r.last
    FROM json_to_recordset(${json}::json) AS r(ord int, id uuid, title text, severity text, rank int,
         source_id uuid, source_key text, names text[], evidence int, alerts int, events int, root text, peaks text,
         first timestamptz, last timestamptz)
    ORDER BY r.ord
    RETURNING id, number`;
  const numbers = new Map(rows.map((row) => [row.id, row.number]));
  for (const draft of drafts) draft.number = numbers.get(draft.id) ?? null;
}

export async function updateIncidents(tx: Tx, drafts: readonly IncidentDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const json = JSON.stringify(drafts.map(asRow));
  await tx.$executeRaw`
    UPDATE incident i SET
      title = r.title, severity = r.severity, severity_rank = r.rank,
      source_id = r.source_id, source_key = r.source_key, source_names = r.names,
      evidence_count = r.evidence, alert_count = r.alerts, event_count = r.events,
      evidence_root = decode(r.root, 'hex'), evidence_peaks = decode(r.peaks, 'hex'),
      first_evidence_at = r.first, last_evidence_at = r.last, last_activity_at = now()
    FROM json_to_recordset(${json}::json) AS r(id uuid, title text, severity text, rank int,
         source_id uuid, source_key text, names text[], evidence int, alerts int, events int, root text, peaks text,
         first timestamptz, last timestamptz)
    WHERE i.id = r.id`;
}

function asRow(draft: IncidentDraft, ord: number): Record<string, unknown> {
  return {
    ord,
    id: draft.id,
    title: draft.title,
    severity: draft.severity,
    rank: draft.severityRank,
    source_id: draft.sourceId,
    source_key: draft.sourceKey,
    names: draft.sourceNames,
    evidence: draft.evidenceCount,
    alerts: draft.alertCount,
    events: draft.eventCount,
    root: draft.evidenceRoot.toString("hex"),
    peaks: draft.evidencePeaks.toString("hex"),
    first: isoOf(draft.firstEvidenceAt),
    last: isoOf(draft.lastEvidenceAt),
  };
}

export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

export type MovedItem = {
  id: string;
  from: string;
  kind: "alert" | "event" | "incident";
  sha256: Uint8Array;
};

/** The evidence of incidents that are about to be merged away, in order. */
export async function evidenceOf(tx: Tx, incidentIds: string[]): Promise<MovedItem[]> {
  if (incidentIds.length === 0) return [];
  const rows = await tx.$queryRaw<
    { id: string; incident_id: string; kind: MovedItem["kind"]; raw_sha256: Uint8Array }[]
  >`
    SELECT id, incident_id, kind, raw_sha256 FROM evidence_item
    WHERE incident_id = ANY(${incidentIds}::uuid[]) ORDER BY incident_id, position`;
  return rows.map((row) => ({
    id: row.id,
    from: row.incident_id,
    kind: row.kind,
    sha256: row.raw_sha256,
  }));
}

/** Gives incidents up for the drafted one: their evidence moves, a key goes with it, their page leads there. */
export async function mergeIncidents(
  tx: Tx,
  { id: intoId, sourceId, sourceKey, group: { merge: mergedIds } }: IncidentDraft,
  moved: { id: string; position: number }[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE evidence_item e SET incident_id = ${intoId}::uuid, position = p.pos
    FROM unnest(${moved.map(({ id }) => id)}::uuid[], ${moved.map(({ position }) => position)}::int[]) AS p(id, pos)
    WHERE e.id = p.id`;
  await tx.$executeRaw`
    UPDATE incident SET merged_into_id = ${intoId}::uuid, last_activity_at = now(),
           source_key = CASE WHEN source_id = ${sourceId}::uuid AND source_key = ${sourceKey} THEN NULL ELSE source_key END,
           evidence_count = 0, alert_count = 0, event_count = 0,
           evidence_root = ${EMPTY_EVIDENCE_ROOT}::bytea, evidence_peaks = ''::bytea
    WHERE id = ANY(${mergedIds}::uuid[])`;
  await tx.$executeRaw`
    INSERT INTO incident_observable (incident_id, type, value, specific, count, first_at, last_at)
    SELECT ${intoId}::uuid, type, value, bool_or(specific), sum(count)::int, min(first_at), max(last_at)
    FROM incident_observable WHERE incident_id = ANY(${mergedIds}::uuid[]) GROUP BY type, value
    ON CONFLICT (incident_id, type, value) DO UPDATE SET
      specific = incident_observable.specific OR excluded.specific,
      count = incident_observable.count + excluded.count,
      first_at = least(incident_observable.first_at, excluded.first_at),
      last_at = greatest(incident_observable.last_at, excluded.last_at)`;
  await tx.$executeRaw`
    INSERT INTO incident_link (incident_id, type, value, first_at, last_at)
    SELECT ${intoId}::uuid, type, value, min(first_at), max(last_at)
    FROM incident_link WHERE incident_id = ANY(${mergedIds}::uuid[]) GROUP BY type, value
    ON CONFLICT (type, value, incident_id) DO UPDATE SET
      first_at = least(incident_link.first_at, excluded.first_at),
      last_at = greatest(incident_link.last_at, excluded.last_at)`;
}
