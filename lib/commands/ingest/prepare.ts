import { hash } from "node:crypto";
import { instructionScore } from "#lib/domain/evidence/instruction-like.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { observableKey } from "#lib/domain/evidence/record.ts";
import type { NormalRecord, Observable, SourceFormat } from "#lib/domain/evidence/record.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** One record as it was cut out of the request, byte for byte. */
export type IncomingRecord = { index: number; bytes: Uint8Array };

/** `lib/connectors/sources/normalise.ts`, passed in by the door. */
export type Normalise = (
  bytes: Uint8Array,
  format: SourceFormat,
) => { ok: true; record: NormalRecord } | { ok: false; reason: string };

/** A record ready to be stored. `at` is ms since 1970. */
export type PreparedRecord = {
  id: string;
  index: number;
  bytes: Uint8Array;
  sha256: Buffer;
  recordKey: string;
  record: NormalRecord;
  at: number | null;
  observables: Observable[];
  fieldsJson: string;
  /** `instructionScore` of the bytes as text. */
  instructionLike: number;
};

export type RejectedRecord = { index: number; reason: string; bytes: Uint8Array };

/** Index entries have a limit in Postgres (2,704 bytes); longer ids and values are named by their digest. */
const KEY_CHARACTERS = 512;
const OBSERVABLES_PER_RECORD = 500;

const nextId = uuidV7();

/** Everything about a record that needs no database, done before the transaction begins. */
export function prepareRecord(
  incoming: IncomingRecord,
  format: SourceFormat,
  normalise: Normalise,
): PreparedRecord | RejectedRecord {
  const normal = normalise(incoming.bytes, format);
  if (!normal.ok) return { ...incoming, reason: normal.reason };
  const { record } = normal;
  const sha256 = hash("sha256", incoming.bytes, "buffer");
  return {
    id: nextId(),
    index: incoming.index,
    bytes: incoming.bytes,
    sha256,
    recordKey: recordKeyOf(record, sha256),
    record,
    at: record.time === null ? null : Date.parse(record.time),
    observables: observablesOf(record),
    fieldsJson: fieldsJsonOf(record),
    instructionLike: instructionScore(incoming.bytes),
  };
}

export function isPrepared(record: PreparedRecord | RejectedRecord): record is PreparedRecord {
  return "recordKey" in record;
}

/** Normalisers number alerts and source incidents apart. */
function recordKeyOf(record: NormalRecord, sha256: Buffer): string {
  if (record.recordId === null || record.recordId === "") return sha256.toString("hex");
  return shortKey(record.recordId);
}

/** The key under which a source's record is found again, as `recordKeyOf` made it. */
export function shortKey(text: string): string {
  const clean = storableText(text);
  if (clean.length <= KEY_CHARACTERS) return clean;
  const digest = hash("sha256", clean);
  return `${clean.slice(0, KEY_CHARACTERS / 2)}~${digest}`;
}

function observablesOf(record: NormalRecord): Observable[] {
  const seen = new Map<string, Observable>();
  for (const { type, value } of record.observables) {
    const observable = { type, value: shortKey(value) };
    if (value !== "") seen.set(observableKey(observable), observable);
    if (seen.size === OBSERVABLES_PER_RECORD) break;
  }
  return [...seen.values()];
}

const ESCAPES_TO_CLEAN = /\\u(?:0000|d[89a-f])/i;

function fieldsJsonOf(record: NormalRecord): string {
  const json = JSON.stringify(record.fields);
  if (!ESCAPES_TO_CLEAN.test(json)) return json;
  return JSON.stringify(record.fields, (_name, value: unknown) =>
    typeof value === "string" ? storableText(value) : value,
  );
}
