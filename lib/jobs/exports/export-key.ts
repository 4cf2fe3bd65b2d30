import { join } from "node:path";
import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { loadOrCreateKey } from "#lib/signing/keys.ts";
import { trailRows, trailSize } from "#lib/queries/trail-rows.ts";
import { verifierKey, type NoteKey } from "#lib/trail/checkpoint.ts";
import { KEY_KIND, KEY_ROLE } from "#lib/trail/bundle/manifest.ts";

export type ExportKey = NoteKey & { entry: number };

/**
 * The key that signs the manifests of bundles: the worker's own, not the log's. Its public half is an entry of the trail,
 * written when the key is first used, so that the signed log vouches for it.
 */
export async function exportKey(
  db: Db,
  { directory, organisation }: { directory: string; organisation: string },
): Promise<ExportKey> {
  const name = `countersign/${organisation}/export`;
  const key = await loadOrCreateKey(join(directory, "export.key"), name);
  const text = verifierKey({ name, key });
  const found = await entryOf(db, text);
  if (found !== null) return { name, key, entry: found };
  const [row] = await db.$queryRaw<
    { entry: bigint }[]
  >`SELECT gate.publish_export_key(${text}) AS entry`;
  if (!row) throw new Error("the export key is not on the trail");
  return { name, key, entry: Number(row.entry) };
}

async function entryOf(db: Db, key: string): Promise<number | null> {
  const condition = Prisma.sql`e.kind = ${KEY_KIND} AND e.role = ${KEY_ROLE}`;
  for await (const row of trailRows(db, { condition, end: await trailSize(db) }))
    if (row.payload && (JSON.parse(row.payload) as { key?: unknown }).key === key) return row.seq;
  return null;
}
