import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** The steps of a durable write, in order. */
export const WRITE_STEPS = ["open", "write", "sync", "rename", "sync folder", "written"] as const;
export type WriteStep = (typeof WRITE_STEPS)[number];

/** Called before each step, and after the last; what it throws is what the disk would have said. For proofs. */
export type AtStep = (step: WriteStep) => void;

/** Writes aside, syncs, renames, syncs the folder: after a crash there is the old file or the new one, whole. */
export async function writeDurably(
  path: string,
  text: string,
  mode: number,
  atStep: AtStep = () => undefined,
): Promise<void> {
  const aside = `${path}.new`;
  atStep("open");
  const file = await open(aside, "w", mode);
  try {
    await file.chmod(mode);
    atStep("write");
    await file.writeFile(text);
    atStep("sync");
    await file.sync();
  } finally {
    await file.close();
  }
  atStep("rename");
  await rename(aside, path);
  await syncFolder(dirname(path), () => atStep("sync folder"));
  atStep("written");
}

/** After it, what was renamed in a folder stays renamed. */
export async function syncFolder(
  path: string,
  before: () => void = () => undefined,
): Promise<void> {
  const folder = await open(path, "r");
  try {
    before();
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
