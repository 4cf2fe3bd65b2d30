import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { HASH_BYTES, sha256, type Hash } from "./tree.ts";

/** C2SP tlog-checkpoint: what the signer vouches for. `origin` names the log, e.g. `countersign/acme/trail`. */
export type Checkpoint = { origin: string; size: number; root: Hash };
/** A key under its name; a witness's signs `cosignature/v1` and has an id of its own kind (C2SP tlog-cosignature). */
export type NoteKey = { name: string; key: KeyObject; use?: "witness" };
/** `at`: when the witness had seen nothing longer, in seconds since 1970. */
export type Cosignature = { name: string; at: number; line: string };
/** `signers`: known keys whose plain signature is right; `cosignatures`: the same of known witnesses. */
export type OpenedNote = { text: string; signers: string[]; cosignatures: Cosignature[] };

/** Signature type bytes of C2SP signed-note. */
const ED25519 = 1;
const ED25519_COSIGNATURE = 4;
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const KEY_NAME = /^[^\s+]+$/u;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) (\S+)$/u;
const SIGNATURES_MAX = 16;

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/** A signed note (C2SP signed-note) over the checkpoint, by Ed25519 keys that bear the log's name. */
export function signCheckpoint(checkpoint: Checkpoint, ...keys: KeyObject[]): string {
  return signNote(
    checkpointText(checkpoint),
    ...keys.map((key) => ({ name: checkpoint.origin, key })),
  );
}

/**
 * Checks the log's signature and reads the checkpoint; one good signature under any of the log's keys is enough.
 * Throws with a sentence when anything is off.
 */
export function openCheckpoint(note: string, log: NoteKey, ...older: NoteKey[]): Checkpoint {
  const { text, signers } = openNote(note, [log, ...older]);
  if (!signers.includes(log.name)) throw new Error(`checkpoint: not signed by ${log.name}`);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.name)
    throw new Error(`checkpoint: of another log, ${checkpoint.origin}`);
  return checkpoint;
}

/**
 * The same by whichever of these keys bears the name that the checkpoint has; keys of a name that the log had before it
 * was frozen may be among them. Throws with a sentence.
 */
export function openCheckpointBy(note: string, keys: readonly NoteKey[]): Checkpoint {
  const origin = note.slice(0, note.indexOf("\n"));
  const [key, ...more] = keys.filter(({ name }) => name === origin);
  if (!key) throw new Error(`checkpoint: not signed by a key that is known of ${origin}`);
  return openCheckpoint(note, key, ...more);
}

export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, encodedRoot, ...rest] = text.split("\n");
  if (!origin || size === undefined || encodedRoot === undefined || rest.at(-1) !== "") {
    throw new Error("checkpoint: fewer than three lines");
  }
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size)) throw new Error("checkpoint: bad size");
  const root = decodeBase64(encodedRoot);
  if (!root || root.length !== HASH_BYTES) throw new Error("checkpoint: bad root");
  return { origin, size: Number(size), root };
}

/** `text` must end in a line end. */
export function signNote(text: string, ...keys: NoteKey[]): string {
  if (!text.endsWith("\n")) throw new Error("note: the text must end in a line end");
  const lines = keys.map((key) => signatureLine(key, sign(null, Buffer.from(text), key.key)));
  return `${text}\n${lines.join("")}`;
}

/**
 * The line by which a witness vouches for the text of a checkpoint at `seconds` since 1970 (`cosignature/v1`): that it
 * has seen no longer history of this log, and that this one continues all it saw before.
 */
export function cosignatureLine(text: string, witness: NoteKey, seconds: number): string {
  const signature = sign(null, cosignedMessage(text, seconds), witness.key);
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(seconds));
  return signatureLine({ ...witness, use: "witness" }, Buffer.concat([time, signature]));
}

function cosignedMessage(text: string, seconds: number | bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function signatureLine(key: NoteKey, signature: Buffer): string {
  if (!KEY_NAME.test(key.name)) throw new Error("note: a key name has no spaces and no plus sign");
  return `\u2014 ${key.name} ${Buffer.concat([keyId(key), signature]).toString("base64")}\n`;
}

/**
 * Reads a signed note. The text ends at the last empty line. Signatures of keys not given are ignored, as the
 * format asks; a wrong signature of a given key throws.
 */
export function openNote(note: string, keys: readonly NoteKey[]): OpenedNote {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw new Error("note: no signatures");
  // eslint-disable-next-line no-control-regex -- the format forbids control characters but the line end
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.isWellFormed())
    throw new Error("note: control characters");
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) throw new Error("note: too many signatures");
  const signers = new Set<string>();
  const cosignatures: Cosignature[] = [];
  for (const line of lines) {
    const known = checkSignature(line, text, keys);
    if (known?.at === null) signers.add(known.name);
    else if (known) cosignatures.push({ name: known.name, at: known.at, line: `${line}\n` });
  }
  return { text, signers: [...signers], cosignatures };
}

function checkSignature(line: string, text: string, keys: readonly NoteKey[]) {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  if (!name || !bytes || bytes.length <= KEY_ID_BYTES)
    throw new Error("note: malformed signature line");
  const known = keys.find(
    (k) => k.name === name && keyId(k).equals(bytes.subarray(0, KEY_ID_BYTES)),
  );
  if (!known) return null;
  const given = bytes.subarray(KEY_ID_BYTES);
  const at = known.use === "witness" ? timeOf(given) : null;
  const message = at === null ? Buffer.from(text) : cosignedMessage(text, at);
  const signature = at === null ? given : given.subarray(TIME_BYTES);
  if (!verify(null, message, publicKeyOf(known.key), signature))
    throw new Error(`note: the signature of ${name} is wrong`);
  return { name, at };
}

function timeOf(signature: Buffer): number {
  const seconds = signature.length > TIME_BYTES ? signature.readBigUInt64BE() : 0n;
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Error("note: a cosignature of no possible time");
  return Number(seconds);
}

/** The first four bytes of sha256(name, line end, type, public key). */
export function keyId(key: NoteKey): Buffer {
  return sha256(`${key.name}\n`, typedPublicKey(key)).subarray(0, KEY_ID_BYTES);
}

/** The key as others write it into their settings: `name+hex id+base64 key` (C2SP vkey). */
export function verifierKey(key: NoteKey): string {
  return `${key.name}+${keyId(key).toString("hex")}+${typedPublicKey(key).toString("base64")}`;
}

function typedPublicKey({ key, use }: NoteKey): Buffer {
  const type = use === "witness" ? ED25519_COSIGNATURE : ED25519;
  return Buffer.concat([Buffer.from([type]), rawPublicKey(key)]);
}

/** Reads a C2SP vkey; throws when its id does not fit. */
export function parseVerifierKey(text: string): NoteKey {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? [];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  const type = bytes?.[0];
  if (!name || bytes?.length !== 33 || (type !== ED25519 && type !== ED25519_COSIGNATURE))
    throw new Error("verifier key: not an Ed25519 key");
  const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.subarray(1).toString("base64url") };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const noteKey: NoteKey = { name, key, ...(type === ED25519 ? {} : { use: "witness" }) };
  if (keyId(noteKey).toString("hex") !== id)
    throw new Error("verifier key: the id does not fit the key");
  return noteKey;
}

/** Verifier keys, one a line, as a file of the log's present key and its older ones holds them; throws when there is none. */
export function parseVerifierKeys(text: string): NoteKey[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new Error("verifier key: there is none");
  const keys = lines.map((line) => parseVerifierKey(line.trim()));
  if (keys.some(({ use }) => use === "witness"))
    throw new Error("verifier key: it is a witness's, not a log's");
  return keys;
}

export function publicKeyOf(key: KeyObject): KeyObject {
  return key.type === "private" ? createPublicKey(key) : key;
}

export function privateKeyFromPem(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("log key: not an Ed25519 key");
  return key;
}

function rawPublicKey(key: KeyObject): Buffer {
  const { x } = publicKeyOf(key).export({ format: "jwk" });
  if (!x) throw new Error("log key: not an Ed25519 key");
  return Buffer.from(x, "base64url");
}

/** Node's decoder forgives anything; a signed form must have one spelling. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}
