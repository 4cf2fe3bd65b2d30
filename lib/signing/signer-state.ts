import { earlierOrigins, isNameOf } from "#lib/trail/origin.ts";
import { CompactRange, type Hash } from "#lib/trail/tree.ts";
import { FIRST_PREV } from "#lib/trail/line.ts";
import { readIfThere, writeDurably, type AtStep } from "./durable.ts";

/** What the signer remembers on its own disk of what it last vouched for: it never asks the database about that. */
export type SignedState = {
  range: CompactRange;
  lastLeaf: string;
  /** How many names the log had before the one under which these entries end (`log.continued`). */
  names: number;
};

type StoredState = { origin: string; size: number; peaks: string; root: string; lastLeaf: string };

export function emptyState(): SignedState {
  return { range: new CompactRange(), lastLeaf: FIRST_PREV, names: 0 };
}

/** Throws when the file is damaged or of another log: starting anew must be a person's decision. */
export async function readState(path: string, origin: string): Promise<SignedState> {
  const text = await readIfThere(path);
  if (text === null) return emptyState();
  let stored: StoredState;
  let range: CompactRange;
  try {
    stored = JSON.parse(text) as StoredState;
    range = CompactRange.fromBytes(stored.size, Buffer.from(stored.peaks, "hex"));
  } catch (cause) {
    throw new Error(`the signer's state ${path} is damaged`, { cause });
  }
  // a log that was frozen goes on under another name: what was signed under those before it binds all the same
  if (!isNameOf(stored.origin, origin))
    throw new Error(`the signer's state ${path} is of the log ${stored.origin}, not ${origin}`);
  if (range.root().toString("hex") !== stored.root)
    throw new Error(`the signer's state ${path} is damaged`);
  const names = earlierOrigins(stored.origin).length;
  return { range, lastLeaf: stored.lastLeaf, names };
}

export async function writeState(
  path: string,
  origin: string,
  { range, lastLeaf }: SignedState,
  atStep?: AtStep,
): Promise<Hash> {
  const root = range.root();
  const stored: StoredState = {
    origin,
    size: range.size,
    peaks: range.toBytes().toString("hex"),
    root: root.toString("hex"),
    lastLeaf,
  };
  await writeDurably(path, `${JSON.stringify(stored)}\n`, 0o600, atStep);
  return root;
}
