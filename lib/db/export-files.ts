import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { homeDirectory } from "#lib/env.ts";

/** Where the worker writes exports and web reads them: a folder of their own, 0700, each file 0600 under its export's id. */
export function exportFolder(home: string): string {
  return join(home, "exports", "files");
}

/** Whether the file of an export lies there, with so many bytes. */
export async function exportFileLies(
  { id, bytes }: { id: string; bytes: number },
  home = homeDirectory(),
): Promise<boolean> {
  const found = await stat(join(exportFolder(home), id)).catch(() => null);
  return found?.isFile() === true && found.size === bytes;
}

export function openExportFile(id: string, home = homeDirectory()): ReadableStream {
  return Readable.toWeb(createReadStream(join(exportFolder(home), id))) as ReadableStream;
}
