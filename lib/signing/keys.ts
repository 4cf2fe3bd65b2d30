import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { privateKeyFromPem, verifierKey } from "#lib/trail/checkpoint.ts";

/**
 * The log's Ed25519 key from a PEM file (PKCS#8, mode 0600), made on first use. Beside it stands `<path>.pub`, one
 * line, the C2SP verifier key under `name` for auditors to keep. Throws when others may read the key file.
 */
export async function loadOrCreateKey(path: string, name: string): Promise<KeyObject> {
  const found = await readIfThere(path);
  if (found !== null) {
    await refuseOpenPermissions(path);
    return privateKeyFromPem(found);
  }
  const { privateKey } = generateKeyPairSync("ed25519");
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeDurably(path, privateKey.export({ type: "pkcs8", format: "pem" }) as string, 0o600);
  await writeDurably(`${path}.pub`, `${verifierKey({ name, key: privateKey })}\n`, 0o644);
  return privateKey;
}

/** Writes aside, syncs, renames, syncs the folder: after a crash there is the old file or the new one, whole. */
export async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const aside = `${path}.new`;
  const file = await open(aside, "w", mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function refuseOpenPermissions(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by others; run chmod 600 on it`);
}
