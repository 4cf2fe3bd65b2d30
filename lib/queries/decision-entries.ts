import type { ErasureNote } from "#lib/domain/decision/account.ts";
import type { DecisionView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { PAYLOAD_BYTES, payloadOf } from "./trail-payload.ts";

const ENTRIES_MAX = 1_000;
/** Kinds of the entry that a decision begins with. */
const FIRST = ["decision.proposed", "decision.refused"];

export type DecisionEntry = {
  seq: number;
  kind: string;
  /** hex */
  leaf: string;
  /** Of the first checkpoint that covers it; null while none does. */
  sealedSize: number | null;
};

export type DecisionEntries = {
  /** Oldest first. */
  entries: DecisionEntry[];
  /** There when the entry that proposed it can no longer be read. */
  erasure: ErasureNote | null;
  /** Whether the entry that proposed it lies beyond those that were read. */
  cutOff: boolean;
};

type Row = {
  seq: bigint;
  at: Date;
  kind: string;
  leaf: Uint8Array;
  bytes: Uint8Array | null;
  erased_by: bigint | null;
  size: bigint | null;
};

/**
 * The entries of a decision, each with the first checkpoint over it. Which entries are its own stands in their payloads:
 * of erased ones only that the incident had such entries from its proposal on.
 */
export async function decisionEntries(
  db: Db,
  { id, incidentId, proposedAt }: Pick<DecisionView, "id" | "incidentId" | "proposedAt">,
  most = ENTRIES_MAX,
): Promise<DecisionEntries> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.seq, e.at, e.kind, e.leaf, ${PAYLOAD_BYTES} AS bytes,
           (SELECT y.erased_by FROM trail.payload y WHERE y.seq = e.seq) AS erased_by, c.size
    FROM trail.entry e
    LEFT JOIN LATERAL (SELECT size FROM trail.checkpoint WHERE size > e.seq ORDER BY size LIMIT 1) c ON true
    WHERE e.incident_id = ${incidentId}::uuid AND (e.kind LIKE 'decision.%' OR e.kind LIKE 'response.%')
    ORDER BY e.seq DESC LIMIT ${most}::int`;
  const own = rows
    .filter(({ bytes }) => (payloadOf(bytes) as { decision?: unknown } | null)?.decision === id)
    .toReversed();
  const entries = own.map(({ seq, kind, leaf, size }) => ({
    seq: Number(seq),
    kind,
    leaf: Buffer.from(leaf).toString("hex"),
    sealedSize: size === null ? null : Number(size),
  }));
  if (entries.some(({ kind }) => FIRST.includes(kind)))
    return { entries, erasure: null, cutOff: false };
  const oldest = rows.at(-1);
  if (rows.length === most && oldest && oldest.at.toISOString() >= proposedAt)
    return { entries, erasure: null, cutOff: true };
  const gone = rows.findLast(
    ({ kind, at, erased_by }) =>
      erased_by !== null && FIRST.includes(kind) && at.toISOString() >= proposedAt,
  );
  const erasure = gone ? await readErasure(db, Number(gone.erased_by)) : null;
  return { entries, erasure, cutOff: false };
}

/** What is known of an erasure by its entry: rows that stand when even that entry's own payload is gone. */
async function readErasure(db: Db, seq: number): Promise<ErasureNote> {
  const rows = await db.$queryRaw<{ at: Date; asked: string | null; approved: string | null }[]>`
    SELECT e.at, asker.name AS asked, approver.name AS approved
    FROM trail.entry e
    LEFT JOIN LATERAL (
      SELECT r.person_id AS asker, x.person_id AS approver
      FROM trail.erasure r JOIN trail.erasure_end x ON x.erasure_id = r.id AND x.outcome = 'approved'
      WHERE r.incident_id = e.incident_id AND x.at <= e.at ORDER BY x.at DESC LIMIT 1) AS o ON true
    LEFT JOIN person asker ON asker.id = o.asker LEFT JOIN person approver ON approver.id = o.approver
    WHERE e.seq = ${seq}::bigint`;
  const { at, asked, approved } = rows[0]!;
  return { seq, at: at.toISOString(), asked, approved };
}
