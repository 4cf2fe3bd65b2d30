import { randomBytes } from "node:crypto";
import { hashRaw } from "@node-rs/argon2";
import { sha256 } from "#lib/trail/tree.ts";

const ARGON2ID = 2; // the package's Algorithm.Argon2id, a const enum
/** OWASP's argon2id row for 19 MiB: two passes, one lane. For the sign-in hash and the signing key alike. */
export const ARGON2ID_COST = {
  algorithm: ARGON2ID,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

export function newSignSalt(): Buffer {
  return randomBytes(SALT_BYTES);
}

/**
 * The signing key of a person: argon2id of their password, 32 bytes.
 * The database keeps it where no login can read it; the process that signs makes it anew each time and forgets it.
 */
export function deriveSignKey(password: string, salt: Uint8Array): Promise<Buffer> {
  return hashRaw(password, { ...ARGON2ID_COST, outputLen: KEY_BYTES, salt });
}

/** What the database compares: it fits one statement only, so a captured proof signs nothing else. */
export function signProof(key: Uint8Array, statementSha256: Uint8Array): Buffer {
  if (key.length !== KEY_BYTES || statementSha256.length !== 32)
    throw new RangeError("sign proof: 32 bytes each");
  return sha256(key, statementSha256);
}
