import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";

/** Where a sealed value stands. It opens nowhere else, so that nobody can move one row's secret into another. */
export type SealedPlace = { table: string; column: string; rowId: string };

/** A pair of X25519 keys, each 32 bytes as base64url. The public one seals, the private one opens. */
export type SealKeys = { publicKey: string; privateKey: string };

/** A box cannot be opened: another key, another place, or changed bytes. Says nothing of what was in it. */
export class SealError extends Error {
  override name = "SealError";
}

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + KEY_BYTES;
const LABEL = "countersign.seal.v1";
const CIPHER = "aes-256-gcm";
// RFC 8410: what stands before the 32 bytes of a key in its DER form
const PRIVATE_DER = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_DER = Buffer.from("302a300506032b656e032100", "hex");

export function newSealKeys(): SealKeys {
  const { privateKey } = generateKeyPairSync("x25519");
  const secret = privateKey.export({ format: "der", type: "pkcs8" }).subarray(-KEY_BYTES);
  return { publicKey: publicKeyOf(text(secret)), privateKey: text(secret) };
}

/** The public key that belongs to a private one. @throws SealError when it is not 32 bytes */
export function publicKeyOf(privateKey: string): string {
  return text(rawPublic(createPublicKey(readPrivate(privateKey))));
}

/**
 * Seals a text for the holder of the private key: an ephemeral X25519 key, HKDF-SHA-256 and AES-256-GCM, the place
 * being authenticated with it. Whoever only has the public key cannot read it again.
 */
export function seal(
  plain: string,
  publicKey: string,
  place: SealedPlace,
): Uint8Array<ArrayBuffer> {
  const ephemeral = generateKeyPairSync("x25519");
  const ephemeralRaw = rawPublic(ephemeral.publicKey);
  const shared = diffieHellman({
    privateKey: ephemeral.privateKey,
    publicKey: readPublic(publicKey),
  });
  const { key, nonce } = derive(shared, ephemeralRaw, bytesOf(publicKey));
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(placeBytes(place));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return Uint8Array.from(
    Buffer.concat([Buffer.from([VERSION]), ephemeralRaw, body, cipher.getAuthTag()]),
  );
}

/** The text of a box sealed for this key and this place. @throws SealError */
export function openSealed(box: Uint8Array, privateKey: string, place: SealedPlace): string {
  const bytes = Buffer.from(box);
  if (bytes.length < HEAD_BYTES + TAG_BYTES || bytes[0] !== VERSION)
    throw new SealError("This is not a sealed value of this version.");
  const own = readPrivate(privateKey);
  const ephemeralRaw = bytes.subarray(1, HEAD_BYTES);
  const body = bytes.subarray(HEAD_BYTES, -TAG_BYTES);
  try {
    const shared = diffieHellman({
      privateKey: own,
      publicKey: readPublic(text(ephemeralRaw)),
    });
    const { key, nonce } = derive(shared, ephemeralRaw, rawPublic(createPublicKey(own)));
    const decipher = createDecipheriv(CIPHER, key, nonce)
      .setAAD(placeBytes(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch {
    throw new SealError(
      "A sealed value cannot be opened: it was sealed with another key or for another place, or was changed.",
    );
  }
}

/** The key is new for each box, so the nonce may come from the same derivation, as in RFC 9180. */
function derive(
  shared: Buffer,
  ephemeral: Buffer,
  recipient: Buffer,
): { key: Buffer; nonce: Buffer } {
  const salt = Buffer.concat([ephemeral, recipient]);
  const bytes = Buffer.from(hkdfSync("sha256", shared, salt, LABEL, KEY_BYTES + NONCE_BYTES));
  return { key: bytes.subarray(0, KEY_BYTES), nonce: bytes.subarray(KEY_BYTES) };
}

function placeBytes({ table, column, rowId }: SealedPlace): Buffer {
  return Buffer.from(`${table}|${column}|${rowId}`, "utf8");
}

function readPrivate(key: string): KeyObject {
  const der = Buffer.concat([PRIVATE_DER, bytesOf(key)]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

function readPublic(key: string): KeyObject {
  const der = Buffer.concat([PUBLIC_DER, bytesOf(key)]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
}

function bytesOf(key: string): Buffer {
  const bytes = Buffer.from(key, "base64url");
  if (bytes.length !== KEY_BYTES)
    throw new SealError("A sealing key is 32 bytes as base64url; this one is not.");
  return bytes;
}

function text(bytes: Buffer): string {
  return bytes.toString("base64url");
}
