import { decodeBase64 } from "./checkpoint.ts";
import { HASH_BYTES, type Hash } from "./tree.ts";

/** What a log hands to a witness (C2SP tlog-witness): the size it knows, the proof from there, and the new checkpoint. */
export type AddCheckpoint = { oldSize: number; proof: Hash[]; note: string };

/** As many steps as a proof over any tree can have. */
const PROOF_MAX = 63;

export function writeAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  const lines = [`old ${oldSize}`, ...proof.map((hash) => hash.toString("base64")), ""];
  return `${lines.join("\n")}\n${note}`;
}

/** Throws with a sentence when the text is not in the one form the standard gives it. */
export function parseAddCheckpoint(text: string): AddCheckpoint {
  const end = text.indexOf("\n\n");
  if (end < 0) throw new Error("no empty line between the proof and the checkpoint");
  const [first, ...lines] = text.slice(0, end).split("\n");
  const [, size] = /^old (0|[1-9]\d{0,15})$/.exec(first ?? "") ?? [];
  if (size === undefined) throw new Error("the first line does not say the old size");
  if (lines.length > PROOF_MAX) throw new Error(`more than ${PROOF_MAX} lines of proof`);
  const proof = lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw new Error("a line of the proof is no hash");
    return hash;
  });
  return { oldSize: Number(size), proof, note: text.slice(end + 2) };
}
