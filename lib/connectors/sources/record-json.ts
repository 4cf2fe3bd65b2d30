import { isObj } from "./values.ts";
import type { Obj } from "./values.ts";

/** Deepest nesting and longest string a record may have (UTF-8 bytes). */
export const MAX_DEPTH = 32;
export const MAX_FIELD_BYTES = 262_144;

export type ParsedRecord = { ok: true; value: Obj } | { ok: false; reason: string };

/** Invalid UTF-8 is shown as U+FFFD; the bytes themselves stay with the record. */
const utf8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: false });

/** Parses one record and refuses what no source needs: deep nesting, huge fields, `__proto__`. */
export function parseRecord(bytes: Uint8Array): ParsedRecord {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return { ok: false, reason: `not valid JSON: ${syntaxReason(error)}` };
  }
  if (!isObj(value)) return { ok: false, reason: `not a JSON object but ${kindOf(value)}` };
  const breach = limitBreach(value, 1);
  return breach === null ? { ok: true, value } : { ok: false, reason: breach };
}

/** The engine's message without the excerpt it quotes: record text belongs to the evidence only. */
function syntaxReason(error: unknown): string {
  const message = error instanceof Error ? error.message : "unreadable";
  const at = /at position \d+/.exec(message)?.[0];
  return at ? `it breaks ${at}` : "it ends too early or holds an unknown word";
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

function limitBreach(value: unknown, depth: number): string | null {
  if (typeof value === "string") {
    if (value.length <= MAX_FIELD_BYTES / 3) return null;
    return Buffer.byteLength(value) > MAX_FIELD_BYTES ? tooLong() : null;
  }
  if (typeof value !== "object" || value === null) return null;
  if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) {
    for (const inner of value) {
      const breach = limitBreach(inner, depth + 1);
      if (breach !== null) return breach;
    }
    return null;
  }
  for (const key in value) {
    if (key === "__proto__") return "a key named __proto__ is refused";
    if (key.length > MAX_FIELD_BYTES / 3 && Buffer.byteLength(key) > MAX_FIELD_BYTES)
      return tooLong();
    const breach = limitBreach((value as Obj)[key], depth + 1);
    if (breach !== null) return breach;
  }
  return null;
}

function tooLong(): string {
  return `a field is longer than ${MAX_FIELD_BYTES} bytes`;
}
