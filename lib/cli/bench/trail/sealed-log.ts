import { generateKeyPairSync } from "node:crypto";
import pg from "pg";
import { loginUrl } from "#lib/db/provision.ts";
import { nodeReader } from "#lib/queries/trail-proof.ts";
import { signCheckpoint, type NoteKey } from "#lib/trail/checkpoint.ts";
import { rootFromNodes } from "#lib/trail/nodes.ts";
import type { ScratchDatabase } from "../../scratch-database.ts";

/** A key for a log on a scratch database. */
export function logKey(name: string): NoteKey {
  return { name, key: generateKeyPairSync("ed25519").privateKey };
}

/** Signs the log as it stands; the database keeps the checkpoint as it keeps the signer's. Gives the size. */
export async function seal({ web, adminUrl, webUrl }: ScratchDatabase, log: NoteKey) {
  const [row] = await web.$queryRaw<{ size: bigint }[]>`SELECT size FROM trail.head`;
  const size = Number(row!.size);
  const root = await rootFromNodes(size, nodeReader(web));
  const note = signCheckpoint({ origin: log.name, size, root }, log.key);
  const signer = new pg.Client({
    connectionString: loginUrl(adminUrl, "signer", passwordOf(webUrl)),
  });
  await signer.connect();
  try {
    await signer.query("insert into trail.checkpoint (size, root, note) values ($1, $2, $3)", [
      size,
      root,
      note,
    ]);
  } finally {
    await signer.end();
  }
  return size;
}

/** A scratch server's logins share one. */
export function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}
