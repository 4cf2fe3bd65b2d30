import { HAND_FORMAT } from "#lib/domain/evidence/by-hand.ts";
import type { HandWay } from "#lib/domain/evidence/by-hand.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { readEmail } from "./by-hand-email.ts";
import { seeText, sha256Hex } from "./by-hand-text.ts";
import { finish, newDraft, put } from "./draft.ts";
import { normalise } from "./normalise.ts";

/** What a model or a screen is given of a text beside its bytes, in UTF-16 units. */
const MESSAGE_MAX = 8_000;
/** Longer texts are searched for addresses and digests up to here. */
const SEARCHED_MAX = 200_000;
/** A record of a source, pasted or as a file, is read as one up to here. */
const RECORD_BYTES_MAX = 1024 * 1024;

export type ByHand = {
  way: HandWay;
  bytes: Uint8Array;
  /** The file's name, or what the person calls it; null: none was given. */
  name: string | null;
};

export type ReadByHand = { ok: true; record: NormalRecord } | { ok: false; reason: string };

/**
 * What a person added, in normal form. Always an event: whoever adds it says nothing of its severity. Refused is only
 * a paste that is no text, or what was said to be an e-mail and has no headers of one. Never throws.
 */
export async function readByHand(given: ByHand): Promise<ReadByHand> {
  if (given.way === "email") return readEmail(given);
  const text = textOf(given.bytes);
  if (given.way === "file") return { ok: true, record: await readFile(given, text) };
  if (text === null) return { ok: false, reason: "The pasted text is not valid UTF-8." };
  return { ok: true, record: readPaste(given, text) };
}

/** Null when the bytes are no text: not UTF-8, or with a null character. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\u0000") ? null : text;
  } catch {
    return null;
  }
}

function readPaste({ bytes, name }: ByHand, text: string): NormalRecord {
  const sent = asSent(bytes);
  if (sent) return { ...sent, format: HAND_FORMAT.paste, title: name ?? sent.title };
  const draft = newDraft(HAND_FORMAT.paste, "event");
  put(draft, "message", text.slice(0, MESSAGE_MAX).toWellFormed());
  draft.title = name ?? firstLine(text);
  seeText(draft.seen, text.slice(0, SEARCHED_MAX));
  return finish(draft);
}

async function readFile({ bytes, name }: ByHand, text: string | null): Promise<NormalRecord> {
  const sha256 = await sha256Hex(bytes);
  const sent = text === null ? null : asSent(bytes);
  const draft = newDraft(HAND_FORMAT.file, "event");
  if (sent) Object.assign(draft.fields, sent.fields);
  if (name !== null) put(draft, "file.name", name);
  put(draft, "hash.sha256", sha256);
  if (text !== null) {
    if (!sent) put(draft, "message", text.slice(0, MESSAGE_MAX).toWellFormed());
    seeText(draft.seen, text.slice(0, SEARCHED_MAX));
  }
  draft.title = name ?? "File without a name";
  const record = finish(draft);
  if (!sent) return record;
  const { time, timeOriginal, timeQuality } = sent;
  return { ...record, time, timeOriginal, timeQuality };
}

/** A record of a source as its normaliser reads it, as an event of no source's incident; null for anything else. */
function asSent(bytes: Uint8Array): NormalRecord | null {
  if (bytes.length > RECORD_BYTES_MAX) return null;
  const read = normalise(bytes, "auto");
  if (!read.ok) return null;
  const { severity: _, ...fields } = read.record.fields;
  return {
    ...read.record,
    fields,
    kind: "event",
    severity: null,
    sourceIncidentId: null,
    alertIds: [],
  };
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 200).find((line) => line.trim() !== "") ?? "Pasted text";
}
