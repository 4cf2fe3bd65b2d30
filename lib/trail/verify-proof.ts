import { openCheckpointBy, type Checkpoint, type NoteKey } from "./checkpoint.ts";
import { cosignedAt, type WitnessKey } from "./bundle/cosignature.ts";
import { BundleFault, NotChecked, type FaultName } from "./bundle/faults.ts";
import { headOf } from "./bundle/log-key.ts";
import type { BundleCheck } from "./bundle/verify-bundle.ts";
import { leafOfLine, parseLine, type TrailLine } from "./line.ts";
import { isNameOf } from "./origin.ts";
import { verifyInclusion } from "./proof.ts";
import { HEADER, readTlogProof, type TlogProof } from "./tlog-proof.ts";

export type ProofOptions = {
  /** The log's keys as the auditor keeps them, old ones too. */
  logKeys: readonly NoteKey[];
  witnesses?: readonly WitnessKey[];
  /** The entry's leaf in hex, of a proof that does not hold its line; of one that does, what it must be. */
  leaf?: string;
};
export type ProofReport = {
  checks: BundleCheck[];
  /** The first fault in the order of the checks. */
  fault: FaultName | null;
  /** What the proof is of, when it holds the line. */
  entry: TrailLine | null;
  size: number | null;
  cannotProve: string[];
};

type State = {
  text: string;
  options: ProofOptions;
  proof: TlogProof | null;
  checkpoint: Checkpoint | null;
  entry: TrailLine | null;
  leaf: string | null;
};
type Check = { sentence: string; run: (state: State) => string | null };

/** The checks of docs/trail-format.md, in their order. */
const CHECKS: Check[] = [
  { sentence: "the file is the proof of an entry, whole", run: checkForm },
  { sentence: "the checkpoint is signed by the log's key", run: checkCheckpoint },
  { sentence: "a witness cosigned the checkpoint", run: checkWitnesses },
  { sentence: "the entry is whole and hashes to its leaf", run: checkEntry },
  { sentence: "the entry is in the signed log", run: checkPlace },
];

/** Checks a tlog-proof with nothing but its text and what the auditor kept. Never throws for what is in it. */
export function verifyProof(text: string, options: ProofOptions): ProofReport {
  const state: State = {
    ...{ text, options, proof: null, checkpoint: null, entry: null },
    leaf: options.leaf ?? null,
  };
  const checks = CHECKS.map((check) => runCheck(check, state));
  return {
    checks,
    fault: checks.find(({ fault }) => fault !== null)?.fault ?? null,
    entry: state.entry,
    size: state.checkpoint?.size ?? null,
    cannotProve: limitsOf(state),
  };
}

function runCheck({ sentence, run }: Check, state: State): BundleCheck {
  try {
    return { sentence, result: "holds", fault: null, found: run(state) };
  } catch (error) {
    if (error instanceof NotChecked)
      return { sentence, result: "not_checked", fault: null, found: error.message };
    if (error instanceof BundleFault)
      return { sentence, result: "fails", fault: error.fault, found: error.message };
    throw error;
  }
}

function checkForm(state: State): string {
  const { text } = state;
  if (!text.startsWith(`${HEADER}\n`))
    throw new BundleFault(
      "unreadable",
      HEADER.startsWith(text.trimEnd()) ? "it was cut off" : "it is no proof of an entry",
    );
  // a proof ends in a line of a signature, after the empty line that ends the checkpoint's text
  if (!/[^\n]\n$/.test(text) || text.split("\n\n").length < 3)
    throw new BundleFault("unreadable", "it was cut off");
  try {
    state.proof = readTlogProof(text);
  } catch (error) {
    throw new BundleFault("unreadable", `it was damaged: ${(error as Error).message}`);
  }
  return `of entry ${state.proof.index}`;
}

function proofOf({ proof }: State): TlogProof {
  if (!proof) throw new NotChecked("the file cannot be read");
  return proof;
}

function checkCheckpoint(state: State): string {
  const { checkpoint: note } = proofOf(state);
  const { logKeys } = state.options;
  const { origin } = headOf(note);
  const other = logKeys.find(({ name }) => !isNameOf(name, origin));
  if (other)
    throw new BundleFault("other_key", `a key is of the log ${other.name}, this is ${origin}`);
  try {
    state.checkpoint = openCheckpointBy(note, logKeys);
  } catch (error) {
    const { message } = error as Error;
    if (/not signed by/.test(message))
      throw new BundleFault("other_key", "it bears no signature of this key");
    throw new BundleFault("checkpoint", message);
  }
  const { size, root } = state.checkpoint;
  return `${size} entries, root ${root.toString("base64")}`;
}

function checkWitnesses(state: State): string {
  const { witnesses = [] } = state.options;
  if (witnesses.length === 0) throw new NotChecked("no witness's key was given");
  const { checkpoint: note } = proofOf(state);
  if (!state.checkpoint) throw new NotChecked("the checkpoint does not hold");
  const times = witnesses.map((witness) => {
    const at = attempt(() => cosignedAt(note, witness));
    if (at === null) throw new BundleFault("cosignature", `${witness.name} did not cosign it`);
    return at;
  });
  return `${times.length} of ${times.length}, the last at ${new Date(Math.max(...times) * 1000).toISOString()}`;
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new BundleFault("cosignature", (error as Error).message);
  }
}

function checkEntry(state: State): string {
  const { extra, index } = proofOf(state);
  const { leaf: given } = state.options;
  if (extra === undefined) {
    if (given === undefined) throw new BundleFault("usage", "it holds no line: give --leaf");
    throw new NotChecked("the proof holds no line, only its place");
  }
  const text = Buffer.from(extra).toString("utf8");
  if (!Buffer.from(text).equals(Buffer.from(extra)))
    throw new BundleFault("line", "its line is no UTF-8 text");
  const read = parseLine(text);
  if (!read.ok) throw new BundleFault("line", read.reason);
  if (read.value.seq !== index)
    throw new BundleFault("line", `its line is of entry ${read.value.seq}, the proof of ${index}`);
  const leaf = leafOfLine(text);
  state.leaf = leaf;
  if (given !== undefined && given !== leaf)
    throw new BundleFault("line", "its line does not hash to the leaf that was given");
  state.entry = read.value;
  return leaf;
}

function checkPlace(state: State): string {
  const { index, hashes } = proofOf(state);
  if (!state.checkpoint) throw new NotChecked("the checkpoint does not hold");
  if (state.leaf === null) throw new NotChecked("there is no leaf");
  const { size, root } = state.checkpoint;
  const leaf = Buffer.from(state.leaf, "hex");
  if (!verifyInclusion({ index, size, leaf, root, proof: hashes }))
    throw new BundleFault("tree", `its hashes do not lead from entry ${index} to the root`);
  return `entry ${index} of ${size}`;
}

function limitsOf({ options, checkpoint, entry }: State): string[] {
  const end = checkpoint ? `entry ${checkpoint.size - 1}` : "its checkpoint";
  return [
    "what the entry tells: its line has the hash of that, and this file not the words",
    `that nothing was written after ${end}`,
    options.witnesses?.length
      ? "anything, if the log's key and the witness's key were both stolen and no earlier checkpoint was kept"
      : "that others were shown the same log: give a witness's key",
    ...(entry ? [] : ["which entry it is: that is in the line, which this file does not hold"]),
    "that the entry was true when it was written: only signatures by passkey speak for a person, and a bundle has them",
  ];
}
