import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { privateKeyFromPem, verifierKey, type NoteKey } from "#lib/trail/checkpoint.ts";
import { readIfThere, writeDurably } from "./durable.ts";

/**
 * An Ed25519 key of the log, or of a witness, from a PEM file (PKCS#8, mode 0600), made on first use. Beside it stands
 * `<path>.pub`, one line, the C2SP verifier key under `name` for auditors to keep. Throws when others may read the key
 * file.
 */
export async function loadOrCreateKey(
  path: string,
  name: string,
  use?: NoteKey["use"],
): Promise<KeyObject> {
  const found = await readIfThere(path);
  if (found !== null) {
    await refuseOpenPermissions(path);
    return privateKeyFromPem(found);
  }
  const { privateKey } = generateKeyPairSync("ed25519");
  const noteKey: NoteKey = { name, key: privateKey, ...(use ? { use } : {}) };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeDurably(path, privateKey.export({ type: "pkcs8", format: "pem" }) as string, 0o600);
  await writeDurably(`${path}.pub`, `${verifierKey(noteKey)}\n`, 0o644);
  return privateKey;
}

async function refuseOpenPermissions(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by others; run chmod 600 on it`);
}
