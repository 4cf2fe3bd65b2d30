import { createHash, randomInt } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TOKEN_CHARACTERS = 40;

/** What a new token leaves behind: its digest and its last four characters. */
export type SourceToken = { token: string; sha256: Uint8Array<ArrayBuffer>; hint: string };

/** `cs_src_` and 40 characters of base62: 238 bits. Shown once, stored as its digest. */
export function newSourceToken(): SourceToken {
  const characters = Array.from(
    { length: TOKEN_CHARACTERS },
    () => ALPHABET[randomInt(ALPHABET.length)],
  );
  const token = `cs_src_${characters.join("")}`;
  const sha256 = new Uint8Array(createHash("sha256").update(token).digest());
  return { token, sha256, hint: token.slice(-4) };
}
