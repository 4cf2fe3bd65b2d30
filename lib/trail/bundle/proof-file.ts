import { HASH_BYTES, type Hash } from "../tree.ts";

/** A C2SP tlog-proof: an entry's place, the hashes that lead to the root, and the checkpoint with that root. */
export type ProofFile = { index: number; proof: Hash[]; checkpoint: string };

const HEAD = "c2sp.org/tlog-proof@v1";

export function proofText({ index, proof, checkpoint }: ProofFile): string {
  const hashes = proof.map((hash) => `${hash.toString("base64")}\n`).join("");
  return `${HEAD}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/** Null when it is not exactly what `proofText` writes. */
export function parseProof(text: string): ProofFile | null {
  const end = text.indexOf("\n\n");
  if (end < 0) return null;
  const [head, at, ...encoded] = text.slice(0, end).split("\n");
  const index = Number(/^index (0|[1-9]\d{0,15})$/.exec(at ?? "")?.[1] ?? Number.NaN);
  const proof = encoded.map((hash) => Buffer.from(hash, "base64"));
  if (head !== HEAD || !Number.isSafeInteger(index)) return null;
  if (proof.some((hash) => hash.length !== HASH_BYTES)) return null;
  const file = { index, proof, checkpoint: text.slice(end + 2) };
  return proofText(file) === text ? file : null;
}
