import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { folderFiles } from "./open-bundle.ts";
import { padding, TAR_END, tarHeader } from "./tar.ts";

/** Packs a folder as `name/...` into a .tar.gz, in constant memory. */
export async function packFolder(
  folder: string,
  { to, name, mtime }: { to: string; name: string; mtime: number },
): Promise<void> {
  const out = createWriteStream(to, { flags: "wx", mode: 0o600 });
  await pipeline(Readable.from(membersOf(folder, { name, mtime })), createGzip(), out);
}

async function* membersOf(
  folder: string,
  { name, mtime }: { name: string; mtime: number },
): AsyncGenerator<Uint8Array> {
  for (const file of (await folderFiles(folder).names()).toSorted()) {
    const { size } = await stat(join(folder, file));
    yield tarHeader({ name: `${name}/${file}`, size }, mtime);
    yield* createReadStream(join(folder, file)) as AsyncIterable<Uint8Array>;
    yield padding(size);
  }
  yield TAR_END;
}
