import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";

/** How many entries are looked at in one transaction when an older database is brought under keys. */
const SEALED_AT_ONCE = 5_000;
export const KEY_FILE = "payload.key";
/** There while the key is changed (`rotatePayloadKey`). */
export const NEXT_KEY_FILE = "payload.key.next";
/** What comes before the id of a key that was changed. */
export const RETIRED_KEY_FILE = `${KEY_FILE}.retired-`;

/** The key that the payloads of the trail are sealed under cannot be used; one sentence for the operator. */
export class PayloadKeyError extends Error {
  override name = "PayloadKeyError";
}

/**
 * Reads `<home>/payload.key` (32 bytes as base64url, mode 0600), making it with random bytes the first time: never where
 * a next or a retired key says that there was one. It is in no backup: without a copy kept apart, nobody ever opens the
 * payloads of a restored one.
 * @throws PayloadKeyError
 */
export async function readPayloadKey(home: string): Promise<Buffer> {
  const found = await findPayloadKey(home);
  if (found) return found;
  const path = join(home, KEY_FILE);
  await mkdir(home, { recursive: true });
  const other = (await readdir(home)).find(
    (name) => name === NEXT_KEY_FILE || name.startsWith(RETIRED_KEY_FILE),
  );
  if (other !== undefined)
    throw new PayloadKeyError(
      `${KEY_FILE} is missing from ${home}, where ${other} lies: put it back. No new key was made, for it would open nothing that was written.`,
    );
  const key = randomBytes(32);
  // Written aside and renamed: a crash leaves a whole file or none.
  await writeFile(`${path}.new`, `${key.toString("base64url")}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return key;
}

/** The same, but makes none: null when it is not there. @throws PayloadKeyError */
export function findPayloadKey(home: string): Promise<Buffer | null> {
  return keyIn(join(home, KEY_FILE));
}

/** The key that comes after it, while it is changed. @throws PayloadKeyError */
export function findNextPayloadKey(home: string): Promise<Buffer | null> {
  return keyIn(join(home, NEXT_KEY_FILE));
}

async function keyIn(path: string): Promise<Buffer | null> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  if (!/^[\w-]{43}\n?$/.test(text))
    throw new PayloadKeyError(`${path} is not 32 bytes as base64url.`);
  return Buffer.from(text, "base64url");
}

/**
 * Gives the database the key that the keys of incidents are encrypted with, and encrypts what was written before there
 * were keys. `ownerUrl` acts as countersign_owner; `next` is the key that comes after it, while it is changed.
 * @throws PayloadKeyError when the keys of this database were made under another
 */
export async function setPayloadKey(
  ownerUrl: string,
  key: Uint8Array,
  next: Uint8Array | null = null,
): Promise<void> {
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query("select trail.set_payload_key($1, $2)", [key, next]).catch(explain);
    for (let left = 1; left > 0;) {
      const { rows } = await client.query<{ left: string }>("select trail.seal_older($1) as left", [
        SEALED_AT_ONCE,
      ]);
      left = Number(rows[0]?.left ?? 0);
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explain(error: Error & { code?: string }): never {
  if (error.code !== "22023") throw error;
  throw new PayloadKeyError(
    `The payloads of this trail were sealed under another key than the one in ${KEY_FILE} of the data folder; put back the file that belongs to this database.`,
    { cause: error },
  );
}
