import { openCheckpoint, type Checkpoint, type NoteKey } from "./checkpoint.ts";
import { verifyInclusion } from "./proof.ts";
import { HASH_BYTES, type Hash } from "./tree.ts";

export const HEADER = "c2sp.org/tlog-proof@v1";
const HASHES_MAX = 63;

/** A C2SP tlog-proof: that the leaf at `index` is in the tree of a checkpoint, to be checked with nothing else. */
export type TlogProof = {
  index: number;
  hashes: readonly Hash[];
  checkpoint: string;
  /** What the format lets an application say beside it: here the exact line of the entry. */
  extra?: Uint8Array;
};

/** The text of a file `.tlog-proof`. `checkpoint` is the signed note. */
export function writeTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const beside = extra ? [`extra ${Buffer.from(extra).toString("base64")}`] : [];
  const encoded = hashes.map((hash) => hash.toString("base64"));
  const lines = [HEADER, ...beside, `index ${index}`, ...encoded, ""];
  return `${lines.join("\n")}\n${checkpoint}`;
}

/** Reads a tlog-proof. Throws with a sentence when it is no such proof. */
export function readTlogProof(text: string): TlogProof {
  const end = text.indexOf("\n\n");
  if (end < 0) throw new Error("tlog-proof: no checkpoint");
  const [header, ...rest] = text.slice(0, end).split("\n");
  if (header !== HEADER) throw new Error("tlog-proof: another header");
  const extra = rest[0]?.startsWith("extra ")
    ? { extra: bytesOf(rest.shift()!.slice("extra ".length)) }
    : {};
  const index = /^index (0|[1-9]\d{0,15})$/.exec(rest.shift() ?? "")?.[1];
  if (index === undefined) throw new Error("tlog-proof: no index");
  if (rest.length > HASHES_MAX) throw new Error("tlog-proof: too many hashes");
  const hashes = rest.map(bytesOf);
  if (hashes.some((hash) => hash.length !== HASH_BYTES))
    throw new Error("tlog-proof: a hash has 32 bytes");
  return { index: Number(index), hashes, checkpoint: text.slice(end + 2), ...extra };
}

/**
 * Checks a tlog-proof for this leaf and gives the checkpoint it leads to. Throws with a sentence when the log's signature
 * or the proof does not hold.
 */
export function openTlogProof(text: string, leaf: Hash, log: NoteKey): Checkpoint {
  const { index, hashes, checkpoint: note } = readTlogProof(text);
  const checkpoint = openCheckpoint(note, log);
  const { size, root } = checkpoint;
  if (!verifyInclusion({ index, size, leaf, root, proof: hashes }))
    throw new Error("tlog-proof: the entry is not in the tree of this checkpoint");
  return checkpoint;
}

function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  // one spelling only: Node passes over what is no base64, and over bits that are left in the last character
  if (bytes.toString("base64") !== text) throw new Error("tlog-proof: not base64");
  return bytes;
}
