import { createHash } from "node:crypto";
import { BundleFault } from "./faults.ts";

/** The files of a bundle, wherever they lie. Names are relative, with slashes. */
export type BundleFiles = {
  names: () => Promise<string[]>;
  /** The bytes of a file; throws when it is not there. */
  read: (name: string) => AsyncIterable<Uint8Array>;
  /** Hex sha256 of a file, where there is a better way to it than to read it here; null for any other file. */
  digest?: (name: string) => Promise<string | null>;
};

/** No file of a bundle that is read whole is bigger. */
const WHOLE_BYTES_MAX = 256 * 1024 * 1024;
/** One entry of the trail; a longer line is no entry. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;

export async function digestOf(files: BundleFiles, name: string): Promise<string> {
  const made = await files.digest?.(name);
  if (typeof made === "string") return made;
  const hash = createHash("sha256");
  for await (const chunk of files.read(name)) hash.update(chunk);
  return hash.digest("hex");
}

export async function readText(files: BundleFiles, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of files.read(name)) {
    size += chunk.length;
    if (size > WHOLE_BYTES_MAX) throw new BundleFault("unsafe", `${name} is too big to be read`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new BundleFault("unreadable", `${name} is no UTF-8 text`);
  }
}

/** The lines of a UTF-8 file, without their ends; what follows the last line end is a fault. */
export async function* linesOf(
  files: BundleFiles,
  name: string,
  part = "",
): AsyncGenerator<string> {
  for await (const lines of batchesOf(files, name, part)) yield* lines;
}

/**
 * The same lines, as many at a time as were read at once: a million steps less of an asynchronous loop. Where none of
 * these holds `part`, all of them may be left out.
 */
export async function* batchesOf(
  files: BundleFiles,
  name: string,
  part = "",
): AsyncGenerator<string[]> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of files.read(name)) {
    const end = chunk.lastIndexOf(LINE_END) + 1;
    if (end > 0) {
      const whole = restBytes > 0 ? Buffer.concat([...rest, chunk.subarray(0, end)]) : chunk;
      const lines = bufferOf(whole).subarray(0, restBytes + end);
      if (lines.includes(part)) yield linesIn(lines, name);
      rest = [];
      restBytes = 0;
    }
    if (end === chunk.length) continue;
    rest.push(chunk.subarray(end));
    restBytes += chunk.length - end;
    if (restBytes > LINE_BYTES_MAX)
      throw new BundleFault("unsafe", `${name} has a line without an end`);
  }
  if (restBytes === 0) return;
  textOf(Buffer.concat(rest), name);
  throw new BundleFault("unreadable", `${name} ends in the middle of a line`);
}

const LINE_END = 0x0a;

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Text of ASCII alone takes one byte a character, and each step after this one half the time; so a line that holds
 * more is made by itself and leaves the others as they are.
 */
function linesIn(bytes: Buffer, name: string): string[] {
  const text = textOf(bytes, name);
  if (text.length === bytes.length) return text.slice(0, -1).split("\n");
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LINE_END, at);
    lines.push(bytes.toString("utf8", at, end));
    at = end + 1;
  }
  return lines;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new BundleFault("unreadable", `${name} is no UTF-8 text`);
  }
}

/** A JSONL file of ours: canonical JSON objects. */
export async function* recordsOf(
  files: BundleFiles,
  name: string,
): AsyncGenerator<Record<string, unknown>> {
  for await (const line of linesOf(files, name)) {
    let value: unknown = null;
    try {
      value = JSON.parse(line);
    } catch {
      throw new BundleFault("unreadable", `${name} holds a line that is no JSON`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new BundleFault("unreadable", `${name} holds a line that is no object`);
    yield value as Record<string, unknown>;
  }
}
