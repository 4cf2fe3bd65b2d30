import { TooBig } from "#lib/bundle/bundle-folder.ts";
import { PART_ENTRIES_MAX, TooManyEntries } from "./collect-bundle.ts";

/** It cannot be written as it was asked for; the message is a sentence for whoever asked. */
export class ExportFault extends Error {
  override name = "ExportFault";
}

/** A sentence when trying again would change nothing. */
export function exportFault(error: unknown): string | null {
  if (error instanceof ExportFault) return error.message;
  if (error instanceof TooManyEntries)
    return `A bundle of a part of the trail holds ${PART_ENTRIES_MAX.toLocaleString("en")} entries at most, and there are more. Ask for the whole trail, or for less.`;
  if (error instanceof TooBig)
    return "It grew bigger than one export may be. Ask for less of the trail.";
  if ((error as { code?: string }).code === "ENOSPC")
    return "There is no room left on the disk of this desk. Ask whoever runs it.";
  return null;
}
