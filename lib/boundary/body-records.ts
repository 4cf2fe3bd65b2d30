import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { RawRecord } from "#lib/connectors/sources/split.ts";
import { Problem } from "#lib/domain/problem.ts";

/** How much of a refused body is still read; see `refusedLate`. */
const DRAINED_BYTES_MAX = 100 * 1024 * 1024;
const TYPES = [
  "application/json",
  "application/x-ndjson",
  "application/ndjson",
  "application/jsonl",
  "application/x-jsonlines",
  "application/octet-stream",
  "text/plain",
];

/**
 * The records of a request's body, cut out byte for byte. NDJSON may have any length; an array or a
 * single object is held whole and has a limit (SPLIT_LIMITS).
 * Throws Problem 413 (body_too_large), 415 (content_type_unknown, encoding_unknown), 400 (body_empty, gzip_broken), while the records are read.
 */
export async function bodyRecords(request: Request): Promise<AsyncIterable<RawRecord>> {
  const type = (request.headers.get("content-type") ?? "application/json").split(";")[0]!.trim().toLowerCase();
  if (!TYPES.includes(type)) {
    throw new Problem("content_type_unknown", 415, `Content-Type ${type.slice(0, 80)} is not accepted. Send application/json or application/x-ndjson.`);
  }
  if (!request.body) throw new Problem("body_empty", 400, "The body is empty: send at least one record.");
  return refusedLate(decoded(request)[Symbol.asyncIterator]());
}

/**
 * The records as they are cut from the stream. When the body turns out too large, a part of what
 * still comes is read and thrown away: a sender that is cut off while it writes sees a broken
 * connection and not our answer.
 */
async function* refusedLate(chunks: AsyncIterator<Uint8Array>): AsyncIterable<RawRecord> {
  let isEmpty = true;
  try {
    for await (const record of splitNdjsonStream({ [Symbol.asyncIterator]: () => keepOpen(chunks) })) {
      if (isEmpty && record.bytes.every(isSpace)) break;
      isEmpty = false;
      yield record;
    }
  } catch (error) {
    await drain(chunks);
    throw error;
  }
  if (isEmpty) throw new Problem("body_empty", 400, "The body is empty: send at least one record.");
}

/** The splitter closes what it reads from when it throws; the rest must stay readable. */
function keepOpen(chunks: AsyncIterator<Uint8Array>): AsyncIterator<Uint8Array> {
  return { next: () => chunks.next() };
}

async function drain(chunks: AsyncIterator<Uint8Array>): Promise<void> {
  let size = 0;
  while (size < DRAINED_BYTES_MAX) {
    const next = await chunks.next().catch(() => ({ done: true as const, value: undefined }));
    if (next.done) return;
    size += next.value.byteLength;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function decoded(request: Request): AsyncIterable<Uint8Array> {
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const body = request.body as unknown as AsyncIterable<Uint8Array>;
  if (encoding === "identity" || encoding === "") return body;
  if (encoding !== "gzip" && encoding !== "x-gzip") {
    throw new Problem("encoding_unknown", 415, `Content-Encoding ${encoding.slice(0, 40)} is not accepted. Send gzip or nothing.`);
  }
  return gunzipped(body);
}

async function* gunzipped(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(body);
  source.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Uint8Array;
  } catch (error) {
    throw new Problem("gzip_broken", 400, "The gzip body is broken or cut short.", { internal: String(error) });
  } finally {
    source.destroy();
  }
}
