import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { earlierOrigins, isNameOf } from "#lib/trail/origin.ts";
import { verifierKey } from "#lib/trail/checkpoint.ts";
import { readIfThere, writeDurably } from "./durable.ts";
import { loadOrCreateKey } from "./keys.ts";
import { loadLogKeys, retireKeys } from "./log-keys.ts";

/** The log's present name, one line; not there while it has its first. */
const NAME = "log.name";
/** The key of a name to come, until that is the present one; it is of no other name. */
const keyOf = (name: string) => `log.key.name-${earlierOrigins(name).length + 1}`;

/** The name that the log in this signer's folder has now. `first` is the one it began with. */
export async function logName(directory: string, first: string): Promise<string> {
  const name = (await readIfThere(join(directory, NAME)))?.trimEnd() ?? first;
  if (!isNameOf(first, name))
    throw new Error(`${join(directory, NAME)} names the log ${name}, which ${first} is not`);
  // cut off between the name and its key: the old key must not sign under the new name
  if (name !== first && (await readIfThere(join(directory, keyOf(name)))) !== null)
    await takeKey(directory, name);
  return name;
}

/** Gives the log another name and key; the old private key is gone by that. Cut off anywhere, it can be done again. */
export async function renameLog(
  directory: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await loadOrCreateKey(join(directory, keyOf(to)), to);
  await retireKeys(directory, from);
  await writeDurably(join(directory, NAME), `${to}\n`, 0o644);
  await takeKey(directory, to);
}

/** The verifier keys of the log's present name, and all that signed before it. */
export async function verifierKeysOf(directory: string, name: string) {
  const { key, older } = await loadLogKeys(directory, name);
  return { key: verifierKey({ name, key }), oldKeys: older.map((old) => verifierKey(old)) };
}

async function takeKey(directory: string, name: string): Promise<void> {
  const key = keyOf(name);
  // before the key is taken: cut off after that, a next key from before the freeze would come into force
  for (const left of [`${key}.pub`, "log.key.next", "log.key.next.pub"])
    await rm(join(directory, left), { force: true });
  await rename(join(directory, key), join(directory, "log.key")).catch(refuseUnlessTaken);
  await loadLogKeys(directory, name);
}

/** Once the name stands, the running signer and the command both take its key: one comes second. */
function refuseUnlessTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
