import type { Db } from "#lib/db/prisma.ts";
import type { Tlp } from "#lib/domain/copilot/profile.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
import type {
  EvidenceRecord,
  RecordFormat,
  RecordKind,
  TimeQuality,
} from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { stoodAt } from "./stood-at.ts";

/** The records of an incident that a summary reads at most; above that it says so. */
export const RECORDS_MAX = 50_000;
const PAGE = 5_000;
const ALERT_MARK = "alert:";

export type IncidentEvidence = {
  incidentId: string;
  version: bigint;
  /** 32 bytes. */
  root: Uint8Array;
  count: number;
  records: EvidenceRecord[];
  /** There are more records than these. */
  capped: boolean;
};

type Row = {
  id: string;
  position: number;
  kind: RecordKind;
  format: RecordFormat;
  source_id: string;
  source_name: string;
  time: Date | null;
  time_quality: TimeQuality;
  received_at: Date;
  severity: Severity | null;
  title: string;
  fields: Fields;
  record_key: string | null;
  alert_marks: string[] | null;
};

/**
 * The normal forms of an incident's records, by position, without their raw bytes; null when the incident is not
 * there, was merged away or holds nothing. Positions are given once, so the first `count` of them are what `root` seals, whatever
 * arrives meanwhile.
 */
export async function loadEvidence(db: Db, incidentId: string): Promise<IncidentEvidence | null> {
  const head = await db.incident.findUnique({
    where: { id: incidentId },
    select: { version: true, evidenceRoot: true, evidenceCount: true, mergedIntoId: true },
  });
  if (!head || head.mergedIntoId !== null || head.evidenceCount === 0) return null;
  const { version, evidenceRoot: root, evidenceCount: count } = head;
  return { incidentId, version, root, count, ...(await loadRecords(db, incidentId, count)) };
}

/**
 * The records of an incident as they stood while it had `count` leaves, or the first of those when they are more than
 * are read at all. Positions are given once, no column of a record changes, and what went since is read where it is: so
 * these are the records as any summary over that count had them, with the same cap.
 */
export async function loadRecords(
  db: Db,
  incidentId: string,
  count: number,
): Promise<Pick<IncidentEvidence, "records" | "capped">> {
  const last = Math.min(count, RECORDS_MAX);
  const records: EvidenceRecord[] = [];
  for (let from = 0; from < last; from += PAGE) {
    for (const row of await readPage(db, incidentId, {
      count,
      after: from,
      last: Math.min(from + PAGE, last),
    }))
      records.push(asRecord(row));
  }
  return { records, capped: count > last };
}

/** How sensitive what an incident's sources send is, by source id; of what went to another incident too. */
export async function loadSensitivity(db: Db, incidentId: string): Promise<Map<string, Tlp>> {
  const rows = await db.$queryRaw<{ id: string; sensitivity: Tlp }[]>`
    SELECT id, sensitivity FROM source
    WHERE id IN (SELECT source_id FROM evidence_item WHERE incident_id = ${incidentId}::uuid
      UNION ALL SELECT e.source_id FROM evidence_departure d JOIN evidence_item e ON e.id = d.evidence_item_id
      WHERE d.incident_id = ${incidentId}::uuid)`;
  return new Map(rows.map(({ id, sensitivity }) => [id, sensitivity]));
}

type Places = { count: number; after: number; last: number };

function readPage(db: Db, incidentId: string, { count, after, last }: Places): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT e.id, e.position, e.kind, e.format, e.source_id, s.name AS source_name, e.time, e.time_quality, e.received_at,
           e.severity, e.title, e.fields,
           nullif(e.record_key, encode(e.raw_sha256, 'hex')) AS record_key,
           CASE WHEN e.kind = 'incident' THEN e.observables END AS alert_marks
    FROM ${stoodAt(incidentId, count, after, last)} e JOIN source s ON s.id = e.source_id
    ORDER BY e.position`;
}

function asRecord(row: Row): EvidenceRecord {
  const marks = row.alert_marks?.filter((mark) => mark.startsWith(ALERT_MARK)) ?? [];
  return {
    id: row.id,
    position: row.position,
    kind: row.kind,
    format: row.format,
    sourceId: row.source_id,
    sourceName: row.source_name,
    time: row.time?.toISOString() ?? null,
    timeQuality: row.time_quality,
    receivedAt: row.received_at.toISOString(),
    severity: row.severity,
    title: row.title,
    fields: row.fields,
    recordId: row.record_key,
    alertIds: marks.map((mark) => mark.slice(ALERT_MARK.length)),
  };
}

/** The raw text of some records: their bytes as UTF-8, the way offsets of citations are counted. */
export async function loadRawTexts(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const texts = new Map<string, string>();
  for (let from = 0; from < ids.length; from += PAGE) {
    const rows = await db.evidenceItem.findMany({
      where: { id: { in: ids.slice(from, from + PAGE) } },
      select: { id: true, raw: true },
    });
    for (const { id, raw } of rows) texts.set(id, decoder.decode(raw));
  }
  return texts;
}
