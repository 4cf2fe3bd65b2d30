import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { splitBody, splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { RawRecord } from "#lib/connectors/sources/split.ts";
import { Problem } from "#lib/domain/problem.ts";

/** A body that is not line-delimited is read whole, so it has a limit; NDJSON is streamed and has none. */
export const BODY_BYTES_MAX = 25 * 1024 * 1024;
const DRAINED_BYTES_MAX = 4 * BODY_BYTES_MAX;
const NDJSON_TYPES = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];
const JSON_TYPES = ["application/json", "text/plain", "application/octet-stream", ...NDJSON_TYPES];

/**
 * The records of a request's body, cut out byte for byte.
 * Throws Problem 413 (body_too_large), 415 (content_type_unknown, encoding_unknown), 400 (body_empty, gzip_broken).
 */
export async function bodyRecords(request: Request): Promise<AsyncIterable<RawRecord>> {
  const type = (request.headers.get("content-type") ?? "application/json").split(";")[0]!.trim().toLowerCase();
  if (!JSON_TYPES.includes(type)) {
    throw new Problem("content_type_unknown", 415, `Content-Type ${type.slice(0, 80)} is not accepted. Send application/json or application/x-ndjson.`);
  }
  if (!request.body) throw new Problem("body_empty", 400, "The body is empty: send at least one record.");
  const chunks = decoded(request);
  if (NDJSON_TYPES.includes(type)) return splitNdjsonStream(chunks);
  return fromArray(splitBody(await readWhole(chunks)));
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

/**
 * A body over the limit is still read for a while, and thrown away: a sender that is cut off while it
 * writes sees a broken connection and not our answer.
 */
async function readWhole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > DRAINED_BYTES_MAX) break;
    if (size > BODY_BYTES_MAX) parts.length = 0;
    else parts.push(chunk);
  }
  if (size <= BODY_BYTES_MAX) return Buffer.concat(parts);
  throw new Problem(
    "body_too_large",
    413,
    "The body is larger than 25 MB. Send it as NDJSON (application/x-ndjson), which has no limit.",
  );
}

async function* fromArray(records: RawRecord[]): AsyncIterable<RawRecord> {
  yield* records;
}
