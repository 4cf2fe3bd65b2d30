import type { KeyObject } from "node:crypto";
import { parseAddCheckpoint, type AddCheckpoint } from "#lib/trail/add-checkpoint.ts";
import {
  cosignatureLine,
  openNote,
  parseCheckpoint,
  verifierKey,
  type Checkpoint,
  type NoteKey,
} from "#lib/trail/checkpoint.ts";
import { earlierOrigins } from "#lib/trail/origin.ts";
import { verifyConsistency } from "#lib/trail/proof.ts";
import { HASH_BYTES, sha256 } from "#lib/trail/tree.ts";
import { readIfThere, writeDurably, type AtStep } from "./durable.ts";

export type WitnessOptions = {
  name: string;
  key: KeyObject;
  /** The keys of the logs it watches; asked at each checkpoint, so that a log's next key can be added. */
  logs: () => Promise<NoteKey[]>;
  statePath: string;
  now?: () => number;
  /** See `writeDurably`. */
  atStep?: AtStep;
};
export type WitnessAnswer = {
  /** As C2SP tlog-witness gives them; 200 comes with the cosignature line. */
  status: 200 | 400 | 403 | 404 | 409 | 422;
  body: string;
  contentType: string;
};
export type Witness = {
  /** The key by which others check it, as a C2SP vkey. */
  verifierKey: string;
  add: (request: string) => Promise<WitnessAnswer>;
};

/** What it last cosigned of each log, by origin. */
type Seen = Record<string, { size: number; root: string }>;

class Refused extends Error {
  readonly answer: WitnessAnswer;
  constructor(status: WitnessAnswer["status"], words: string, contentType = "text/plain") {
    super(words);
    this.answer = { status, body: `${words}\n`, contentType };
  }
}

/**
 * A second key, kept by somebody else: it cosigns a checkpoint only when it continues the longest history it ever
 * cosigned of that log (C2SP tlog-witness), and remembers it on its own disk before it answers. Throws when that
 * memory is damaged: forgetting must be a person's decision.
 */
export async function openWitness(options: WitnessOptions): Promise<Witness> {
  const seen = await readSeen(options.statePath);
  const { name, key } = options;
  const witness: NoteKey = { name, key, use: "witness" };
  let last: Promise<unknown> = Promise.resolve();
  return {
    verifierKey: verifierKey(witness),
    add(request) {
      // one after the other: between the look at what was seen and its replacement nothing else may happen
      const answer = last.then(() => addCheckpoint({ options, witness, seen }, request));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}

type Context = { options: WitnessOptions; witness: NoteKey; seen: Seen };

async function addCheckpoint(context: Context, request: string): Promise<WitnessAnswer> {
  try {
    return await judge(context, request);
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

async function judge({ options, witness, seen }: Context, request: string) {
  const given = readRequest(request);
  const { text, checkpoint } = readNote(given.note);
  const keys = (await options.logs()).filter((log) => log.name === checkpoint.origin);
  if (keys.length === 0) throw new Refused(404, "this log is not one that is watched here");
  if (!isSigned(given.note, keys)) throw new Refused(403, "not signed by this log");
  const later = Object.keys(seen).find((name) => earlierOrigins(name).includes(checkpoint.origin));
  if (later !== undefined) throw new Refused(404, `this log goes on as ${later}`);
  // a log that goes on under another name begins with what was seen of it under the one before
  const name = [checkpoint.origin, ...earlierOrigins(checkpoint.origin)].find((each) =>
    Object.hasOwn(seen, each),
  );
  const before = name === undefined ? undefined : seen[name];
  refuseFork(given, checkpoint, before);
  const next = {
    ...seen,
    [checkpoint.origin]: { size: checkpoint.size, root: checkpoint.root.toString("hex") },
  };
  if (name !== checkpoint.origin || before?.size !== checkpoint.size) {
    await writeDurably(options.statePath, `${JSON.stringify(next)}\n`, 0o600, options.atStep);
    Object.assign(seen, next);
  }
  const seconds = Math.floor((options.now ?? Date.now)() / 1000);
  const body = cosignatureLine(text, witness, seconds);
  return { status: 200, body, contentType: "text/plain" } as const;
}

function readRequest(request: string): AddCheckpoint {
  try {
    return parseAddCheckpoint(request);
  } catch (error) {
    throw new Refused(400, (error as Error).message);
  }
}

function readNote(note: string): { text: string; checkpoint: Checkpoint } {
  try {
    const { text } = openNote(note, []);
    return { text, checkpoint: parseCheckpoint(text) };
  } catch (error) {
    throw new Refused(400, (error as Error).message);
  }
}

function isSigned(note: string, keys: NoteKey[]): boolean {
  try {
    return openNote(note, keys).signers.length > 0;
  } catch {
    return false;
  }
}

function refuseFork(given: AddCheckpoint, next: Checkpoint, before: Seen[string] | undefined) {
  if (given.oldSize > next.size) throw new Refused(400, "the old size is greater than the new one");
  const [oldSize, oldRoot] = before
    ? [before.size, Buffer.from(before.root, "hex")]
    : [0, sha256()];
  const conflict = new Refused(409, String(oldSize), "text/x.tlog.size");
  if (given.oldSize !== oldSize) throw conflict;
  if (before && oldSize === next.size && !oldRoot.equals(next.root)) throw conflict;
  const { proof } = given;
  const claim = { oldSize, newSize: next.size, oldRoot, newRoot: next.root, proof };
  if (!verifyConsistency(claim))
    throw new Refused(422, "the proof does not show that this history continues the one seen here");
}

async function readSeen(path: string): Promise<Seen> {
  const text = await readIfThere(path);
  if (text === null) return {};
  const seen = parseSeen(text);
  if (seen === null) throw new Error(`the witness's memory ${path} is damaged`);
  return seen;
}

function parseSeen(text: string): Seen | null {
  let seen: unknown;
  try {
    seen = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof seen !== "object" || seen === null || Array.isArray(seen)) return null;
  const isWhole = Object.values(seen as Partial<Seen>).every(
    (log) =>
      Number.isSafeInteger(log?.size) &&
      typeof log?.root === "string" &&
      /^[0-9a-f]+$/.test(log.root) &&
      log.root.length === HASH_BYTES * 2,
  );
  return isWhole ? (seen as Seen) : null;
}
