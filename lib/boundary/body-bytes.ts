import { sizeWords } from "#lib/domain/evidence/by-hand.ts";
import { Problem } from "#lib/domain/problem.ts";
import { drain } from "./body-records.ts";

type Given = {
  max: number; // bytes
  /** What the sender made of them, in hex; left out, it is not asked. */
  sha256?: string | undefined;
};

/**
 * The body of a request as it came. It must say that it is bytes and nothing else: a page of somebody else cannot send
 * that unasked. Throws Problem 415 `content_type_unknown` or `encoding_unknown`, 413 `body_too_large`, 400 `body_empty`,
 * 422 `body_altered`.
 */
export async function bodyBytes(request: Request, { max, sha256 }: Given): Promise<Uint8Array> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "application/octet-stream")
    throw new Problem("content_type_unknown", 415, "Send the bytes as application/octet-stream.");
  if ((request.headers.get("content-encoding") ?? "identity") !== "identity")
    throw new Problem("encoding_unknown", 415, "Send the bytes as they are, not packed.");
  const bytes = request.body ? await read(request.body, max) : Buffer.alloc(0);
  if (bytes.length === 0)
    throw new Problem("body_empty", 400, "There is nothing in it. Nothing was added.");
  if (sha256 !== undefined && (await digestOf(bytes)) !== sha256) {
    throw new Problem(
      "body_altered",
      422,
      "What came here is not what was sent: its digest differs. Nothing was added; send it again.",
    );
  }
  return bytes;
}

async function read(stream: unknown, max: number): Promise<Buffer<ArrayBuffer>> {
  const body = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await body.next(); !next.done; next = await body.next()) {
    size += next.value.byteLength;
    if (size > max) {
      await drain(body);
      const most = sizeWords(max);
      throw new Problem("body_too_large", 413, `This is more than ${most}. Nothing was added.`);
    }
    chunks.push(next.value);
  }
  return Buffer.concat(chunks);
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}
