import type { Fields } from "#lib/domain/evidence/fields.ts";
import { evidenceLabel, type EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { UNUSED, type DraftClaim, type Predicate } from "#lib/domain/summary/claim.ts";

/** A record before it has its place in an incident; `at` is seconds after the incident began. */
export type RecordDraft = {
  at: number;
  title: string;
  fields: Fields;
  /** Alerts have one. */
  severity?: Severity;
  source?: string;
};

const START = Date.UTC(2026, 2, 1, 2, 0, 0);

/** Drafts as the records of one incident, in order of time, and the text that such a source would have sent. */
export function asRecords(
  incident: string,
  drafts: readonly RecordDraft[],
): {
  records: EvidenceRecord[];
  rawTexts: Map<string, string>;
  positionOf: Map<RecordDraft, number>;
} {
  const rawTexts = new Map<string, string>();
  const positionOf = new Map<RecordDraft, number>();
  const records = drafts
    .toSorted((a, b) => a.at - b.at)
    .map((draft, index): EvidenceRecord => {
      const position = index + 1;
      const id = `${incident}-${position}`;
      positionOf.set(draft, position);
      rawTexts.set(id, rawText(id, draft));
      return asRecord(id, position, draft);
    });
  return { records, rawTexts, positionOf };
}

function asRecord(id: string, position: number, draft: RecordDraft): EvidenceRecord {
  const { title, fields, severity } = draft;
  const time = timeOf(draft);
  const source = draft.source ?? "Sensor";
  const ofAlert = severity ? { "severity.original": severity, "alert.title": title, severity } : {};
  return {
    id,
    position,
    kind: severity ? "alert" : "event",
    format: "generic",
    sourceId: source,
    sourceName: source,
    time,
    timeQuality: "exact",
    receivedAt: time,
    severity: severity ?? null,
    title,
    fields: { ...fields, ...ofAlert },
    recordId: id,
  };
}

function rawText(id: string, draft: RecordDraft): string {
  const { title, fields, severity } = draft;
  const kind = severity ? "alert" : "event";
  const head = { id, kind, time: timeOf(draft), ...(severity && { severity }), title };
  return JSON.stringify({ ...head, ...fields });
}

function timeOf({ at }: RecordDraft): string {
  return new Date(START + at * 1000).toISOString();
}

/** What a recorded answer says of a record: a claim on it with the fields that bear it out. */
export function claimOn(
  position: number,
  text: string,
  quote: string,
  fields: [name: string, value: string][],
): DraftClaim {
  const id = evidenceLabel(position);
  const predicates = fields.map(([field, value]) => ({
    ...UNUSED,
    op: "field" as const,
    evidence: [id],
    field,
    value,
  }));
  return claim(text, "observation", [{ id, quote }], predicates);
}

export function countClaim(
  positions: number[],
  text: string,
  quote: string,
  { where, n }: { where: string; n: number },
): DraftClaim {
  const ends = [positions.at(0) ?? 0, positions.at(-1) ?? 0];
  const citations = ends.map((position) => ({ id: evidenceLabel(position), quote }));
  return claim(text, "count", citations, [{ ...UNUSED, op: "count", where, cmp: "eq", n }]);
}

export function claim(
  text: string,
  kind: DraftClaim["kind"],
  citations: DraftClaim["citations"],
  predicates: Predicate[],
): DraftClaim {
  return { text, kind, polarity: "affirmed", citations, predicates };
}
