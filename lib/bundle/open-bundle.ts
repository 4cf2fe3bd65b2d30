import { createReadStream } from "node:fs";
import { lstat, mkdir, mkdtemp, open, readdir, rm, stat, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { createGunzip } from "node:zlib";
import { BundleFault } from "../trail/bundle/faults.ts";
import type { BundleFiles } from "../trail/bundle/files.ts";
import { readTar, TarError } from "./tar.ts";

export type OpenLimits = {
  /** Unpacked bytes, all files together. */
  bytesMax?: number;
  /** Unpacked bytes for each byte of the archive, once the whole is bigger than `freeBytes`. */
  ratioMax?: number;
  freeBytes?: number;
  filesMax?: number;
};
export type OpenedBundle = { files: BundleFiles; close: () => Promise<void> };

const LIMITS: Required<OpenLimits> = {
  bytesMax: 64 * 2 ** 30,
  ratioMax: 100,
  freeBytes: 64 * 2 ** 20,
  filesMax: 500_000,
};
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}$/;

/**
 * Opens a bundle: a folder, or an archive (.tar.gz or .tar), which is unpacked into a folder of its own that `close`
 * removes. Throws BundleFault for what cannot be read or must not be unpacked.
 */
export async function openBundle(path: string, limits: OpenLimits = {}): Promise<OpenedBundle> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new BundleFault("unreadable", "there is no such file or folder");
  if (found.isDirectory()) return { files: folderFiles(path), close: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    await unpack({ path, size: found.size }, folder, { ...LIMITS, ...limits });
  } catch (error) {
    await close();
    throw asFault(error);
  }
  return { files: folderFiles(folder), close };
}

/** Text of up to 128 KB is young to V8 and goes away cheaply: read by the megabyte, a log takes twice the memory. */
const READ_BYTES = 64 * 1024;
const HASHED_BYTES = 1024 * 1024;

export function folderFiles(folder: string): BundleFiles {
  return {
    names: () => namesIn(folder, ""),
    read: (name) => createReadStream(join(folder, name), { highWaterMark: READ_BYTES }),
    digest: (name) => digestBeside(join(folder, name)),
  };
}

/** A smaller file is hashed before a thread has started. */
const BESIDE_BYTES_MIN = 16 * 2 ** 20;

/** Hashes a big file in a thread of its own, while its lines are read in this one. */
async function digestBeside(path: string): Promise<string | null> {
  if ((await stat(path)).size < BESIDE_BYTES_MIN) return null;
  return new Promise((resolve, reject) => {
    const thread = new Worker(DIGEST, { eval: true, workerData: { path, bytes: HASHED_BYTES } });
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error(`${path} was not read to its end`)));
  });
}

const DIGEST = `
const { createHash } = require("node:crypto");
const { closeSync, openSync, readSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const hash = createHash("sha256");
const piece = Buffer.allocUnsafe(workerData.bytes);
const file = openSync(workerData.path, "r");
for (let read = 0; (read = readSync(file, piece)) > 0; ) hash.update(piece.subarray(0, read));
closeSync(file);
parentPort.postMessage(hash.digest("hex"));
`;

async function namesIn(folder: string, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await readdir(join(folder, prefix))) {
    const found = await lstat(join(folder, prefix, name));
    if (found.isDirectory()) names.push(...(await namesIn(folder, `${prefix}${name}/`)));
    else if (found.isFile()) names.push(`${prefix}${name}`);
    else throw new BundleFault("unsafe", `${prefix}${name} is no plain file`);
  }
  return names;
}

type Archive = { path: string; size: number };

async function unpack(
  archive: Archive,
  folder: string,
  limits: Required<OpenLimits>,
): Promise<void> {
  let bytes = 0;
  let files = 0;
  const current: { out: FileHandle | null } = { out: null };
  const packed = bytesOf(archive.path, await isGzip(archive.path));
  const reading = readTar(packed, {
    async begin({ name, size }) {
      files += 1;
      bytes += size;
      const inside = name.slice(name.indexOf("/") + 1);
      if (!NAME.test(name) || inside === name)
        throw new BundleFault("unsafe", "it holds a file with a name that no bundle has");
      if (files > limits.filesMax || bytes > limits.bytesMax)
        throw new BundleFault("unsafe", "it unpacks to more than is allowed");
      if (bytes > limits.freeBytes && bytes > archive.size * limits.ratioMax)
        throw new BundleFault(
          "unsafe",
          `it unpacks to more than ${limits.ratioMax} times its size`,
        );
      await mkdir(dirname(join(folder, inside)), { recursive: true });
      // wx: a second file of the same name is refused
      current.out = await open(join(folder, inside), "wx");
    },
    async write(chunk) {
      await current.out?.writeFile(chunk);
    },
    async end() {
      await current.out?.close();
      current.out = null;
    },
  });
  try {
    await reading;
  } finally {
    await current.out?.close();
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(2);
    await file.read(head, 0, 2, 0);
    return head.readUInt16BE() === 0x1f8b;
  } finally {
    await file.close();
  }
}

async function* bytesOf(path: string, isPacked: boolean): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  if (!isPacked) return yield* file;
  const unpacked = createGunzip();
  file.on("error", (error) => {
    unpacked.destroy(error);
  });
  yield* file.pipe(unpacked);
}

function asFault(error: unknown): unknown {
  if (error instanceof BundleFault) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof TarError) return new BundleFault("unreadable", message);
  if (code === "EEXIST") return new BundleFault("unsafe", "it holds two files of one name");
  if (code?.startsWith("Z_")) return new BundleFault("unreadable", "it was cut off or changed");
  return error;
}
