import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { homeDirectory } from "#lib/env.ts";

/** Where the worker writes exports and web reads them: a folder of their own, 0700, each file 0600. */
export function exportFolder(home: string): string {
  return join(home, "exports", "files");
}

/** Which file: of which export, and which hand wrote it. */
export type ExportFile = { id: string; hand: number };

/** A hand that lost the export puts its file beside that of the next, never over it. Hand 0: made before hands were counted. */
export function exportFileBaseName({ id, hand }: ExportFile): string {
  return hand === 0 ? id : `${id}.${hand}`;
}

export function exportFile(file: ExportFile, home: string): string {
  return join(exportFolder(home), exportFileBaseName(file));
}

/** Whether the file of an export lies there, with so many bytes. */
export async function exportFileLies(
  { bytes, ...file }: ExportFile & { bytes: number },
  home = homeDirectory(),
): Promise<boolean> {
  const found = await stat(exportFile(file, home)).catch(() => null);
  return found?.isFile() === true && found.size === bytes;
}

export function openExportFile(file: ExportFile, home = homeDirectory()): ReadableStream {
  return Readable.toWeb(createReadStream(exportFile(file, home))) as ReadableStream;
}
