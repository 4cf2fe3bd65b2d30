import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Secret } from "./secret.ts";

/**
 * Signatures of Standard Webhooks 1.0.0 over `id.timestamp.body`: `v1` is HMAC-SHA256 with a `whsec_` secret of 24 to
 * 64 bytes, `v1a` is Ed25519 with a `whsk_` key (seed, or seed and public key) checked by a `whpk_` key. All keys are
 * base64.
 */

export type WebhookHeaders = {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
};

export type SigningKey =
  | { scheme: "v1"; secret: Buffer }
  | { scheme: "v1a"; privateKey: KeyObject };

export type VerifyingKey =
  | { scheme: "v1"; secret: Buffer }
  | { scheme: "v1a"; publicKey: KeyObject };

export type SignatureFault = "missing" | "too_old" | "too_new" | "wrong";

const TOLERANCE_SECONDS = 300;
/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8 and in SPKI. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

/** A `whsec_` or `whsk_` key to sign with; null when it is none. */
export function signingKey(key: Secret): SigningKey | null {
  const [, prefix, text] = /^(whsec|whsk)_(.+)$/s.exec(key.reveal()) ?? [];
  const bytes = base64(text);
  if (!bytes) return null;
  if (prefix === "whsec") return isSecret(bytes) ? { scheme: "v1", secret: bytes } : null;
  if (bytes.length !== 32 && bytes.length !== 64) return null;
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytes.subarray(0, 32)]),
    format: "der",
    type: "pkcs8",
  });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const isWhole = bytes.length === 32 || spki.subarray(SPKI_HEAD.length).equals(bytes.subarray(32));
  return isWhole ? { scheme: "v1a", privateKey } : null;
}

/** A `whsec_` or `whpk_` key to check with; null when it is none. */
export function verifyingKey(key: Secret): VerifyingKey | null {
  const [, prefix, text] = /^(whsec|whpk)_(.+)$/s.exec(key.reveal()) ?? [];
  const bytes = base64(text);
  if (!bytes) return null;
  if (prefix === "whsec") return isSecret(bytes) ? { scheme: "v1", secret: bytes } : null;
  if (bytes.length !== 32) return null;
  const spki = Buffer.concat([SPKI_HEAD, bytes]);
  return { scheme: "v1a", publicKey: createPublicKey({ key: spki, format: "der", type: "spki" }) };
}

/** The `whpk_` key that goes with a `whsk_` key, for whoever checks. */
export function publicKeyOf(key: SigningKey & { scheme: "v1a" }): string {
  const spki = createPublicKey(key.privateKey).export({ format: "der", type: "spki" });
  return `whpk_${spki.subarray(SPKI_HEAD.length).toString("base64")}`;
}

/**
 * The three headers of a message. Several keys give several signatures, so that a receiver may change its key at any
 * moment of a rotation. `id` has no full stop: it would move the border between id, time and body.
 */
export function signWebhook(
  keys: readonly SigningKey[],
  { id, atSeconds, body }: { id: string; atSeconds: number; body: string },
): WebhookHeaders {
  if (id.includes(".") || keys.length === 0)
    throw new TypeError("a message needs a key and an id without full stops");
  const content = Buffer.from(`${id}.${atSeconds}.${body}`);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(atSeconds),
    "webhook-signature": keys.map((key) => signatureOf(key, content)).join(" "),
  };
}

/** Why a message is not to be believed, or null when one of its signatures is by one of `keys` and is fresh. */
export function webhookFault(
  keys: readonly VerifyingKey[],
  headers: Partial<WebhookHeaders>,
  { body, nowSeconds }: { body: string; nowSeconds: number },
): SignatureFault | null {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return "missing";
  if (Number(timestamp) < nowSeconds - TOLERANCE_SECONDS) return "too_old";
  if (Number(timestamp) > nowSeconds + TOLERANCE_SECONDS) return "too_new";
  const content = Buffer.from(`${id}.${timestamp}.${body}`);
  const isGood = signatures
    .split(" ")
    .slice(0, 20)
    .some((signature) => keys.some((key) => isBy(key, signature, content)));
  return isGood ? null : "wrong";
}

function signatureOf(key: SigningKey, content: Buffer): string {
  const bytes =
    key.scheme === "v1" ? hmac(key.secret, content) : sign(null, content, key.privateKey);
  return `${key.scheme},${bytes.toString("base64")}`;
}

function isBy(key: VerifyingKey, signature: string, content: Buffer): boolean {
  const [scheme, text] = signature.split(",");
  const bytes = base64(text);
  if (scheme !== key.scheme || !bytes) return false;
  if (key.scheme === "v1a") return verify(null, content, key.publicKey, bytes);
  const expected = hmac(key.secret, content);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function hmac(secret: Buffer, content: Buffer): Buffer {
  return createHmac("sha256", secret).update(content).digest();
}

function isSecret({ length }: Buffer): boolean {
  return length >= 24 && length <= 64;
}

/** Strict: what does not come back as the same text was not base64. */
function base64(text: string | undefined): Buffer | null {
  if (!text || text.length > 200) return null;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}
