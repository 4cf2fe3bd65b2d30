import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { newSealKeys } from "#lib/sealing/seal.ts";

const secretsSchema = z.object({
  superuser: z.string().min(20),
  web: z.string().min(20),
  worker: z.string().min(20),
  signer: z.string().min(20),
  verifier: z.string().min(20),
  auditor: z.string().min(20),
  session: z.string().min(32),
  sealPrivate: z.string().min(32),
});

/**
 * The passwords of one installation's database logins, the key that seals its session cookies, and the private key
 * that opens what web sealed for the worker; its public half is derived from it.
 */
export type Secrets = z.infer<typeof secretsSchema>;

/**
 * Reads `<home>/secrets.json` (mode 0600), making it with fresh random values the first time. What an earlier version
 * did not write yet is added; nothing that is there changes.
 */
export async function readSecrets(home: string): Promise<Secrets> {
  const path = join(home, "secrets.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  const known = text === null ? {} : z.looseObject({}).parse(JSON.parse(text));
  const missing = Object.keys(secretsSchema.shape).filter((name) => !(name in known));
  const secrets = secretsSchema.parse({
    ...Object.fromEntries(missing.map((name) => [name, freshSecret(name)])),
    ...known,
  });
  if (missing.length > 0) await writeSecrets(home, path, { ...known, ...secrets });
  return secrets;
}

function freshSecret(name: string): string {
  return name === "sealPrivate" ? newSealKeys().privateKey : randomBytes(32).toString("base64url");
}

async function writeSecrets(home: string, path: string, secrets: Secrets): Promise<void> {
  await mkdir(home, { recursive: true });
  // Written aside and renamed: a crash leaves the old file or the new one, never half of it.
  await writeFile(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
