import { FIELD_TRUST, isFieldName, type FieldValue } from "#lib/domain/evidence/fields.ts";
import { evidenceLabel, type EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { rankEvidence } from "./evidence-selection.ts";

const TRUSTED_MAX = 256;
const UNTRUSTED_MAX = 512;
const RAW_MAX = 900;
const CUT = "[...]";

/**
 * Characters that show nothing or reorder what is shown, and so can carry text past a reader. The stored raw bytes
 * keep them.
 */
const HIDDEN_RANGES: [first: number, last: number][] = [
  [0xad, 0xad], // soft hyphen
  [0x34f, 0x34f], // grapheme joiner
  [0x61c, 0x61c], // Arabic letter mark
  [0x115f, 0x1160], // Hangul fillers
  [0x17b4, 0x17b5], // Khmer inherent vowels
  [0x180b, 0x180f], // Mongolian selectors
  [0x200b, 0x200f], // zero width, direction marks
  [0x202a, 0x202e], // bidi embeddings and overrides
  [0x2060, 0x206f], // joiners, invisible operators, bidi isolates
  [0x3164, 0x3164], // Hangul filler
  [0xfe00, 0xfe0f], // variation selectors
  [0xfeff, 0xfeff], // byte order mark
  [0xffa0, 0xffa0], // half-width Hangul filler
  [0xfff9, 0xfffb], // interlinear annotation
  [0x1bca0, 0x1bca3], // shorthand format controls
  [0x1d173, 0x1d17a], // musical format controls
  [0xe0000, 0xe0fff], // Tag block, further variation selectors
];
const HIDDEN = new RegExp(
  `[${HIDDEN_RANGES.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join("")}]`,
  "gu",
);

function escaped(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}

export type EvidenceBlock = {
  text: string;
  /** The records shown, by id. */
  shownIds: string[];
  leftOut: { alerts: number; events: number };
};

export type BlockOptions = {
  /** Unguessable, new for each request: no record can hold the line that ends the block. */
  fence: string;
  /** The block's length in characters, at most (about). */
  charsMax: number;
  /** The raw text of a record, or null when it was not loaded. */
  rawText: (id: string) => string | null;
};

/** The records most worth showing, at most `max`: the ones to load raw text for. */
export function selectEvidence(records: readonly EvidenceRecord[], max: number): EvidenceRecord[] {
  return rankEvidence(records).slice(0, max);
}

/**
 * The evidence as one fenced block of the user message: a line of JSON a record, in the order of the incident, cut
 * to the budget by rank. `ranked` is from `selectEvidence`; `records` is the whole incident, for the totals.
 */
export function writeEvidenceBlock(
  records: readonly EvidenceRecord[],
  ranked: readonly EvidenceRecord[],
  options: BlockOptions,
): EvidenceBlock {
  const shown: { record: EvidenceRecord; line: string }[] = [];
  let length = 0;
  for (const record of ranked) {
    const line = recordLine(record, options.rawText(record.id));
    if (length + line.length > options.charsMax) continue;
    length += line.length + 1;
    shown.push({ record, line });
  }
  shown.sort((a, b) => a.record.position - b.record.position);
  const shownRecords = shown.map(({ record }) => record);
  const [all, visible] = [countKinds(records), countKinds(shownRecords)];
  const leftOut = { alerts: all.alerts - visible.alerts, events: all.events - visible.events };
  const totals = {
    totals: { ...all, shown: shown.length, left_out: leftOut, note: noteOf(leftOut) },
  };
  const text = [
    `<<<${options.fence} evidence begins>>>`,
    JSON.stringify(totals),
    ...shown.map(({ line }) => line),
    `<<<${options.fence} evidence ends>>>`,
  ].join("\n");
  return { text, shownIds: shownRecords.map(({ id }) => id), leftOut };
}

/** Text from evidence as a model may see it: no hidden characters, head and tail of what is too long. */
export function readableText(text: string, max: number): string {
  const visible = text.toWellFormed().replace(HIDDEN, "");
  if (visible.length <= max) return visible;
  const half = Math.floor((max - CUT.length) / 2);
  return `${visible.slice(0, half).toWellFormed()}${CUT}${visible.slice(-half).toWellFormed()}`;
}

function recordLine(record: EvidenceRecord, raw: string | null): string {
  const fields: Record<string, unknown> = {};
  const untrusted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record.fields).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    if (value === undefined || !isFieldName(name)) continue;
    if (FIELD_TRUST[name] === "attacker") untrusted[name] = readableValue(value, UNTRUSTED_MAX);
    else fields[name] = readableValue(value, TRUSTED_MAX);
  }
  return JSON.stringify({
    id: evidenceLabel(record.position),
    kind: record.kind,
    time: record.time,
    source: readableText(record.sourceName, TRUSTED_MAX),
    severity: record.severity,
    title: readableText(record.title, TRUSTED_MAX),
    fields,
    untrusted,
    raw: raw === null ? null : readableText(raw, RAW_MAX),
  });
}

function readableValue(value: FieldValue, max: number): unknown {
  if (typeof value === "number") return value;
  if (typeof value === "string") return readableText(value, max);
  return value.slice(0, 20).map((item) => readableText(item, max));
}

function countKinds(records: readonly EvidenceRecord[]): { alerts: number; events: number } {
  const events = records.reduce((n, record) => n + (record.kind === "event" ? 1 : 0), 0);
  return { alerts: records.length - events, events };
}

function noteOf({ alerts, events }: { alerts: number; events: number }): string {
  if (alerts + events === 0) return "every record is shown";
  return `${alerts} alerts and ${events} events are not shown; shown are alerts by severity, then events that share values with alerts, then a sample`;
}
