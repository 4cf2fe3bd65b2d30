import { execFileSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "#lib/trail/tree.ts";
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

/** What openssl alone says of an assertion and a key (DER of SubjectPublicKeyInfo): "Verified OK" or "refused". */
export function opensslSays(publicKey: Uint8Array, assertion: Assertion): string {
  const folder = mkdtempSync(join(tmpdir(), "assertion-"));
  const at = (name: string) => join(folder, name);
  const key = createPublicKey({ key: Buffer.from(publicKey), type: "spki", format: "der" });
  writeFileSync(at("pub.pem"), key.export({ type: "spki", format: "pem" }));
  writeFileSync(at("sig"), assertion.signature);
  writeFileSync(
    at("data"),
    Buffer.concat([assertion.authenticatorData, sha256(assertion.clientDataJson)]),
  );
  try {
    const files = ["-verify", at("pub.pem"), "-signature", at("sig"), at("data")];
    return execFileSync("openssl", ["dgst", "-sha256", ...files], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "refused";
  } finally {
    rmSync(folder, { recursive: true });
  }
}
