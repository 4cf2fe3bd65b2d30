import { Problem } from "#lib/domain/problem.ts";
import { isSpace, newScan, scanValue } from "./json-scan.ts";
import { cutValues, newCutter, refuseBody } from "./cut.ts";
import type { RawRecord } from "./cut.ts";
import { HeldBytes } from "./split-held.ts";

export type { RawRecord } from "./cut.ts";

/** Longest body that is not a stream of records, and longest single record of a stream. */
export type SplitLimits = { bodyBytes: number; recordBytes: number };
export const SPLIT_LIMITS: SplitLimits = { bodyBytes: 26_214_400, recordBytes: 4_000_000 };

/**
 * Cuts a whole body into records: one object, an array, a known wrapper, NDJSON, concatenated or
 * pretty JSON, objects separated by commas. Spans are views into `bytes`; nothing is re-serialised.
 * A broken record is reported with its line and the others are kept. Never throws.
 */
export function splitBody(bytes: Uint8Array): RawRecord[] {
  return [...cutBody(bytes)];
}

/** The records of a whole body as `splitBody` gives them, each cut when it is asked for. */
export function* cutBody(bytes: Uint8Array): Iterable<RawRecord> {
  const refusal = refuseBody(bytes);
  if (refusal) yield { index: 0, bytes, error: refusal };
  else yield* cutValues(newCutter(false, bytes.length), bytes, true);
}

/**
 * Cuts a body of any length as it arrives, holding no more than one record and one chunk of a
 * line-delimited or concatenated body. An array or one object is held whole and refused by throwing
 * Problem 413 `body_too_large` beyond `limits.bodyBytes`; a longer single record of a stream is reported by index.
 */
export async function* splitNdjsonStream(
  chunks: AsyncIterable<Uint8Array>,
  limits: SplitLimits = SPLIT_LIMITS,
): AsyncIterable<RawRecord> {
  const cutter = newCutter(true, limits.recordBytes);
  const held = new HeldBytes();
  const opening = new Opening();
  let streams = false;
  for await (const chunk of chunks) {
    held.append(chunk);
    streams ||= opening.showsStream(held.bytes());
    if (streams) held.drop(yield* cutValues(cutter, held.bytes(), false));
    else if (held.length > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
  }
  if (streams) yield* cutValues(cutter, held.bytes(), true);
  else yield* cutBody(held.bytes());
}

function tooLarge(limit: number): Problem {
  return new Problem(
    "body_too_large",
    413,
    `An array or a single object may have ${limit} bytes. Send one record a line (NDJSON) instead.`,
  );
}

/** The beginning of a body, looked at until it shows whether more than one record follows. */
class Opening {
  #read = 0;
  #scan = newScan();
  #state: "before" | "value" | "after" | "whole" = "before";

  /** True once the body is known to be a stream of records. `bytes` is all of it that has come. */
  showsStream(bytes: Uint8Array): boolean {
    if (this.#state === "before") this.#begin(bytes);
    if (this.#state === "value") {
      const stop = scanValue(this.#scan, bytes, this.#read, bytes.length, false);
      this.#read = stop.at;
      if (stop.outcome === "broken") return true;
      if (stop.outcome === "complete") this.#state = "after";
    }
    if (this.#state !== "after") return false;
    while (this.#read < bytes.length && isBetween(bytes[this.#read])) this.#read++;
    return this.#read < bytes.length;
  }

  #begin(bytes: Uint8Array): void {
    let i = this.#read;
    while (i < bytes.length && isLead(bytes[i])) i++;
    this.#read = i;
    if (bytes.length - i < 8) return;
    const whole = bytes[i] !== 0x7b || refuseBody(bytes) !== null;
    this.#state = whole ? "whole" : "value";
  }
}

function isLead(byte: number | undefined): boolean {
  return isSpace(byte) || byte === 0xef || byte === 0xbb || byte === 0xbf;
}

function isBetween(byte: number | undefined): boolean {
  return isSpace(byte) || byte === 0x2c;
}
