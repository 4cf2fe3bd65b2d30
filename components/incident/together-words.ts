import type { TogetherOutcome } from "#lib/contracts/together-views.ts";

const NAMED = 3;

/** "38 assigned to you, 2 not"; those that were so already are told apart. */
export function doneWords(what: string, { changed, unchanged, refused }: TogetherOutcome): string {
  const parts = [`${changed.length} ${what}`];
  if (unchanged.length > 0) parts.push(`${unchanged.length} already`);
  if (refused.length > 0) parts.push(`${refused.length} not`);
  return parts.join(", ");
}

/** Which were not done and why, the first few by number; undefined where all were. */
export function notDoneWords(refused: TogetherOutcome["refused"]): string | undefined {
  if (refused.length === 0) return undefined;
  const words = refused.slice(0, NAMED).map(({ number, message }) => `${number}: ${message}`);
  const more = refused.length - NAMED;
  return [...words, ...(more > 0 ? [`And ${more} more.`] : [])].join(" ");
}
