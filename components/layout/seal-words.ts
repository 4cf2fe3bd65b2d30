import { spanWords } from "#components/ui/time-words.ts";
import type { SealView } from "#lib/contracts/views.ts";

/** A checkpoint follows new entries within a minute or two; far longer means that the signer is not working. */
const LATE_MS = 5 * 60_000;

export type SealWords = {
  state: "unknown" | "none" | "pending" | "sealed" | "late" | "frozen";
  /** For the bar above every page. */
  words: string;
  /** A whole sentence. */
  sentence: string;
};

/** What the seal's state says at `now` (ms since 1970); `failed`: the server did not answer the last question. */
export function sealWords(seal: SealView | undefined, failed: boolean, now: number): SealWords {
  if (!seal)
    return failed
      ? { state: "unknown", words: "seal unknown", sentence: "The server did not say." }
      : { state: "unknown", words: "sealed …", sentence: "Asking when the trail was last sealed." };
  const { size, sealedSize, sealedAt, waitingSince } = seal;
  const waiting = countWords(size - sealedSize);
  const waitedMs = waitingSince === null ? 0 : now - Date.parse(waitingSince);
  if (seal.frozenAt !== null)
    return {
      state: "frozen",
      words: "log frozen",
      sentence: `The log is frozen for ${spanWords(Math.max(0, now - Date.parse(seal.frozenAt)))}, because its key may be in other hands. Nothing can be done that the trail tells of; what was written stands. Whoever runs this installation lets it go on under another name.`,
    };
  if (waitedMs >= LATE_MS)
    return {
      state: "late",
      words: `seal late by ${spanWords(waitedMs)}`,
      sentence: `${waiting} not under a signed checkpoint, the oldest for ${spanWords(waitedMs)}. The signer is down or refuses to sign: tell whoever runs this installation.`,
    };
  if (sealedAt === null)
    return {
      state: "none",
      words: "not sealed yet",
      sentence: `${waiting} not under a signed checkpoint yet; the first follows within a minute.`,
    };
  const words = `sealed ${spanWords(Math.max(0, now - Date.parse(sealedAt)))} ago`;
  if (size === sealedSize)
    return { state: "sealed", words, sentence: "Every entry is under a signed checkpoint." };
  return {
    state: "pending",
    words,
    sentence: `${waiting} newer than the last checkpoint; the next follows within a minute.`,
  };
}

function countWords(count: number): string {
  return count === 1 ? "1 entry is" : `${count.toLocaleString("en")} entries are`;
}
