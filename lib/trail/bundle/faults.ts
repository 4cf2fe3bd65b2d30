/**
 * What can be wrong with a bundle: one exit code and one sentence each. The first fault in the order of the checks
 * gives the exit code. docs/trail-format.md lists the same table.
 */
export const FAULTS = {
  usage: { exit: 2, sentence: "the verifier was called wrongly" },
  unreadable: { exit: 3, sentence: "the bundle cannot be read: it is damaged or was cut off" },
  unsafe: { exit: 4, sentence: "the archive was refused before it was unpacked" },
  missing: { exit: 5, sentence: "a file is missing" },
  extra: { exit: 6, sentence: "a file is there that the bundle does not name" },
  changed: { exit: 7, sentence: "a file was changed" },
  manifest: { exit: 8, sentence: "the manifest is not the one that was signed" },
  checkpoint: { exit: 9, sentence: "the checkpoint is not signed by the key of this log" },
  other_key: { exit: 10, sentence: "the bundle is of another log, or under another key" },
  cosignature: { exit: 11, sentence: "a witness did not cosign the checkpoint" },
  line: { exit: 12, sentence: "an entry was altered" },
  tree: { exit: 13, sentence: "the entries are not those of the signed log" },
  payload: { exit: 14, sentence: "a payload is not the one its entry commits to" },
  sign_off: { exit: 15, sentence: "a signature under a decision does not hold" },
  evidence: { exit: 16, sentence: "the evidence is not what was sealed" },
  time: { exit: 17, sentence: "a clock ran backwards" },
  rewritten: {
    exit: 18,
    sentence: "history before the auditor's own earlier checkpoint was rewritten",
  },
  stale: { exit: 19, sentence: "the log in this bundle ends too early" },
  time_stamp: { exit: 20, sentence: "a time stamp does not hold" },
} as const;
export type FaultName = keyof typeof FAULTS;

/** A check that does not hold; the message is what was found, in a sentence without its end. */
export class BundleFault extends Error {
  override name = "BundleFault";
  readonly fault: FaultName;
  constructor(fault: FaultName, found: string) {
    super(found);
    this.fault = fault;
  }
}

/** Nothing to check, or something before it failed; not a fault. The message says which. */
export class NotChecked extends Error {
  override name = "NotChecked";
}
