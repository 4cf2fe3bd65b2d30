import type { Tx } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** A record that did not become evidence, with why and its bytes. */
export type DeadLetter = { index: number; reason: string; bytes: Uint8Array };

/** How many dead letters, and how many bytes of them, a request may still leave behind. */
export type LetterRoom = { letters: number; bytes: number };

/** What one request may leave behind; what is refused beyond it is counted, and its bytes are not kept. */
export const LETTER_ROOM: LetterRoom = { letters: 5_000, bytes: 100 * 1024 * 1024 };

export const NOT_KEPT = "its bytes are not kept, this request left too many";

const nextId = uuidV7();

/**
 * Divides letters into those there is room for, in order, and the indexes of the others. `left` is the room after
 * them. The room given is not changed: a transaction that is tried again starts from the same.
 */
export function keepLetters(
  room: LetterRoom,
  letters: readonly DeadLetter[],
): { kept: DeadLetter[]; lost: Set<number>; left: LetterRoom } {
  const left = { ...room };
  const kept: DeadLetter[] = [];
  const lost = new Set<number>();
  for (const letter of letters) {
    if (left.letters === 0 || letter.bytes.length > left.bytes) {
      lost.add(letter.index);
      continue;
    }
    kept.push(letter);
    left.letters -= 1;
    left.bytes -= letter.bytes.length;
  }
  return { kept, lost, left };
}

/** Stores letters by one statement. Their bytes travel as one value and are cut again by the database. */
export async function storeDeadLetters(
  tx: Tx,
  sourceId: string,
  letters: readonly DeadLetter[],
): Promise<void> {
  if (letters.length === 0) return;
  const offsets: number[] = [];
  let offset = 1;
  for (const { bytes } of letters) {
    offsets.push(offset);
    offset += bytes.length;
  }
  const blob = Buffer.concat(letters.map(({ bytes }) => bytes));
  await tx.$executeRaw`
    INSERT INTO dead_letter (id, source_id, index, reason, raw)
    SELECT l.id, ${sourceId}::uuid, l.index, l.reason, substring(${blob}::bytea FROM l.off FOR l.len)
    FROM unnest(${letters.map(() => nextId())}::uuid[], ${letters.map(({ index }) => index)}::int[],
                ${letters.map(({ reason }) => storableText(reason))}::text[], ${offsets}::int[],
                ${letters.map(({ bytes }) => bytes.length)}::int[]) AS l(id, index, reason, off, len)`;
}
