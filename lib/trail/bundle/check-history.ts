import type { X509Certificate } from "node:crypto";
import { decodeBase64, openCheckpointBy, type Checkpoint, type NoteKey } from "../checkpoint.ts";
import { verifyConsistency } from "../proof.ts";
import { HASH_BYTES, type Hash } from "../tree.ts";
import { BundleFault, NotChecked } from "./faults.ts";
import { recordsOf, readText, type BundleFiles } from "./files.ts";
import { headOf } from "./log-key.ts";
import { CONSISTENCY, STAMP, STAMPED } from "./manifest.ts";
import type { EntriesRead } from "./read-entries.ts";
import { stampedAt } from "./time-stamp.ts";

type Checking = {
  files: BundleFiles;
  checkpoint: Checkpoint | null;
  logKeys: readonly NoteKey[];
  read: () => Promise<EntriesRead>;
};

const PROOF_MAX = 63;

/** The sizes whose roots a whole log must give on the way: those that the two checks here compare. */
export async function sizesToCompare(
  files: BundleFiles,
  { older, isStampAsked }: { older: string | undefined; isStampAsked: boolean },
): Promise<number[]> {
  const isStampThere = isStampAsked && (await files.names()).includes(STAMPED);
  const notes = [older, isStampThere ? await readText(files, STAMPED) : undefined];
  // one that cannot be read is a fault of the check that needs it
  return notes.flatMap((note) => attempt(() => headOf(note ?? ""))?.size ?? []);
}

/** That the log in the bundle begins with the one that the auditor's earlier checkpoint is over. */
export async function checkHistory(note: string | undefined, checking: Checking): Promise<string> {
  if (note === undefined) throw new NotChecked("no earlier checkpoint was given");
  let older: Checkpoint;
  try {
    older = openCheckpointBy(note, checking.logKeys);
  } catch (error) {
    throw new BundleFault(
      "other_key",
      `the earlier checkpoint is not of this log: ${(error as Error).message}`,
    );
  }
  const { checkpoint } = checking;
  if (!checkpoint) throw new NotChecked("the checkpoint does not hold");
  if (older.size > checkpoint.size)
    throw new BundleFault(
      "rewritten",
      `the log shrank from ${older.size} entries to ${checkpoint.size}`,
    );
  if (!(await beginsWith(older, { ...checking, checkpoint })))
    throw new BundleFault(
      "rewritten",
      `its first ${older.size} entries are not those of the earlier checkpoint`,
    );
  return `the first ${older.size} entries`;
}

/** That an authority under one of these CAs stamped a checkpoint with which this log begins (RFC 3161). */
export async function checkStamp(
  authorities: readonly X509Certificate[] | undefined,
  checking: Checking,
): Promise<string> {
  if (authorities === undefined)
    throw new NotChecked("no CA of a time-stamping authority was given");
  const { files, checkpoint, logKeys } = checking;
  const names = await files.names();
  if (!names.includes(STAMP) || !names.includes(STAMPED))
    throw new BundleFault("time_stamp", "the bundle holds no time stamp");
  if (!checkpoint) throw new NotChecked("the checkpoint does not hold");
  const read = await checking.read();
  const refuse = (why: string): never => {
    throw new BundleFault("time_stamp", why);
  };
  const note = await readText(files, STAMPED);
  const stamped = attempt(() => openCheckpointBy(note, logKeys));
  if (!stamped || stamped.size > checkpoint.size)
    return refuse("what was stamped is no checkpoint of this log");
  const parts: Uint8Array[] = [];
  for await (const part of files.read(STAMP)) parts.push(part);
  const token = Buffer.concat(parts);
  let at: number;
  try {
    at = stampedAt(token, { data: Buffer.from(note), authorities });
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (!(await beginsWith(stamped, { ...checking, checkpoint, read: async () => read })))
    refuse(`its first ${stamped.size} entries are not those that were stamped`);
  return `its first ${stamped.size} entries were there at ${new Date(at).toISOString().slice(0, 19)}Z`;
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

type Comparing = Checking & { checkpoint: Checkpoint };

/** Throws NotChecked when the bundle holds nothing to tell by. */
async function beginsWith(older: Checkpoint, comparing: Comparing): Promise<boolean> {
  const { checkpoint, files } = comparing;
  const read = await comparing.read();
  if (older.size === checkpoint.size) return older.root.equals(checkpoint.root);
  const root = read.roots.get(older.size);
  if (root) return root.equals(older.root);
  const proof = await proofFrom(files, older.size);
  if (!proof)
    throw new NotChecked(
      `the bundle holds a part of the log, and no proof from ${older.size} entries`,
    );
  return verifyConsistency({
    ...{ oldSize: older.size, oldRoot: older.root, proof },
    ...{ newSize: checkpoint.size, newRoot: checkpoint.root },
  });
}

async function proofFrom(files: BundleFiles, size: number): Promise<Hash[] | null> {
  if (!(await files.names()).includes(CONSISTENCY)) return null;
  for await (const record of recordsOf(files, CONSISTENCY)) {
    if (record["size"] !== size) continue;
    const steps: unknown[] = Array.isArray(record["proof"]) ? record["proof"] : [];
    const proof = steps.map((step) => decodeBase64(String(step)) ?? Buffer.alloc(0));
    const isForm = steps.length <= PROOF_MAX && proof.every(({ length }) => length === HASH_BYTES);
    // a proof of another form proves nothing: as an empty one it does not hold
    return isForm ? proof : [];
  }
  return null;
}
