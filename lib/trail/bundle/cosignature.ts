import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { sha256 } from "../tree.ts";

/** A witness as auditors know it: its C2SP verifier key, of type 0x04 (or 0x01, the same key as a signer's). */
export type WitnessKey = { name: string; key: KeyObject; raw: Buffer };

const ED25519 = 1;
const COSIGNATURE_V1 = 4;
const LINE = /^\u2014 ([^\s+]+) (\S+)$/u;
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;

/** Reads `name+hex id+base64 key`; throws when it is no Ed25519 key or its id does not fit. */
export function parseWitnessKey(text: string): WitnessKey {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded ?? "", "base64");
  const type = bytes[0];
  if (!name || !id || bytes.length !== 33 || (type !== ED25519 && type !== COSIGNATURE_V1))
    throw new Error("witness key: not an Ed25519 key");
  const raw = bytes.subarray(1);
  if (idOf(name, type, raw).toString("hex") !== id)
    throw new Error("witness key: the id does not fit the key");
  const jwk = { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") };
  return { name, key: createPublicKey({ key: jwk, format: "jwk" }), raw };
}

/**
 * When the witness cosigned the note (C2SP tlog-cosignature v1), in seconds since 1970; null when it did not. Throws
 * when it bears its name and does not hold.
 */
export function cosignedAt(note: string, witness: WitnessKey): number | null {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const id = idOf(witness.name, COSIGNATURE_V1, witness.raw);
  for (const line of note.slice(end + 2).split("\n")) {
    const [, name, encoded] = LINE.exec(line) ?? [];
    const bytes = Buffer.from(encoded ?? "", "base64");
    if (name !== witness.name || !bytes.subarray(0, KEY_ID_BYTES).equals(id)) continue;
    if (bytes.length < KEY_ID_BYTES + TIME_BYTES) throw new Error("a cosignature is cut off");
    const time = Number(bytes.readBigUInt64BE(KEY_ID_BYTES));
    const signed = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
    if (!verify(null, signed, witness.key, bytes.subarray(KEY_ID_BYTES + TIME_BYTES)))
      throw new Error(`the cosignature of ${witness.name} is wrong`);
    return time;
  }
  return null;
}

function idOf(name: string, type: number, raw: Uint8Array): Buffer {
  return sha256(`${name}\n`, Buffer.from([type]), raw).subarray(0, KEY_ID_BYTES);
}
