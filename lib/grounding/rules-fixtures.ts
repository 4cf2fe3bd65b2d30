import type { Fields } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";

/** What a test says about a record; the rest is filled in. `raw` is its text as the source sent it. */
export type FixtureRecord = Partial<EvidenceRecord> & { fields: Fields; raw?: string };

export type Fixture = { records: EvidenceRecord[]; rawText: (id: string) => string };

/** Records numbered from 1, and raw texts that hold their fields as one flat JSON object. */
export function fixture(given: FixtureRecord[]): Fixture {
  const raws = new Map<string, string>();
  const records = given.map(({ raw, ...record }, at): EvidenceRecord => {
    const position = at + 1;
    const full: EvidenceRecord = {
      id: `r${position}`,
      position,
      kind: "event",
      format: "generic",
      sourceId: record.sourceName ?? "edge",
      sourceName: "edge",
      time: null,
      timeQuality: record.time ? "exact" : "missing",
      receivedAt: "2026-03-01T12:00:00.000Z",
      severity: null,
      title: "",
      ...record,
    };
    raws.set(full.id, raw ?? JSON.stringify({ time: full.time, severity: full.severity, ...full.fields }));
    return full;
  });
  return { records, rawText: (id) => raws.get(id) ?? "" };
}
