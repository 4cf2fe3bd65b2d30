import { writeAddCheckpoint } from "#lib/trail/add-checkpoint.ts";
import {
  openCheckpointBy,
  openNote,
  type Cosignature,
  type NoteKey,
} from "#lib/trail/checkpoint.ts";
import { leafOfLine } from "#lib/trail/line.ts";
import type { CosignatureStore, TrailLog } from "#lib/trail/log.ts";
import { GrowthProof } from "#lib/trail/range-proof.ts";
import { CompactRange, type Hash } from "#lib/trail/tree.ts";

export type SubmitterOptions = {
  log: TrailLog;
  cosignatures: CosignatureStore;
  /** The log's own keys, the one in force first; asked each time, since they change. */
  logKeys: () => NoteKey[];
  witness: NoteKey;
  /** Where the witness's `add-checkpoint` stands. */
  url: URL;
  now?: () => number;
};
export type SubmitStep =
  | { did: "nothing" }
  | { did: "cosigned"; size: number; at: number }
  /** `isNews` is false while the same failure lasts. `isFork`: the witness saw another history. */
  | { did: "failed"; reason: string; isNews: boolean; isFork: boolean };
export type Submitter = { step: () => Promise<SubmitStep> };

const PAGE = 1000;
const ANSWER_MS_MAX = 10_000;
const ANSWER_CHARS_MAX = 16_384;
/** A witness whose clock is further ahead is not believed. */
const AHEAD_S_MAX = 600;

class SubmitFailed extends Error {
  readonly isFork: boolean;
  constructor(reason: string, isFork = false) {
    super(reason);
    this.isFork = isFork;
  }
}

/** Brings each newest checkpoint to the witness with the proof it asks for, and keeps what it answers. */
export function openSubmitter(options: SubmitterOptions): Submitter {
  return new CheckpointSubmitter(options);
}

class CheckpointSubmitter implements Submitter {
  readonly #options: SubmitterOptions;
  /** The tree as the witness last saw it; after a start it is asked. */
  #seen = new CompactRange();
  #doneSize = -1;
  #failure: string | null = null;

  constructor(options: SubmitterOptions) {
    this.#options = options;
  }

  async step(): Promise<SubmitStep> {
    try {
      const done = await this.#submitNewest();
      this.#failure = null;
      return done;
    } catch (error) {
      const reason = (error as Error).message;
      const isNews = this.#failure !== reason;
      this.#failure = reason;
      return {
        did: "failed",
        reason,
        isNews,
        isFork: error instanceof SubmitFailed && error.isFork,
      };
    }
  }

  async #submitNewest(): Promise<SubmitStep> {
    const { log, cosignatures, logKeys, witness } = this.#options;
    const newest = await log.last();
    if (newest === null || newest.size <= this.#doneSize || newest.size === 0)
      return { did: "nothing" };
    if (await cosignatures.has(newest.size, witness.name)) {
      this.#doneSize = newest.size;
      return { did: "nothing" };
    }
    const [inForce, ...older] = logKeys();
    if (!inForce) throw new SubmitFailed("no key of the log is known");
    const { size, root } = openCheckpointBy(newest.note, [inForce, ...older]);
    const { line, at } = await this.#ask(newest.note, { size, root });
    await cosignatures.save({ size, witness: witness.name, line, at });
    this.#doneSize = size;
    return { did: "cosigned", size, at };
  }

  /** Asks once, and once more from the size that the witness says it knows. */
  async #ask(note: string, { size, root }: { size: number; root: Hash }): Promise<Cosignature> {
    for (let isAgain = false; ; isAgain = true) {
      const { range, proof } = await this.#growth(size);
      if (!range.root().equals(root))
        throw new SubmitFailed(`the trail is not the one that checkpoint ${size} was signed over`);
      const body = writeAddCheckpoint({ oldSize: this.#seen.size, proof, note });
      const answer = await send(this.#options.url, body);
      if (answer.status === 200) {
        const cosignature = this.#read(note, answer.text);
        this.#seen = range;
        return cosignature;
      }
      if (answer.status !== 409)
        throw new SubmitFailed(
          `the witness answered ${answer.status}: ${answer.text.slice(0, 200).trim()}`,
          answer.status === 422,
        );
      const known = knownSize(answer.text);
      if (known > size)
        throw new SubmitFailed(
          `the witness has seen ${known} entries, more than the ${size} signed`,
          true,
        );
      if (known === this.#seen.size || isAgain)
        throw new SubmitFailed(`the witness has seen another history of ${known} entries`, true);
      this.#seen = await this.#rangeAt(known);
    }
  }

  async #growth(size: number): Promise<{ range: CompactRange; proof: Hash[] }> {
    const old = this.#seen;
    if (old.size === 0) return { range: await this.#rangeAt(size), proof: [] };
    if (old.size > size)
      throw new SubmitFailed(`the newest checkpoint is of ${size}, the witness knows ${old.size}`);
    const growth = new GrowthProof(old, size);
    for await (const leaf of this.#leaves(old.size, size)) growth.append(leaf);
    return growth.finish();
  }

  async #rangeAt(size: number): Promise<CompactRange> {
    const range = new CompactRange();
    for await (const leaf of this.#leaves(0, size)) range.append(leaf);
    return range;
  }

  async *#leaves(from: number, to: number): AsyncGenerator<Hash> {
    for (let seq = from; seq < to;) {
      const entries = await this.#options.log.read(seq, Math.min(PAGE, to - seq));
      if (entries.length === 0) throw new SubmitFailed(`the trail shrank: entry ${seq} is gone`);
      for (const entry of entries) {
        if (entry.seq !== seq)
          throw new SubmitFailed(`the trail has a gap: entry ${seq} is missing`);
        yield Buffer.from(leafOfLine(entry.line), "hex");
        seq += 1;
      }
    }
  }

  /** The line of the witness that is known; lines of others are passed over, as the standard asks. */
  #read(note: string, answer: string): Cosignature {
    const { witness, now = Date.now } = this.#options;
    const [found] = openNote(note + answer, [witness]).cosignatures;
    if (!found) throw new SubmitFailed("the witness answered without a cosignature of its key");
    if (found.at > now() / 1000 + AHEAD_S_MAX)
      throw new SubmitFailed("the witness dated its cosignature in the future");
    return found;
  }
}

async function send(url: URL, body: string): Promise<{ status: number; text: string }> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "text/plain" },
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
  } catch {
    throw new SubmitFailed("the witness does not answer");
  }
  return { status: response.status, text: await textOf(response) };
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.length > ANSWER_CHARS_MAX)
      throw new SubmitFailed("the witness answered at too great length");
  }
  return text;
}

function knownSize(text: string): number {
  const [, size] = /^(0|[1-9]\d{0,15})\n$/.exec(text) ?? [];
  if (size === undefined) throw new SubmitFailed("the witness named no size it knows");
  return Number(size);
}
