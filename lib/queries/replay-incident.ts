import type { Db } from "#lib/db/prisma.ts";
import type { ReplayPlace, ReplayRecord, ReplayView } from "#lib/contracts/replay-views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { RecordKind } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { replay } from "#lib/domain/trail/replay.ts";
import type { ReplayEntry } from "#lib/domain/trail/replay.ts";
import { isTrailKind } from "#lib/trail/kinds.ts";
import { trailSentence } from "#lib/trail/sentences.ts";
import { replayClaims } from "./replay-claims.ts";
import { PAYLOAD_BYTES, payloadOf } from "./trail-payload.ts";
import { stoodAt } from "./stood-at.ts";

/** Most entries of an incident that are read for one place; older ones are left out, and the screen says so. */
export const REPLAY_ENTRIES = 2_000;
export const REPLAY_RECORDS = 50;
/** Statements for one place. */
export const REPLAY_STATEMENTS = 5;

/** Kinds that state what an incident is; of these the newest alone counts. */
const NEWEST_ALONE = ["evidence.sealed"];
const STATING = [
  "incident.opened",
  "incident.assigned",
  "incident.status_changed",
  "verdict.set",
  "note.added",
  "claim.reviewed",
  "summary.issued",
  "summary.reverified",
  "evidence.read",
  "decision.proposed",
  "decision.refused",
  "decision.signed",
  "decision.rejected",
  "decision.withdrawn",
  "decision.expired",
  "decision.went_stale",
  "decision.took_effect",
  "decision.second_review_due",
  "decision.second_reviewed",
  "response.dispatched",
  "response.verified",
  "response.failed",
  "response.recorded",
];

type Where = { at: number } | { place: number } | null;

/**
 * The incident as it was after one of its entries: of number `at`, the `place`-th from 0, or the last. What is outside is
 * the nearest one inside. Null when the incident has no entry. From entries: status, verdict, assignee, decisions, sign-offs,
 * reviews, notes, openings, which summary was current and how much evidence there was; from rows that never change: the
 * records by their position, and the claims with the standings of the verifiers that had judged them by then.
 */
export async function replayIncident(
  db: Db,
  incident: { id: string; number: string; title: string },
  where: Where,
): Promise<ReplayView | null> {
  const at = await findPlace(db, incident.id, where);
  if (!at) return null;
  const entries = await readEntries(db, incident.id, at.seq);
  const { summaries, reviews, ...state } = replay(entries);
  const [evidence, withClaims] = await Promise.all([
    readEvidence(db, incident.id, state.evidenceCount),
    replayClaims(db, summaries, reviews, state.evidenceRoot),
  ]);
  return {
    ...state,
    ...evidence,
    incident,
    at,
    summaries: withClaims,
    cut: entries.filter(({ kind }) => !NEWEST_ALONE.includes(kind)).length > REPLAY_ENTRIES,
  };
}

type PlaceRow = {
  place: number;
  count: number;
  seq: bigint;
  at: Date;
  kind: string;
  actor: string;
  actor_name: string | null;
  bytes: Uint8Array | null;
  before: number | null;
  after: number | null;
};

async function findPlace(db: Db, incidentId: string, where: Where): Promise<ReplayPlace | null> {
  const at = where && "at" in where ? BigInt(where.at) : null;
  const place = where && "place" in where ? BigInt(where.place) : null;
  const rows = await db.$queryRaw<PlaceRow[]>`
    WITH own AS MATERIALIZED (
      SELECT seq, kind, (row_number() OVER (ORDER BY seq) - 1)::int AS place FROM trail.entry WHERE incident_id = ${incidentId}::uuid
    ), chosen AS (
      SELECT seq, place FROM own WHERE place = 0
        OR (${at}::bigint IS NULL OR seq <= ${at}::bigint) AND (${place}::bigint IS NULL OR place <= ${place}::bigint)
      ORDER BY place DESC LIMIT 1
    )
    SELECT c.place, (SELECT count(*)::int FROM own) AS count, c.seq, e.at, e.kind, e.actor, coalesce(p.name, s.name) AS actor_name,
           ${PAYLOAD_BYTES} AS bytes,
           (SELECT max(o.place) FROM own o WHERE o.place < c.place AND o.kind LIKE 'decision.%') AS before,
           (SELECT min(o.place) FROM own o WHERE o.place > c.place AND o.kind LIKE 'decision.%') AS after
    FROM chosen c JOIN trail.entry e ON e.seq = c.seq
    LEFT JOIN person p ON e.actor = 'person:' || p.id LEFT JOIN source s ON e.actor = 'source:' || s.id`;
  const row = rows[0];
  if (!row) return null;
  const { actor, kind } = row;
  return {
    place: row.place,
    count: row.count,
    seq: Number(row.seq),
    at: row.at.toISOString(),
    kind,
    actor,
    actorName: row.actor_name ?? actor.slice(actor.indexOf(":") + 1),
    sentence: isTrailKind(kind) ? trailSentence(kind, payloadOf(row.bytes)) : kind,
    decisionBefore: row.before,
    decisionAfter: row.after,
  };
}

type EntryRow = {
  seq: bigint;
  at: Date;
  kind: string;
  actor: string;
  actor_name: string | null;
  bytes: Uint8Array | null;
  erased_by: bigint | null;
  erased_at: Date | null;
};

/** The entries that state something, oldest first; one more of them than `REPLAY_ENTRIES` when some are left out. */
async function readEntries(db: Db, incidentId: string, upTo: number): Promise<ReplayEntry[]> {
  const rows = await db.$queryRaw<EntryRow[]>`
    SELECT e.seq, e.at, e.kind, e.actor, coalesce(p.name, s.name) AS actor_name, ${PAYLOAD_BYTES} AS bytes,
           x.seq AS erased_by, x.at AS erased_at
    FROM ((SELECT * FROM trail.entry WHERE incident_id = ${incidentId}::uuid AND seq <= ${upTo}::bigint
             AND kind = ANY (${NEWEST_ALONE}::text[]) ORDER BY seq DESC LIMIT 1)
          UNION ALL
          (SELECT * FROM trail.entry WHERE incident_id = ${incidentId}::uuid AND seq <= ${upTo}::bigint
             AND kind = ANY (${STATING}::text[]) ORDER BY seq DESC LIMIT ${REPLAY_ENTRIES + 1}::int)) AS e
    LEFT JOIN person p ON e.actor = 'person:' || p.id LEFT JOIN source s ON e.actor = 'source:' || s.id
    LEFT JOIN trail.entry x ON x.seq = (SELECT y.erased_by FROM trail.payload y WHERE y.seq = e.seq)
    ORDER BY e.seq`;
  return rows.map(({ seq, at, kind, actor, actor_name: name, bytes, erased_by, erased_at }) => ({
    seq: Number(seq),
    at: at.toISOString(),
    kind,
    actor,
    actorName: name ?? actor.slice(actor.indexOf(":") + 1),
    payload: payloadOf(bytes),
    erasedBy:
      erased_by === null || erased_at === null
        ? null
        : { seq: Number(erased_by), at: erased_at.toISOString() },
  }));
}

type EvidenceRow = {
  id: string;
  position: number;
  kind: RecordKind;
  severity: Severity | null;
  title: string;
  source: string;
  time: Date | null;
  alerts: number;
  worst: Severity | null;
};

async function readEvidence(
  db: Db,
  incidentId: string,
  upTo: number,
): Promise<{ records: ReplayRecord[]; alertCount: number; severity: Severity | null }> {
  if (upTo === 0) return { records: [], alertCount: 0, severity: null };
  const rows = await db.$queryRaw<EvidenceRow[]>`
    WITH stood AS (
      SELECT id, position, kind, severity, title, source_id, time FROM ${stoodAt(incidentId, upTo)} at
    ), alert AS (
      SELECT severity FROM stood WHERE kind <> 'event'
    )
    SELECT e.id, e.position, e.kind, e.severity, e.title, s.name AS source, e.time,
           (SELECT count(*)::int FROM stood a WHERE a.kind = 'alert') AS alerts,
           (SELECT severity FROM alert WHERE severity IS NOT NULL
            ORDER BY array_position(ARRAY['critical','high','medium','low','informational'], severity) LIMIT 1) AS worst
    FROM stood e JOIN source s ON s.id = e.source_id
    ORDER BY e.position DESC LIMIT ${REPLAY_RECORDS}::int`;
  const [first] = rows;
  return {
    alertCount: first?.alerts ?? 0,
    severity: first?.worst ?? null,
    records: rows.map(({ id, position, kind, severity, title, source, time }) => ({
      id,
      label: evidenceLabel(position),
      kind,
      severity,
      title,
      source,
      time: time?.toISOString() ?? null,
    })),
  };
}
