import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { trailRows } from "./trail-rows.ts";

/**
 * The log's verifier keys as C2SP writes them: the present ones that are given first, then every other that the first
 * `size` entries tell of. Entries of this kind are the signer's alone; that they are true a verifier does not take from us.
 */
export async function logKeysOf(
  db: Db,
  { given, size }: { given: string | null; size: number },
): Promise<string[]> {
  const keys = new Set((given ?? "").split("\n").filter((line) => line.trim() !== ""));
  const condition = Prisma.sql`e.kind IN ('key.rotated', 'log.continued')`;
  for await (const { payload } of trailRows(db, { condition, end: size })) {
    const { from, to, key, oldKeys } = JSON.parse(payload ?? "{}") as Record<string, unknown>;
    const told: unknown[] = Array.isArray(oldKeys) ? [key, ...oldKeys] : [from, to];
    for (const each of told) if (typeof each === "string") keys.add(each);
  }
  return [...keys];
}
