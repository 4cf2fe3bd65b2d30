import { Problem } from "#lib/domain/problem.ts";
import { isSpace, newScan, scanValue } from "./json-scan.ts";
import { cutValues, newCutter, refuseBody } from "./cut.ts";
import type { RawRecord } from "./cut.ts";

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
  const refusal = refuseBody(bytes);
  if (refusal) return [{ index: 0, bytes, error: refusal }];
  const cutter = newCutter(false, bytes.length);
  cutValues(cutter, bytes, true);
  return cutter.out;
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
  const opening = new Opening(limits);
  let held: Uint8Array | null = null;
  for await (const chunk of chunks) {
    if (held === null) {
      if (!opening.take(chunk)) continue;
      held = opening.bytes();
    } else held = join(held, chunk);
    held = held.subarray(cutValues(cutter, held, false));
    yield* drain(cutter.out);
  }
  if (held === null) {
    yield* splitBody(opening.bytes());
    return;
  }
  cutValues(cutter, held, true);
  yield* drain(cutter.out);
}

function tooLarge(limit: number): Problem {
  return new Problem(
    "body_too_large",
    413,
    `An array or a single object may have ${limit} bytes. Send one record a line (NDJSON) instead.`,
  );
}

function* drain(out: RawRecord[]): Iterable<RawRecord> {
  yield* out.splice(0);
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The beginning of a body, held until it shows whether more than one record follows. */
class Opening {
  #held = new Uint8Array(65_536);
  #length = 0;
  #read = 0;
  #scan = newScan();
  #state: "before" | "value" | "after" | "whole" = "before";
  readonly #limits: SplitLimits;

  constructor(limits: SplitLimits) {
    this.#limits = limits;
  }

  bytes(): Uint8Array {
    return this.#held.subarray(0, this.#length);
  }

  /** True once the body is known to be a stream of records. */
  take(chunk: Uint8Array): boolean {
    this.#append(chunk);
    if (this.#look()) return true;
    if (this.#length > this.#limits.bodyBytes) throw tooLarge(this.#limits.bodyBytes);
    return false;
  }

  #append(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.#held.length) {
      const wider = new Uint8Array(Math.max(this.#held.length * 2, this.#length + chunk.length));
      wider.set(this.bytes());
      this.#held = wider;
    }
    this.#held.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  #look(): boolean {
    const bytes = this.bytes();
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
    let i = 0;
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
