import type { Tx } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";

/** A record that did not become evidence, with why and its bytes. */
export type DeadLetter = { index: number; reason: string; bytes: Uint8Array };

export async function storeDeadLetters(tx: Tx, sourceId: string, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await tx.deadLetter.createMany({
    data: letters.map(({ index, reason, bytes }) => ({
      sourceId,
      index,
      reason: storableText(reason),
      raw: new Uint8Array(bytes),
    })),
  });
}
