import { createHash, randomInt } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TOKEN_CHARACTERS = 40;

/** What a new token leaves behind: its digest and its last four characters. */
export type NewToken = { token: string; sha256: Uint8Array<ArrayBuffer>; hint: string };

/** A prefix and 40 characters of base62: 238 bits. Shown once, stored as its digest. */
export function newToken(prefix: "cs_src" | "cs_api" | "cs_rsp"): NewToken {
  const characters = Array.from(
    { length: TOKEN_CHARACTERS },
    () => ALPHABET[randomInt(ALPHABET.length)],
  );
  const token = `${prefix}_${characters.join("")}`;
  const sha256 = new Uint8Array(createHash("sha256").update(token).digest());
  return { token, sha256, hint: token.slice(-4) };
}
