/** Records for tests of ingest, in the generic form. */
import { randomUUID } from "node:crypto";
import type { Db } from "#lib/db/prisma.ts";
import type { NormalRecord, Observable } from "#lib/domain/evidence/record.ts";
import { ingestRecords } from "./ingest-records.ts";
import type { IngestResult } from "./ingest-records.ts";
import type { Normalise } from "./ingest/prepare.ts";

export type TestRecord = Partial<NormalRecord> & { pad?: string };

const encoder = new TextEncoder();

/** Reads what `bytesOf` wrote: the test says the normal form itself. */
export const testNormalise: Normalise = (bytes) => {
  const given = JSON.parse(new TextDecoder().decode(bytes)) as TestRecord & { bad?: string };
  if (given.bad) return { ok: false, reason: given.bad };
  const record: NormalRecord = {
    recordId: given.recordId ?? null,
    format: "generic",
    kind: given.kind ?? "alert",
    time: given.time ?? null,
    timeOriginal: given.time ?? null,
    timeQuality: given.time ? "exact" : "missing",
    severity: given.severity ?? (given.kind === "event" ? null : "medium"),
    title: given.title ?? "Test record",
    fields: given.fields ?? {},
    sourceIncidentId: given.sourceIncidentId ?? null,
    alertIds: given.alertIds ?? [],
    observables: given.observables ?? [],
  };
  return { ok: true, record };
};

export function bytesOf(record: object): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

export function observables(...keys: string[]): Observable[] {
  return keys.map((key) => {
    const [type, value] = key.split(/:(.*)/s);
    return { type: type as Observable["type"], value: value ?? "" };
  });
}

/** `02:14:07` on the day of the tests, as an instant. */
export function at(clock: string): string {
  return `2026-03-01T${clock}.000Z`;
}

export async function addSource(
  db: Db,
  name = `source-${randomUUID()}`,
): Promise<{ id: string; name: string }> {
  return db.source.create({ data: { name, format: "generic" }, select: { id: true, name: true } });
}

export function ingest(
  db: Db,
  source: { id: string; name: string },
  records: readonly object[],
  incidentKey: string | null = null,
): Promise<IngestResult> {
  return ingestRecords(db, {
    source,
    format: "generic",
    incidentKey,
    records: records.map((record, index) => ({ index, bytes: bytesOf(record) })),
    normalise: testNormalise,
  });
}
