import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { HASH_BYTES, sha256, type Hash } from "./tree.ts";

/** C2SP tlog-checkpoint: what the signer vouches for. `origin` names the log, e.g. `countersign/acme/trail`. */
export type Checkpoint = { origin: string; size: number; root: Hash };
export type NoteKey = { name: string; key: KeyObject };
export type OpenedNote = { text: string; signers: string[] };

const ED25519 = 1; // signature type byte of C2SP signed-note
const KEY_ID_BYTES = 4;
const KEY_NAME = /^[^\s+]+$/u;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) (\S+)$/u;
const SIGNATURES_MAX = 16;

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/** A signed note (C2SP signed-note) over the checkpoint, by an Ed25519 key that bears the log's name. */
export function signCheckpoint(checkpoint: Checkpoint, key: KeyObject): string {
  return signNote(checkpointText(checkpoint), { name: checkpoint.origin, key });
}

/** Checks the log's signature and reads the checkpoint. Throws with a sentence when anything is off. */
export function openCheckpoint(note: string, log: NoteKey): Checkpoint {
  const { text, signers } = openNote(note, [log]);
  if (!signers.includes(log.name)) throw new Error(`checkpoint: not signed by ${log.name}`);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.name)
    throw new Error(`checkpoint: of another log, ${checkpoint.origin}`);
  return checkpoint;
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
export function signNote(text: string, { name, key }: NoteKey): string {
  if (!text.endsWith("\n")) throw new Error("note: the text must end in a line end");
  if (!KEY_NAME.test(name)) throw new Error("note: a key name has no spaces and no plus sign");
  const signature = Buffer.concat([keyId(name, key), sign(null, Buffer.from(text), key)]);
  return `${text}\n\u2014 ${name} ${signature.toString("base64")}\n`;
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
  for (const line of lines) {
    const signer = checkSignature(line, text, keys);
    if (signer) signers.add(signer);
  }
  return { text, signers: [...signers] };
}

function checkSignature(line: string, text: string, keys: readonly NoteKey[]): string | null {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  if (!name || !bytes || bytes.length <= KEY_ID_BYTES)
    throw new Error("note: malformed signature line");
  const known = keys.find(
    (k) => k.name === name && keyId(k.name, k.key).equals(bytes.subarray(0, KEY_ID_BYTES)),
  );
  if (!known) return null;
  if (!verify(null, Buffer.from(text), publicKeyOf(known.key), bytes.subarray(KEY_ID_BYTES))) {
    throw new Error(`note: the signature of ${name} is wrong`);
  }
  return name;
}

/** The first four bytes of sha256(name, line end, type, public key). */
export function keyId(name: string, key: KeyObject): Buffer {
  return sha256(`${name}\n`, Buffer.from([ED25519]), rawPublicKey(key)).subarray(0, KEY_ID_BYTES);
}

/** The key as others write it into their settings: `name+hex id+base64 key` (C2SP vkey). */
export function verifierKey({ name, key }: NoteKey): string {
  const encoded = Buffer.concat([Buffer.from([ED25519]), rawPublicKey(key)]).toString("base64");
  return `${name}+${keyId(name, key).toString("hex")}+${encoded}`;
}

/** Reads a C2SP vkey; throws when its id does not fit. */
export function parseVerifierKey(text: string): NoteKey {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? [];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  if (!name || !bytes || bytes[0] !== ED25519 || bytes.length !== 33)
    throw new Error("verifier key: not an Ed25519 key");
  const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.subarray(1).toString("base64url") };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  if (keyId(name, key).toString("hex") !== id)
    throw new Error("verifier key: the id does not fit the key");
  return { name, key };
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
function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}
