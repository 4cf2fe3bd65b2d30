import type { Db } from "#lib/db/prisma.ts";
import { storableJson } from "#lib/domain/evidence/storable.ts";

/** Writes what a dry run said, once. */
export async function endResponderTest(
  db: Db,
  { id, ok, sentences }: { id: string; ok: boolean; sentences: string[] },
): Promise<void> {
  const told = JSON.stringify(storableJson(sentences));
  await db.$executeRaw`
    UPDATE responder_test SET ended_at = clock_timestamp(), ok = ${ok}, sentences = ${told}::jsonb
    WHERE id = ${id}::uuid AND ended_at IS NULL`;
}
