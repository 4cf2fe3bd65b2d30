import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { RawRecord } from "#lib/connectors/sources/split.ts";
import { InputError } from "./input-error.ts";
import type { GivenEvent } from "./verify-claims-against.ts";

/** Longest file, and longest content of a packed one. */
export const FILE_BYTES_MAX = 200_000_000;
const RECORD_BYTES_MAX = 4_000_000;
const FILE_MEGABYTES = FILE_BYTES_MAX / 1_000_000;

/**
 * One file of events. `by` says how its records are numbered: by the line they stand on when there is
 * one record a line (a blank or broken line keeps its number), else by their order.
 */
export type EventsFile = {
  file: string;
  source: string;
  bytes: number;
  /** Of the file as it is on disk, in hex. */
  sha256: string;
  by: "line" | "order";
  /** The numbers the file takes up, `first` to `last`. */
  first: number;
  last: number;
  events: GivenEvent[];
};

/**
 * Reads a file in any ingest format, plain or gzip, and numbers its records from `first`.
 * Throws InputError for a file that cannot be read, is too large, or holds no record.
 */
export async function readEventsFile(file: string, first: number): Promise<EventsFile> {
  const digest = createHash("sha256");
  const size = { bytes: 0, lines: 0, opening: new Opening() };
  const source = sourceOf(file);
  const records: RawRecord[] = [];
  try {
    const limits = { bodyBytes: FILE_BYTES_MAX, recordBytes: RECORD_BYTES_MAX };
    for await (const record of splitNdjsonStream(chunksOf(file, digest, size), limits))
      records.push(record);
  } catch (error) {
    throw asInputError(file, error);
  }
  if (records.every(({ error, bytes }) => error !== undefined || bytes.length === 0)) {
    const [{ error } = {}] = records;
    throw new InputError(`${file}: no record in it: ${error ?? "the file is empty"}`);
  }
  const by = isOneALine(records, size.opening) ? "line" : "order";
  const last = first + (by === "line" ? size.lines : records.length) - 1;
  const events = records.map((record, at) => {
    const number = first + (by === "line" ? (record.line ?? 1) - 1 : at);
    const { bytes: raw, error } = record;
    return error === undefined ? { number, source, raw } : { number, source, raw, error };
  });
  return {
    file,
    source,
    bytes: size.bytes,
    sha256: digest.digest("hex"),
    by,
    first,
    last,
    events,
  };
}

type Size = { bytes: number; lines: number; opening: Opening };

async function* chunksOf(file: string, digest: Hash, size: Size): AsyncGenerator<Uint8Array> {
  const packed = await isGzip(file);
  const source = createReadStream(file);
  source.on("data", (chunk) => {
    digest.update(chunk);
    size.bytes += chunk.length;
    if (size.bytes > FILE_BYTES_MAX) source.destroy(tooLarge(file));
  });
  const plain = packed ? source.pipe(createGunzip()) : source;
  source.on("error", (error) => plain.destroy(error));
  let length = 0;
  let open = false;
  for await (const chunk of plain as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > FILE_BYTES_MAX) throw tooLarge(file);
    size.opening.add(chunk);
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) size.lines++;
    open = chunk.at(-1) !== 0x0a;
    yield chunk;
  }
  if (open) size.lines++;
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new InputError(`${file}: not a file.`);
    if (info.size > FILE_BYTES_MAX) throw tooLarge(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** The first line with something on it. */
class Opening {
  #bytes: Uint8Array = new Uint8Array();
  #whole = false;

  get line(): Uint8Array {
    return this.#bytes;
  }

  add(chunk: Uint8Array): void {
    if (this.#whole) return;
    const bytes = Buffer.concat([this.#bytes, chunk]);
    let start = 0;
    while (start < bytes.length && isBlank(bytes[start]!)) start++;
    const end = bytes.indexOf(0x0a, start);
    this.#whole = start < bytes.length && end !== -1;
    this.#bytes = bytes.subarray(start, end === -1 ? undefined : end);
  }
}

/** Whether the file is one record a line, so that an editor's line number is the record's number. */
function isOneALine(records: RawRecord[], opening: Opening): boolean {
  let line = 0;
  for (const record of records) {
    if ((record.line ?? 0) <= line || record.bytes.includes(0x0a)) return false;
    line = record.line ?? 0;
  }
  const [first] = records;
  if (!first) return false;
  let end = opening.line.length;
  while (end > 0 && isBlank(opening.line[end - 1]!)) end--;
  return Buffer.compare(opening.line.subarray(0, end), first.bytes) === 0;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte > 0xba;
}

/** `logs/Sysmon.ndjson.gz` is the source "Sysmon". */
function sourceOf(file: string): string {
  return basename(file).replace(/(?:\.(?:json|jsonl|ndjson|log|txt|gz))+$/i, "") || basename(file);
}

function tooLarge(file: string): InputError {
  return new InputError(`${file}: more than ${FILE_MEGABYTES} MB; give it in parts.`);
}

function asInputError(file: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new InputError(`${file}: no such file.`);
  if (code === "EACCES") return new InputError(`${file}: may not be read.`);
  if (code?.startsWith("Z_")) return new InputError(`${file}: broken or cut short gzip.`);
  if (code === "body_too_large") return tooLarge(file);
  return new InputError(`${file}: cannot be read (${code ?? message}).`);
}
