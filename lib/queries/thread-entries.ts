import type { ActEntry, RecordEntry } from "#lib/contracts/thread-views.ts";
import { RANKS, seekText } from "./thread-sql.ts";
import type { ActRow, RecordRow, Seek } from "./thread-sql.ts";

/** A row as a line of the thread, and the place it has there. */
export function recordSeek(row: RecordRow): Seek {
  return { at: row.at, rank: RANKS.record, key: String(row.position) };
}

export function recordEntry(row: RecordRow): RecordEntry {
  return {
    type: "record",
    seek: seekText(recordSeek(row)),
    id: row.id,
    position: row.position,
    kind: row.kind,
    time: row.time?.toISOString() ?? null,
    timeQuality: row.time_quality,
    receivedAt: row.received_at.toISOString(),
    severity: row.severity,
    title: row.title,
    source: row.source,
    host: row.host,
    user: row.user,
    instructionLike: row.instruction_like > 0,
  };
}

const ACT_TYPES = ["record", "note", "run", "decision", "sign_off"] as const;

export function actEntry(row: ActRow): ActEntry {
  return {
    type: ACT_TYPES[row.rank],
    seek: seekText({ at: row.at, rank: row.rank, key: row.id }),
    id: row.id,
    time: row.time.toISOString(),
    ...row.body,
  } as ActEntry;
}
