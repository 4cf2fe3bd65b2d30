import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { RawRecord } from "#lib/connectors/sources/split.ts";
import { isProblem, Problem } from "#lib/domain/problem.ts";

/** How much of a refused body is still read; see `refusedLate`. */
const DRAINED_BYTES_MAX = 100 * 1024 * 1024;
const BROKEN_MAX = 5_000;
const GZIP_RATIO_MAX = 200;
const GZIP_FREE_BYTES = 8 * 1024 * 1024;
const OPENING_BRACE = 0x7b;
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
  const type = (request.headers.get("content-type") ?? "application/json")
    .split(";")[0]!
    .trim()
    .toLowerCase();
  if (!TYPES.includes(type)) {
    throw new Problem(
      "content_type_unknown",
      415,
      `Content-Type ${type.slice(0, 80)} is not accepted. Send application/json or application/x-ndjson.`,
    );
  }
  if (!request.body)
    throw new Problem("body_empty", 400, "The body is empty: send at least one record.");
  return bounded(refusedLate(decoded(request)[Symbol.asyncIterator]()), request.signal);
}

/**
 * The records as they are cut from the stream. When the body turns out too large, a part of what
 * still comes is read and thrown away: a sender that is cut off while it writes sees a broken
 * connection and not our answer.
 */
async function* refusedLate(chunks: AsyncIterator<Uint8Array>): AsyncIterable<RawRecord> {
  let isEmpty = true;
  try {
    for await (const record of splitNdjsonStream({
      [Symbol.asyncIterator]: () => keepOpen(chunks),
    })) {
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

/** Reads on and keeps nothing: a sender that is cut off while it writes sees a broken connection and not our answer. */
export async function drain(chunks: AsyncIterator<Uint8Array>): Promise<void> {
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
    throw new Problem(
      "encoding_unknown",
      415,
      `Content-Encoding ${encoding.slice(0, 40)} is not accepted. Send gzip or nothing.`,
    );
  }
  return gunzipped(body);
}

/** What is no record is kept and named one by one, which costs far more than sending it: up to here. */
async function* bounded(
  records: AsyncIterable<RawRecord>,
  signal: AbortSignal,
): AsyncIterable<RawRecord> {
  let broken = 0;
  for await (const record of records) {
    if (signal.aborted) throw new Problem("sender_left", 400, "The sender left before the end.");
    if (record.error !== undefined || record.bytes[0] !== OPENING_BRACE) broken += 1;
    if (broken > BROKEN_MAX) {
      throw new Problem(
        "too_many_broken",
        413,
        `More than ${BROKEN_MAX} parts of the body are no JSON object. Of what came before, whole batches were taken in; mend the rest and send it again.`,
      );
    }
    yield record;
  }
}

/** Ordinary logs pack to a tenth or a thirtieth; nothing honest packs like a bomb. */
async function* gunzipped(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let [packed, unpacked] = [0, 0];
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const source = Readable.from(
    (async function* counted() {
      for await (const chunk of body) {
        packed += chunk.byteLength;
        yield chunk;
      }
    })(),
  );
  source.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      unpacked += chunk.byteLength;
      if (unpacked > GZIP_FREE_BYTES && unpacked > packed * GZIP_RATIO_MAX) throw bomb();
      yield chunk;
    }
  } catch (error) {
    if (isProblem(error)) throw error;
    throw new Problem("gzip_broken", 400, "The gzip body is broken or cut short.", {
      internal: String(error),
    });
  } finally {
    source.destroy();
  }
}

function bomb(): Problem {
  return new Problem(
    "body_too_large",
    413,
    `The body unpacks to more than ${GZIP_RATIO_MAX} times its size.`,
  );
}
