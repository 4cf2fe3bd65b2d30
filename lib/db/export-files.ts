import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { homeDirectory } from "#lib/env.ts";

/** Where the worker writes exports and web reads them: a folder of their own, 0700, each file 0600 under its export's id. */
export function exportFolder(home: string): string {
  return join(home, "exports", "files");
}

/** The file of an export as a stream, or null when it does not lie there or has not `bytes` bytes. */
export async function openExportFile(
  { id, bytes }: { id: string; bytes: number },
  home = homeDirectory(),
): Promise<ReadableStream | null> {
  const path = join(exportFolder(home), id);
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.size !== bytes) return null;
  return Readable.toWeb(createReadStream(path)) as ReadableStream;
}
