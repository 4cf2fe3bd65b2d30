/** Passwords in sentences that people type to the model: masked before they are stored or sent. */
import { describe, expect, test } from "vitest";
import { maskSecrets } from "./mask-secrets.ts";
import { prosePasswords } from "./prose-passwords.ts";

const MASKED: [text: string, masked: string][] = [
  ["the password is hunter2secret", "the password is [secret:password-1]"],
  ["admin pw Sommer2024!", "admin pw [secret:password-1]"],
  ["the user's password is Tr0ub4dor&3.", "the user's password is [secret:password-1]."],
  ["His passphrase was correcthorse, I think", "His passphrase was [secret:password-1], I think"],
  ["Das Kennwort ist Geheimnis99", "Das Kennwort ist [secret:password-1]"],
  ["passwort: sonnenschein?", "passwort: [secret:password-1]?"],
  ["Did anyone try pwd = letmein!", "Did anyone try pwd = [secret:password-1]"],
  ['The password is "hunter2secret" now', 'The password is "[secret:password-1]" now'],
  ["password 123456 and pw Winter2025!", "password [secret:password-1] and pw [secret:password-2]"],
  ["pw password=hunter2secret", "pw password=[secret:password-1]"],
  ["password is swordfish", "password is [secret:password-1]"],
  ["password is Hunter2-café", "password is [secret:password-1]"],
];
const KEPT = [
  "Why does it say the password is wrong?",
  "the password is expired and was reset; the password was unknown.",
  "Was the password reset by anyone?",
  "The password is reset every 90 days",
  "Is this password spraying or a password brute-force attempt?",
  "Which password policy applies, and who did the password change?",
  "Did 10.0.0.7 get a wrong password 10.0.0.5 did not?",
  "The password was changed; the Passwort ist abgelaufen.",
  "password is short",
  "pwd",
  "the password is",
];

describe("a password in a sentence", () => {
  test.each(MASKED)("is masked: %s", (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });
  test.each(KEPT)("is not seen where there is none: %s", (text) => {
    expect(maskSecrets(text)).toBe(text);
  });
});

test("a long text full of names is read in a time that follows from its length", () => {
  const started = performance.now();
  for (const part of ["password ", "pw is ", "pw: : = ", "pw is \t\t\t ="]) {
    prosePasswords(part.repeat(50_000));
  }
  expect(performance.now() - started).toBeLessThan(5_000);
});
