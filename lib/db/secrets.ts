import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const secretsSchema = z.object({
  superuser: z.string().min(20),
  web: z.string().min(20),
  worker: z.string().min(20),
  signer: z.string().min(20),
  auditor: z.string().min(20),
  session: z.string().min(32),
});

/** The passwords of one installation's database logins, and the key that seals its session cookies. */
export type Secrets = z.infer<typeof secretsSchema>;

/** Reads `<home>/secrets.json` (mode 0600), making it with fresh random values the first time. */
export async function readSecrets(home: string): Promise<Secrets> {
  const path = join(home, "secrets.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text !== null) return secretsSchema.parse(JSON.parse(text));
  const fresh = (): string => randomBytes(32).toString("base64url");
  const names = Object.keys(secretsSchema.shape);
  const secrets = secretsSchema.parse(Object.fromEntries(names.map((name) => [name, fresh()])));
  await mkdir(home, { recursive: true });
  // Written aside and renamed: a crash leaves the old file or the new one, never half of it.
  await writeFile(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secrets;
}
