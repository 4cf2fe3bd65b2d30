import { parseCheckpoint, parseVerifierKey, type Checkpoint, type NoteKey } from "../checkpoint.ts";
import { BundleFault } from "./faults.ts";
import { readText, type BundleFiles } from "./files.ts";
import { LOG_KEY } from "./manifest.ts";

/** Size and root as the note says them, whoever signed it. */
export function headOf(note: string): Checkpoint {
  try {
    return parseCheckpoint(note.slice(0, note.lastIndexOf("\n\n") + 1));
  } catch (error) {
    throw new BundleFault("checkpoint", (error as Error).message);
  }
}

/** The copy of the log's key in the bundle. */
export async function ownLogKey(files: BundleFiles): Promise<NoteKey> {
  if (!(await files.names()).includes(LOG_KEY))
    throw new BundleFault("missing", `${LOG_KEY} is not there, and no key was given`);
  try {
    return parseVerifierKey((await readText(files, LOG_KEY)).trimEnd());
  } catch {
    throw new BundleFault("checkpoint", `${LOG_KEY} holds no key`);
  }
}
