import { createHash, type Hash as Hasher } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { sealEnvelope } from "../trail/bundle/dsse.ts";
import {
  MANIFEST,
  SUMS,
  manifestText,
  sumsText,
  type BundleFile,
  type BundlePredicate,
} from "../trail/bundle/manifest.ts";
import { verifierKey, type NoteKey } from "../trail/checkpoint.ts";

/** A bundle as it is written: file by file, each hashed on its way, and sealed at the end. */
export type BundleFolder = {
  put: (name: string, bytes: Uint8Array | string) => Promise<void>;
  /** Lines without their ends. */
  putLines: (name: string, lines: AsyncIterable<string>) => Promise<void>;
  has: (name: string) => boolean;
  seal: (predicate: BundlePredicate, key: NoteKey) => Promise<void>;
  bytes: () => number;
};
export class TooBig extends Error {
  override name = "TooBig";
}

/** `folder` must be there and empty. Throws TooBig when more than `bytesMax` would be written. */
export function bundleFolder(folder: string, bytesMax: number): BundleFolder {
  const files = new Map<string, string>();
  let total = 0;
  const count = (size: number) => {
    total += size;
    if (total > bytesMax) throw new TooBig(`more than ${bytesMax} bytes`);
  };
  async function put(name: string, bytes: Uint8Array | string): Promise<void> {
    const buffer = Buffer.from(bytes as Uint8Array);
    count(buffer.length);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), buffer, { flag: "wx", mode: 0o600 });
    files.set(name, createHash("sha256").update(buffer).digest("hex"));
  }
  return {
    put,
    async putLines(name, lines) {
      const hash = createHash("sha256");
      const out = createWriteStream(join(folder, name), { flags: "wx", mode: 0o600 });
      await pipeline(Readable.from(chunksOf(lines, { hash, count })), out);
      files.set(name, hash.digest("hex"));
    },
    has: (name) => files.has(name),
    async seal(predicate, key) {
      const listed = sorted(files);
      const id = verifierKey(key).split("+").at(-2) ?? "";
      await put(MANIFEST, sealEnvelope(manifestText({ files: listed, predicate }), key.key, id));
      await put(SUMS, sumsText(sorted(files)));
    },
    bytes: () => total,
  };
}

const CHUNK_BYTES = 256 * 1024;

async function* chunksOf(
  lines: AsyncIterable<string>,
  { hash, count }: { hash: Hasher; count: (size: number) => void },
): AsyncGenerator<Buffer> {
  let waiting: string[] = [];
  let size = 0;
  const take = () => {
    const chunk = Buffer.from(waiting.join(""));
    waiting = [];
    size = 0;
    hash.update(chunk);
    count(chunk.length);
    return chunk;
  };
  for await (const line of lines) {
    waiting.push(`${line}\n`);
    size += line.length;
    if (size > CHUNK_BYTES) yield take();
  }
  if (waiting.length > 0) yield take();
}

function sorted(files: ReadonlyMap<string, string>): BundleFile[] {
  return [...files.keys()].toSorted().map((name) => ({ name, sha256: files.get(name)! }));
}
