import type { KeyObject } from "node:crypto";
import {
  openCheckpointBy,
  signCheckpoint,
  type Checkpoint,
  type NoteKey,
} from "#lib/trail/checkpoint.ts";
import { leafOfLine, parseLine, type TrailLine } from "#lib/trail/line.ts";
import type { LogEntry, TrailLog } from "#lib/trail/log.ts";
import { earlierOrigins } from "#lib/trail/origin.ts";
import { type CompactRange } from "#lib/trail/tree.ts";
import type { AtStep } from "./durable.ts";
import { emptyState, readState, writeState, type SignedState } from "./signer-state.ts";

export type SignerOptions = {
  log: TrailLog;
  key: KeyObject;
  /** Signs beside it while the log's key is changed. */
  next?: KeyObject | null;
  /** Keys that signed once; what they signed still binds. */
  older?: NoteKey[];
  /** The log's name in its checkpoints: `countersign/<org>/trail`. */
  origin: string;
  statePath: string;
  /** Sign at the latest this long after an entry. */
  signEveryMs?: number;
  /** Sign at once when this many entries wait. */
  signEveryEntries?: number;
  /** Read the whole log again this often; a change far back is found then. */
  fullCheckEveryMs?: number;
  /** Say so when an entry waits this long for a checkpoint, for whatever reason. */
  lateAfterMs?: number;
  now?: () => number;
  /** See `writeDurably`. */
  atStep?: AtStep;
};

export type SignerStep =
  | { did: "nothing"; size: number }
  | { did: "signed"; size: number; root: string }
  /** `isNews` is false while the same refusal lasts: it is said once. */
  | { did: "refused"; size: number; reason: string; isNews: boolean };

export type Signer = {
  step: () => Promise<SignerStep>;
  /** Since when an entry waits for a checkpoint although it should long have one, in ms since 1970; else null. */
  lateSince: () => number | null;
};

const URGENT_KINDS: readonly string[] = [
  "decision.took_effect",
  "key.rotated",
  "log.frozen",
  "log.continued",
];
const PAGE = 1000;
const LATE_MS = 5 * 60_000;

class LogBroken extends Error {}

/**
 * Vouches for the growing trail. Each step reads what is new, checks that it continues exactly what was last
 * signed, and signs when it is time. It refuses to sign a log that shrank, has a gap or was rewritten, says so
 * once, and looks again at each step. It trusts its own state file and its key, and nothing the database says.
 */
export async function openSigner(options: SignerOptions): Promise<Signer> {
  const signed = await readState(options.statePath, options.origin);
  const stored = await options.log.last();
  const { origin: name, key, next, older = [] } = options;
  const others = [...(next ? [{ name, key: next }] : []), ...older];
  // a state file that was lost or put back from a backup: what this key signed since then binds it all the same
  const promised =
    stored && stored.size > signed.range.size
      ? openCheckpointBy(stored.note, [{ name, key }, ...others])
      : null;
  return new LogSigner(options, signed, promised);
}

class LogSigner implements Signer {
  readonly #options: Required<SignerOptions>;
  #signed: SignedState;
  /** What was read and checked beyond the last signature. */
  #read: SignedState;
  #isUrgent = false;
  #waitingSince: number | null = null;
  #fullCheckAt = 0;
  #refusal: string | null = null;
  #isAnnounced = false;
  readonly #promised: Checkpoint | null;

  constructor(options: SignerOptions, signed: SignedState, promised: Checkpoint | null) {
    this.#promised = promised;
    this.#options = {
      signEveryMs: 60_000,
      signEveryEntries: 256,
      fullCheckEveryMs: 600_000,
      lateAfterMs: LATE_MS,
      now: Date.now,
      atStep: () => undefined,
      next: null,
      older: [],
      ...options,
    };
    this.#signed = signed;
    this.#read = copyOf(signed);
  }

  async step(): Promise<SignerStep> {
    const { now, fullCheckEveryMs } = this.#options;
    try {
      if (this.#refusal !== null || now() >= this.#fullCheckAt) {
        await this.#checkWhole();
        this.#fullCheckAt = now() + fullCheckEveryMs;
      }
      await this.#readNew();
    } catch (error) {
      if (!(error instanceof LogBroken)) throw error;
      return this.#refuse(error.message);
    }
    this.#refusal = null;
    await this.#announceLast();
    return this.#isTime() ? this.#sign() : { did: "nothing", size: this.#signed.range.size };
  }

  /** Reads everything once more that was ever read, and compares it with what the signer remembers. */
  async #checkWhole(): Promise<void> {
    const [signed, size] = [this.#signed.range, this.#read.range.size];
    const again = emptyState();
    while (again.range.size < size) {
      const goal = again.range.size < signed.size ? signed.size : size;
      const entries = await this.#options.log.read(
        again.range.size,
        Math.min(PAGE, goal - again.range.size),
      );
      if (entries.length === 0)
        throw new LogBroken(
          `the trail shrank: ${size} entries were there, ${again.range.size} are left`,
        );
      for (const entry of entries) extend(again, entry);
      if (again.range.size === signed.size) refuseOtherRoot(again.range, signed);
    }
    refuseOtherRoot(again.range, this.#read.range);
  }

  async #readNew(): Promise<void> {
    await this.#checkLastRead();
    for (;;) {
      const entries = await this.#options.log.read(this.#read.range.size, PAGE);
      for (const entry of entries) {
        const { kind, at } = extend(this.#read, entry);
        if (URGENT_KINDS.includes(kind)) this.#isUrgent = true;
        // what was written while no signer ran has waited since then
        this.#waitingSince ??= Math.min(Date.parse(at), this.#options.now());
        this.#keepPromise();
      }
      if (entries.length < PAGE) break;
    }
    this.#keepName();
    const promisedSize = this.#promised?.size ?? 0;
    if (this.#read.range.size < promisedSize) {
      throw new LogBroken(
        `the trail shrank: ${promisedSize} entries were signed, ${this.#read.range.size} are there`,
      );
    }
  }

  /** Once the log goes on under another name, the one it had before is never signed under again. */
  #keepName(): void {
    const { origin } = this.#options;
    if (this.#read.names <= earlierOrigins(origin).length) return;
    this.#read = copyOf(this.#signed);
    throw new LogBroken(`the trail goes on under another name: ${origin} is not signed any more`);
  }

  #keepPromise(): void {
    const [promised, range] = [this.#promised, this.#read.range];
    if (promised?.size === range.size && !range.root().equals(promised.root)) {
      this.#read = copyOf(this.#signed);
      throw new LogBroken(
        `the trail was rewritten: its first ${promised.size} entries are not the ones that were signed`,
      );
    }
  }

  /** The newest entry known must still be there: a log cut back and grown again is found at once. */
  async #checkLastRead(): Promise<void> {
    const size = this.#read.range.size;
    if (size === 0) return;
    const [last] = await this.#options.log.read(size - 1, 1);
    if (last?.seq !== size - 1) throw new LogBroken(`the trail shrank: entry ${size - 1} is gone`);
    if (leafOfLine(last.line) !== this.#read.lastLeaf)
      throw new LogBroken(`the trail was rewritten: entry ${size - 1} is another one`);
  }

  lateSince(): number | null {
    const since = this.#waitingSince;
    return since !== null && this.#options.now() - since >= this.#options.lateAfterMs
      ? since
      : null;
  }

  #isTime(): boolean {
    const { now, signEveryEntries, signEveryMs } = this.#options;
    const waiting = this.#read.range.size - this.#signed.range.size;
    if (waiting === 0 || this.#waitingSince === null) return false;
    // a new name is signed under from the entry on that tells of it
    if (this.#read.names < earlierOrigins(this.#options.origin).length) return false;
    return (
      this.#isUrgent || waiting >= signEveryEntries || now() - this.#waitingSince >= signEveryMs
    );
  }

  async #sign(): Promise<SignerStep> {
    const { statePath, origin, atStep } = this.#options;
    const state = copyOf(this.#read);
    // the state first: after a crash the signer must remember everything it may ever have signed
    const root = await writeState(statePath, origin, state, atStep);
    this.#signed = state;
    this.#isAnnounced = false;
    this.#isUrgent = false;
    await this.#announceLast();
    return { did: "signed", size: state.range.size, root: root.toString("hex") };
  }

  /** Puts the last checkpoint beside the log, also when a crash came between signing and storing it. */
  async #announceLast(): Promise<void> {
    const size = this.#signed.range.size;
    if (this.#isAnnounced || size === 0) return;
    if (this.#signed.names !== earlierOrigins(this.#options.origin).length) return;
    const root = this.#signed.range.root();
    const { origin, key, next } = this.#options;
    const keys = next ? [key, next] : [key];
    const note = signCheckpoint({ origin, size, root }, ...keys);
    await this.#options.log.save({ size, root, note });
    this.#isAnnounced = true;
    if (this.#read.range.size === size) this.#waitingSince = null;
  }

  #refuse(reason: string): SignerStep {
    const isNews = this.#refusal !== reason;
    this.#refusal = reason;
    return { did: "refused", size: this.#signed.range.size, reason, isNews };
  }
}

function refuseOtherRoot(found: CompactRange, known: CompactRange): void {
  if (found.root().equals(known.root())) return;
  throw new LogBroken(
    `the trail was rewritten: its first ${known.size} entries are not the ones that were there`,
  );
}

/** Checks that the entry comes next and adds it; gives what its line says. */
function extend(state: SignedState, entry: LogEntry): TrailLine {
  const expected = state.range.size;
  if (entry.seq !== expected)
    throw new LogBroken(`the trail has a gap: entry ${expected} is missing`);
  const line = parseLine(entry.line);
  if (!line.ok) throw new LogBroken(`entry ${expected} is damaged: ${line.reason}`);
  const leaf = leafOfLine(entry.line);
  if (leaf !== entry.leaf)
    throw new LogBroken(`entry ${expected} was altered: its line does not hash to its leaf`);
  if (line.value.seq !== expected)
    throw new LogBroken(`entry ${expected} calls itself entry ${line.value.seq}`);
  if (line.value.prev !== state.lastLeaf)
    throw new LogBroken(`entry ${expected} does not follow the entry before it`);
  state.range.append(Buffer.from(leaf, "hex"));
  state.lastLeaf = leaf;
  if (line.value.kind === "log.continued") state.names += 1;
  return line.value;
}

function copyOf({ range, ...rest }: SignedState): SignedState {
  return { range: range.clone(), ...rest };
}
