import {
  parseCheckpoint,
  parseVerifierKeys,
  type Checkpoint,
  type NoteKey,
} from "../checkpoint.ts";
import { isNameOf } from "../origin.ts";
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

/** The keys that the auditor gave, or else the copies in the bundle; none of another log than the checkpoint's. */
export async function logKeysFor(
  origin: string,
  { files, given }: { files: BundleFiles; given: readonly NoteKey[] | undefined },
): Promise<readonly NoteKey[]> {
  const keys = given ?? (await ownLogKeys(files));
  const other = keys.find(({ name }) => !isNameOf(name, origin));
  if (other)
    throw new BundleFault("other_key", `a key is of the log ${other.name}, this is ${origin}`);
  return keys;
}

async function ownLogKeys(files: BundleFiles): Promise<NoteKey[]> {
  if (!(await files.names()).includes(LOG_KEY))
    throw new BundleFault("missing", `${LOG_KEY} is not there, and no key was given`);
  try {
    return parseVerifierKeys(await readText(files, LOG_KEY));
  } catch {
    throw new BundleFault("checkpoint", `${LOG_KEY} holds no key`);
  }
}
