import {
  openCheckpointBy,
  parseVerifierKey,
  type Checkpoint,
  type NoteKey,
} from "../checkpoint.ts";
import type { X509Certificate } from "node:crypto";
import { checkEvidence } from "./check-evidence.ts";
import { checkSignOffs } from "./check-sign-offs.ts";
import { checkHistory, checkStamp, sizesToCompare } from "./check-history.ts";
import { cosignedAt, type WitnessKey } from "./cosignature.ts";
import { holdsEnvelope, parseEnvelope } from "./dsse.ts";
import { payloadOf, readEntry } from "./entry.ts";
import { BundleFault, FAULTS, NotChecked, type FaultName } from "./faults.ts";
import { digestOf, linesOf, readText, type BundleFiles } from "./files.ts";
import {
  CHECKPOINT,
  KEY_KIND,
  KEY_ROLE,
  MANIFEST,
  SUMS,
  SUPPORT,
  TRAIL,
  parseManifest,
  parseSums,
  sumsText,
  type BundlePredicate,
} from "./manifest.ts";
import { limitsOf } from "./limits.ts";
import { headOf, logKeysFor } from "./log-key.ts";
import { erasedBy, readEntries, type EntriesRead } from "./read-entries.ts";

export type BundleOptions = {
  /** The log's keys as the auditor keeps them, old ones too; without any the bundle's own copies are used, which proves less. */
  logKeys?: readonly NoteKey[];
  witnesses?: readonly WitnessKey[];
  /** A checkpoint of this log that the auditor kept from before. */
  olderCheckpoint?: string;
  /** The CAs that a time-stamping authority is believed under. */
  tsaCas?: readonly X509Certificate[];
  /** The log in the bundle must end after this time (ISO 8601, UTC). */
  newerThan?: string;
  /** What the witness says the log's size is now. */
  witnessSize?: number;
};
export type BundleCheck = {
  sentence: string;
  /** `not_checked`: there was nothing to check, or what it needs failed before. */
  result: "holds" | "fails" | "not_checked";
  fault: FaultName | null;
  found: string | null;
};
export type BundleReport = {
  checks: BundleCheck[];
  /** 0 when every check that was made holds. */
  exit: number;
  entries: number;
  /** When the last entry that the checkpoint covers was written, and how many there were. */
  endsAt: string | null;
  size: number | null;
  withheld: string[];
  cannotProve: string[];
};

type State = {
  files: BundleFiles;
  options: BundleOptions;
  digests: Map<string, string>;
  /** Ends with the first check, which goes on beside the others. */
  summed: Promise<unknown>;
  predicate: BundlePredicate | null;
  checkpoint: Checkpoint | null;
  logKeys: readonly NoteKey[];
  note: string | null;
  cosignedAt: number | null;
  read: EntriesRead | null;
};
type Check = { sentence: string; run: (state: State) => Promise<string | null> };

/** The checks of docs/trail-format.md, in their order. Each is made whatever became of the others, as far as it can be. */
const CHECKS: Check[] = [
  { sentence: "every file is there, no other is, and each has its sha256", run: checkSums },
  {
    sentence: "the manifest is signed, by a key that the worker put on the trail",
    run: checkManifest,
  },
  { sentence: "the checkpoint is signed by the log's key", run: checkCheckpoint },
  { sentence: "a witness cosigned the checkpoint", run: checkWitnesses },
  { sentence: "every entry is whole and hashes to its leaf", run: (s) => checkEntries(s, "line") },
  { sentence: "the entries are those of the signed log", run: (s) => checkEntries(s, "tree") },
  { sentence: "every payload is the one its entry commits to", run: checkPayloads },
  { sentence: "every signature by passkey holds over its statement", run: checkSigned },
  { sentence: "the evidence is what was sealed", run: checkSealed },
  { sentence: "time never runs backwards", run: (s) => checkEntries(s, "time") },
  {
    sentence: "the auditor's earlier checkpoint is the start of this log",
    run: (s) => checkHistory(s.options.olderCheckpoint, checkingOf(s)),
  },
  {
    sentence: "a time-stamping authority saw the log",
    run: (s) => checkStamp(s.options.tsaCas, checkingOf(s)),
  },
  { sentence: "the log reaches far enough", run: checkFreshness },
];

/** Checks a bundle with nothing but its files and what the auditor kept. Never throws for what is in them. */
export async function verifyBundle(
  files: BundleFiles,
  options: BundleOptions = {},
): Promise<BundleReport> {
  const state: State = {
    files,
    options,
    digests: new Map(),
    summed: Promise.resolve(),
    predicate: null,
    checkpoint: null,
    logKeys: [],
    note: null,
    cosignedAt: null,
    read: null,
  };
  const [sums, ...others] = CHECKS;
  const summed = runCheck(sums!, state);
  state.summed = summed.catch(() => undefined);
  const rest: BundleCheck[] = [];
  for (const check of others) rest.push(await runCheck(check, state));
  const checks = [await summed, ...rest];
  const first = checks.find(({ fault }) => fault !== null)?.fault;
  return {
    checks,
    exit: first ? FAULTS[first].exit : 0,
    entries: state.read?.entries ?? 0,
    endsAt: state.read?.endsAt ?? null,
    size: state.checkpoint?.size ?? null,
    ...limitsOf(state),
  };
}

async function runCheck({ sentence, run }: Check, state: State): Promise<BundleCheck> {
  try {
    return { sentence, result: "holds", fault: null, found: await run(state) };
  } catch (error) {
    if (error instanceof NotChecked)
      return { sentence, result: "not_checked", fault: null, found: error.message };
    if (error instanceof BundleFault)
      return { sentence, result: "fails", fault: error.fault, found: error.message };
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return { sentence, result: "fails", fault: "missing", found: "a file it needs is not there" };
    throw error;
  }
}

async function checkSums({ files, digests }: State): Promise<string> {
  const there = new Set(await files.names());
  for (const name of [SUMS, MANIFEST, TRAIL, SUPPORT, CHECKPOINT])
    if (!there.has(name)) throw new BundleFault("missing", `${name} is not there`);
  const listed = parseSums(await readText(files, SUMS));
  if (!listed) throw new BundleFault("changed", `${SUMS} is not a list of sums`);
  for (const { name } of listed)
    if (!there.has(name)) throw new BundleFault("missing", `${name} is not there`);
  const named = new Set([SUMS, ...listed.map(({ name }) => name)]);
  for (const name of there)
    if (!named.has(name)) throw new BundleFault("extra", `${name} is not in ${SUMS}`);
  for (const { name, sha256 } of listed) {
    const digest = await digestOf(files, name);
    digests.set(name, digest);
    if (digest !== sha256) throw new BundleFault("changed", `${name} is not what it was`);
  }
  return `${listed.length} files`;
}

/** Sets the predicate as soon as it can be read: what it says of the scope is needed by the checks after it. */
async function checkManifest(state: State): Promise<string> {
  const { files } = state;
  const envelope = parseEnvelope(await readText(files, MANIFEST));
  const manifest = envelope && parseManifest(envelope.body.toString("utf8"));
  if (!envelope || !manifest)
    throw new BundleFault("manifest", `${MANIFEST} is no manifest of a bundle`);
  const { predicate } = manifest;
  state.predicate = predicate;
  const key = await exportKeyAt(files, predicate.keyEntry);
  if (!holdsEnvelope(envelope, key.key))
    throw new BundleFault("manifest", "its signature is wrong");
  const sums = parseSums(await readText(files, SUMS)) ?? [];
  const rest = sums.filter(({ name }) => name !== MANIFEST);
  if (sumsText(rest) !== sumsText(manifest.files))
    throw new BundleFault("manifest", `it names other files than ${SUMS}`);
  return `${key.name}, entry ${predicate.keyEntry}`;
}

/** The key of the entry; that the entry is in the signed log is what the later checks show. */
async function exportKeyAt(files: BundleFiles, seq: number): Promise<NoteKey> {
  for (const name of [SUPPORT, TRAIL])
    for await (const text of linesOf(files, name, KEY_KIND)) {
      // only the lines that can be it are read here; all are checked later
      if (!text.includes(KEY_KIND)) continue;
      const read = readEntry(text, name);
      if (read.entry.seq !== seq || read.entry.kind !== KEY_KIND || read.entry.role !== KEY_ROLE)
        continue;
      try {
        return parseVerifierKey(String(payloadOf(read)["key"]));
      } catch {
        throw new BundleFault("manifest", `entry ${seq} holds no key`);
      }
    }
  throw new BundleFault("manifest", `entry ${seq} of the trail does not publish its key`);
}

async function checkCheckpoint(state: State): Promise<string> {
  const { files, options, predicate } = state;
  const note = await readText(files, CHECKPOINT);
  state.logKeys = await logKeysFor(headOf(note).origin, { files, given: options.logKeys });
  try {
    state.checkpoint = openCheckpointBy(note, state.logKeys);
  } catch (error) {
    const { message } = error as Error;
    if (/not signed by/.test(message))
      throw new BundleFault("other_key", "it bears no signature of this key");
    throw new BundleFault("checkpoint", message);
  }
  state.note = note;
  const { origin, size } = state.checkpoint;
  if (predicate && (predicate.log !== origin || predicate.size !== size))
    throw new BundleFault("checkpoint", "it is not the one that the manifest names");
  const whose = options.logKeys
    ? "the key that was given"
    : "the bundle's own copy of the key: compare it with yours";
  return `${size} entries, root ${state.checkpoint.root.toString("base64")}; ${whose}`;
}

async function checkWitnesses(state: State): Promise<string> {
  const { witnesses = [] } = state.options;
  if (witnesses.length === 0) throw new NotChecked("no witness's key was given");
  if (state.note === null) throw new NotChecked("the checkpoint does not hold");
  for (const witness of witnesses) {
    let at: number | null = null;
    try {
      at = cosignedAt(state.note, witness);
    } catch (error) {
      throw new BundleFault("cosignature", (error as Error).message);
    }
    if (at === null) throw new BundleFault("cosignature", `${witness.name} did not cosign it`);
    state.cosignedAt = Math.max(state.cosignedAt ?? 0, at);
  }
  return `${witnesses.length} of ${witnesses.length}, the last at ${new Date((state.cosignedAt ?? 0) * 1000).toISOString()}`;
}

async function entriesOf(state: State): Promise<EntriesRead> {
  if (!state.predicate) throw new NotChecked("the manifest does not hold");
  const { olderCheckpoint: older, tsaCas } = state.options;
  state.read ??= await readEntries(state.files, {
    predicate: state.predicate,
    root: state.checkpoint?.root ?? null,
    sizes: await sizesToCompare(state.files, { older, isStampAsked: tsaCas !== undefined }),
  });
  return state.read;
}

async function checkEntries(state: State, fault: FaultName): Promise<string | null> {
  const { faults, entries } = await entriesOf(state);
  const found = faults.get(fault);
  if (found !== undefined) throw new BundleFault(fault, found);
  if (fault === "tree" && !state.checkpoint) throw new NotChecked("the checkpoint does not hold");
  return fault === "line" ? `${entries} entries` : null;
}

async function checkPayloads(state: State): Promise<string> {
  const read = await entriesOf(state);
  const { faults, entries } = read;
  const found = faults.get("payload");
  if (found !== undefined) throw new BundleFault("payload", found);
  const { names = false, payloads = false } = state.predicate?.withheld ?? {};
  const bare = [...read.bare.keys()];
  const erased = bare.filter((seq) => erasedBy(read, seq) !== null);
  const unexplained = bare.filter((seq) => erasedBy(read, seq) === null);
  if (unexplained.length > 0 && !names && !payloads)
    throw new BundleFault("payload", `the payload of entry ${unexplained[0]} is not there`);
  const words = [`${entries} entries`];
  if (erased.length > 0)
    words.push(`${erased.length} erased, the first by entry ${erasedBy(read, erased[0]!)}`);
  if (unexplained.length > 0) words.push(`${unexplained.length} withheld`);
  return words.join(", ");
}

async function checkSigned(state: State): Promise<string> {
  const read = await entriesOf(state);
  const { names, payloads } = state.predicate!.withheld;
  const { passkeys, passwords, withheld } = await checkSignOffs(state.files, {
    read,
    isWithheld: names || payloads,
  });
  return `${passkeys} by passkey, ${passwords} by password (not to be checked outside), ${withheld} withheld`;
}

async function checkSealed(state: State): Promise<string> {
  const read = await entriesOf(state);
  await state.summed;
  const { scope, withheld } = state.predicate!;
  const { items, withBytes } = await checkEvidence(state.files, {
    read,
    scope,
    digests: state.digests,
    isWithheld: withheld.evidence,
  });
  return `${items} items, ${withBytes} with their bytes`;
}

function checkingOf(state: State) {
  const { files, checkpoint, logKeys } = state;
  return { files, checkpoint, logKeys, read: () => entriesOf(state) };
}

async function checkFreshness(state: State): Promise<string> {
  const { newerThan, witnessSize } = state.options;
  const { endsAt } = await entriesOf(state);
  if (newerThan === undefined && witnessSize === undefined)
    throw new NotChecked("neither a time nor the witness's size was given");
  if (witnessSize !== undefined && (state.checkpoint?.size ?? 0) < witnessSize)
    throw new BundleFault(
      "stale",
      `the witness knows ${witnessSize} entries, the bundle ends at ${state.checkpoint?.size ?? 0}`,
    );
  const end = state.cosignedAt === null ? endsAt : new Date(state.cosignedAt * 1000).toISOString();
  if (newerThan !== undefined && !(end !== null && Date.parse(end) > Date.parse(newerThan)))
    throw new BundleFault(
      "stale",
      `the log ends at ${end ?? "an unknown time"}, not after ${newerThan}`,
    );
  return `the log ends at ${end ?? "an unknown time"}`;
}
