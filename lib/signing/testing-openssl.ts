import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Assertion } from "./passkey.ts";

/** Says aloud when there is no openssl, so that a test that is skipped for it is not taken for one that passed. */
export function hasOpenssl(): boolean {
  try {
    return execFileSync("openssl", ["version"], { encoding: "utf8" }) !== "";
  } catch {
    process.stderr.write("  There is no openssl here: what it would say was not asked.\n");
    return false;
  }
}

type Stored = Assertion & {
  /** DER of SubjectPublicKeyInfo. */
  publicKey: Uint8Array;
  statement: string;
};

const COMMANDS = /```sh\n([^`]+)```/.exec(readFileSync("docs/passkeys.md", "utf8"))![1]!;

/**
 * What openssl alone says of a stored signature, by the very commands of docs/passkeys.md: its verdict, and the
 * challenge that the statement must have had.
 */
export function opensslSays(stored: Stored) {
  const folder = mkdtempSync(join(tmpdir(), "assertion-"));
  try {
    return verdictIn(folder, stored);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function verdictIn(folder: string, { publicKey, statement, ...assertion }: Stored) {
  const write = (name: string, bytes: Uint8Array | string) =>
    writeFileSync(join(folder, name), bytes);
  write("key.der", publicKey);
  write("authenticator_data", assertion.authenticatorData);
  write("client_data_json", assertion.clientDataJson);
  write("signature", assertion.signature);
  write("statement", statement);
  const { stdout } = spawnSync("sh", ["-c", COMMANDS], { cwd: folder, encoding: "utf8" });
  const [verdict, challenge] = stdout.split("\n");
  return { verdict, challenge };
}
