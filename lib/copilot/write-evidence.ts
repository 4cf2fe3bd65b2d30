import type { LeftOut } from "#lib/contracts/copilot-views.ts";
import type { ModelConfig, ModelProfile } from "#lib/domain/copilot/profile.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { canonicalJson } from "./canonical-json.ts";
import { rankEvidence } from "./evidence-selection.ts";
import { type Redact, recordLine } from "./record-line.ts";
import { bytesFor } from "./tokens.ts";

/** Bytes of a record's line beside what its fields hold: keys, brackets, title, time. */
const LINE_FRAME = 120;
/** What a source wrote has hardly ever less than this share of what was read from it, up to what is shown. */
const RAW_SHARE = 0.7;
const RAW_SHOWN = 900;
/** After so many lines that did not fit, no other is tried. */
const MISFITS_MAX = 20;
/** Tokens of a request beside its evidence: the prompt, the schema, the question. */
const OTHER_TOKENS = 6_000;

export type EvidenceText = {
  text: string;
  /** The records shown, by id. */
  shownIds: string[];
  leftOut: LeftOut;
};

export type EvidenceInput = {
  /** Every record of the incident that this model may be sent. */
  records: readonly EvidenceRecord[];
  /** From `selectEvidence`. */
  ranked: readonly EvidenceRecord[];
  /** The raw texts of those, by record id, as far as they were loaded. */
  rawTexts: ReadonlyMap<string, string>;
  /** How many records of the incident are too sensitive for this model. */
  withheld: number;
  /** There are more records than were read. */
  capped: boolean;
  redact: Redact;
  /** Unguessable, new for each request: no record can hold the line that ends the block. */
  fence: string;
  bytesMax: number;
};

/** The records most worth showing to this model, as many as its budget may hold: the ones to load raw text for. */
export function selectEvidence(
  records: readonly EvidenceRecord[],
  { profile }: Pick<ModelConfig, "profile">,
): EvidenceRecord[] {
  const room = evidenceBytes(profile);
  const ranked = rankEvidence(records);
  let bytes = 0;
  const end = ranked.findIndex((record) => {
    bytes += leastBytes(record);
    return bytes > room;
  });
  return end < 0 ? ranked : ranked.slice(0, end + MISFITS_MAX);
}

/** About the fewest bytes that a record's line can have. */
function leastBytes({ fields }: EvidenceRecord): number {
  let held = 0;
  for (const [name, value] of Object.entries(fields)) held += name.length + String(value).length;
  return LINE_FRAME + held + Math.min(RAW_SHOWN, held * RAW_SHARE);
}

/** Bytes of evidence in one request: what the profile allows, and what leaves room for the answer. */
export function evidenceBytes(profile: ModelProfile): number {
  const { evidenceTokens, windowTokens, outputTokens } = profile;
  const room = windowTokens - outputTokens - OTHER_TOKENS;
  return Math.max(0, bytesFor(Math.min(evidenceTokens, room)));
}

/**
 * The evidence as one fenced block of the user message: a line of totals, then a line of canonical JSON a record, in
 * the order of the incident, cut to the budget by rank.
 */
export function writeEvidence(input: EvidenceInput): EvidenceText {
  const shown = fill(input).toSorted((a, b) => a.record.position - b.record.position);
  const shownRecords = shown.map(({ record }) => record);
  const [all, visible] = [countKinds(input.records), countKinds(shownRecords)];
  const leftOut = {
    alerts: all.alerts - visible.alerts,
    events: all.events - visible.events,
    withheld: input.withheld,
  };
  const totals = {
    totals: {
      ...all,
      shown: shown.length,
      left_out: { alerts: leftOut.alerts, events: leftOut.events },
      withheld: input.withheld,
      note: noteOf(leftOut, input.capped),
    },
  };
  const text = fenced(input.fence, "evidence", [
    canonicalJson(totals),
    ...shown.map(({ line }) => line),
  ]);
  return { text, shownIds: shownRecords.map(({ id }) => id), leftOut };
}

/** Lines between two that carry the request's fence word. */
export function fenced(fence: string, what: string, lines: readonly string[]): string {
  return [`<<<${fence} ${what} begins>>>`, ...lines, `<<<${fence} ${what} ends>>>`].join("\n");
}

function fill({ ranked, rawTexts, redact, bytesMax }: EvidenceInput) {
  const shown: { record: EvidenceRecord; line: string }[] = [];
  let bytes = 0;
  let misfits = 0;
  for (const record of ranked) {
    const line = recordLine(record, rawTexts.get(record.id) ?? null, redact);
    const size = Buffer.byteLength(line) + 1;
    if (bytes + size <= bytesMax) {
      bytes += size;
      shown.push({ record, line });
    } else {
      misfits += 1;
      if (misfits > MISFITS_MAX) break;
    }
  }
  return shown;
}

function countKinds(records: readonly EvidenceRecord[]): { alerts: number; events: number } {
  const events = records.reduce((n, record) => n + (record.kind === "event" ? 1 : 0), 0);
  return { alerts: records.length - events, events };
}

function noteOf({ alerts, events, withheld }: LeftOut, capped: boolean): string {
  const parts = [];
  if (alerts + events === 0) parts.push("every record that you may see is shown");
  else
    parts.push(
      `${alerts} alerts and ${events} events are not shown; shown are alerts by severity, then events that share values with alerts, then a sample`,
    );
  if (withheld > 0) parts.push(`${withheld} records are withheld and not counted here`);
  if (capped) parts.push("the incident has more records than are counted here");
  return parts.join("; ");
}
