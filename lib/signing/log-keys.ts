import type { KeyObject } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseVerifierKey, verifierKey, type NoteKey } from "#lib/trail/checkpoint.ts";
import { readIfThere, writeDurably } from "./durable.ts";
import { loadOrCreateKey } from "./keys.ts";

/** `next` signs beside `key` while the log's key is changed; `older` signed once and verifies only. */
export type LogKeys = { key: KeyObject; next: KeyObject | null; older: NoteKey[] };

const KEY = "log.key";
const NEXT = "log.key.next";
/** One verifier key a line, the oldest first. */
const OLDER = "log.key.old";

/** The log's keys in the signer's folder; the first is made when there is none. */
export async function loadLogKeys(directory: string, origin: string): Promise<LogKeys> {
  const key = await loadOrCreateKey(join(directory, KEY), origin);
  const ownLine = `${verifierKey({ name: origin, key })}\n`;
  // a change of keys that was cut off between the key and what auditors copy
  if ((await readIfThere(join(directory, `${KEY}.pub`))) !== ownLine)
    await writePublicHalf(join(directory, `${KEY}.pub`), ownLine);
  const isNextThere = (await readIfThere(join(directory, NEXT))) !== null;
  const next = isNextThere ? await loadOrCreateKey(join(directory, NEXT), origin) : null;
  const older = (await olderLines(directory)).filter((line) => `${line}\n` !== ownLine);
  return { key, next, older: older.map((line) => parseVerifierKey(line)) };
}

/** The signer and a command may both come to put it right: who comes second finds it done. */
async function writePublicHalf(path: string, line: string): Promise<void> {
  try {
    await writeDurably(path, line, 0o644);
  } catch (error) {
    const isDone = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isDone || (await readIfThere(path)) !== line) throw error;
  }
}

/** Makes the next key, or finds the one that waits already; gives its verifier key. */
export async function makeNextKey(directory: string, origin: string): Promise<string> {
  const key = await loadOrCreateKey(join(directory, NEXT), origin);
  return verifierKey({ name: origin, key });
}

export async function isNextKeyThere(directory: string): Promise<boolean> {
  return (await readIfThere(join(directory, NEXT))) !== null;
}

/**
 * Puts the next key in the place of the first, whose private half is gone by that; its verifier key is kept. Cut off
 * at any point, it can be done again or goes on at the next `loadLogKeys`.
 */
export async function takeNextKey(directory: string, origin: string): Promise<void> {
  await retireKeys(directory, origin);
  await rename(join(directory, NEXT), join(directory, KEY));
  await rm(join(directory, `${NEXT}.pub`), { force: true });
  await loadLogKeys(directory, origin);
}

/** Puts the verifier key in force with those that signed once. */
export async function retireKeys(directory: string, origin: string): Promise<void> {
  const { key } = await loadLogKeys(directory, origin);
  const retired = verifierKey({ name: origin, key });
  const lines = (await olderLines(directory)).filter((line) => line !== retired);
  await writeDurably(join(directory, OLDER), `${[...lines, retired].join("\n")}\n`, 0o644);
}

async function olderLines(directory: string): Promise<string[]> {
  const text = (await readIfThere(join(directory, OLDER))) ?? "";
  return text.split("\n").filter((line) => line !== "");
}
