import type { Tx } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { observableKey } from "#lib/domain/evidence/record.ts";
import { alertMarker } from "./find-candidates.ts";
import type { PreparedRecord } from "./prepare.ts";

export type Placement = { incidentId: string; position: number };

const TITLE_CHARACTERS = 500;

/**
 * Stores a batch by one statement. The raw bytes travel as one value and are cut again by the database,
 * which also takes their digest: half the time of a value for each row.
 */
export async function storeRecords(
  tx: Tx,
  sourceId: string,
  records: readonly PreparedRecord[],
  placeOf: (ref: number) => Placement | undefined,
): Promise<void> {
  if (records.length === 0) return;
  const rows: string[] = [];
  let offset = 1;
  for (const [ref, record] of records.entries()) {
    rows.push(rowJson(record, placeOf(ref), offset));
    offset += record.bytes.length;
  }
  const json = `[${rows.join(",")}]`;
  const blob = Buffer.concat(records.map(({ bytes }) => bytes));
  await tx.$executeRaw`
    INSERT INTO evidence_item (id, incident_id, position, source_id, record_key, kind, format, time, time_quality,
                               severity, title, fields, observables, instruction_like, raw, raw_sha256)
    SELECT r.id, r.inc, r.pos, ${sourceId}::uuid, r.key, r.kind, r.fmt, r.time, r.tq, r.sev, r.title, r.f, r.obs, r.ins,
           raw.bytes, sha256(raw.bytes)
    FROM json_to_recordset(${json}::json) AS r(id uuid, inc uuid, pos int, key text, kind text, fmt text,
           time timestamptz, tq text, sev text, title text, f jsonb, obs text[], ins smallint, off int, len int),
         LATERAL (SELECT substring(${blob}::bytea FROM r.off FOR r.len) AS bytes) raw`;
}

function rowJson(prepared: PreparedRecord, place: Placement | undefined, offset: number): string {
  const { record } = prepared;
  const observables = prepared.observables.map(observableKey);
  if (record.kind === "incident") observables.push(...record.alertIds.map(alertMarker));
  const head = JSON.stringify({
    id: prepared.id,
    inc: place?.incidentId ?? null,
    pos: place?.position ?? null,
    key: prepared.recordKey,
    kind: record.kind,
    fmt: record.format,
    time: record.time,
    tq: record.timeQuality,
    sev: record.severity,
    title: titleText(record.title),
    obs: observables,
    ins: prepared.instructionLike,
    off: offset,
    len: prepared.bytes.length,
  });
  return `${head.slice(0, -1)},"f":${prepared.fieldsJson}}`;
}

/** A title is one line: whatever a source put into it. */
export function titleText(title: string): string {
  const clean = storableText(title).replace(/\s+/g, " ").trim();
  const cut =
    clean.length > TITLE_CHARACTERS
      ? `${clean.slice(0, TITLE_CHARACTERS - 1).toWellFormed()}…`
      : clean;
  return cut || "Untitled record";
}

/** Places stored loose events into their incident. */
export async function placeLoose(
  tx: Tx,
  places: { id: string; place: Placement }[],
): Promise<void> {
  if (places.length === 0) return;
  await tx.$executeRaw`
    UPDATE evidence_item e SET incident_id = p.inc, position = p.pos
    FROM unnest(${places.map(({ id }) => id)}::uuid[], ${places.map(({ place }) => place.incidentId)}::uuid[],
                ${places.map(({ place }) => place.position)}::int[]) AS p(id, inc, pos)
    WHERE e.id = p.id AND e.incident_id IS NULL`;
}
