import { sqlState } from "#lib/db/transaction.ts";
import { pause } from "../every.ts";

const PAUSE_MS = 250;
const MISTAKES = new Set([
  "TypeError",
  "RangeError",
  "ReferenceError",
  "PrismaClientValidationError",
]);
/** Connection exceptions, a server that starts or stops, too many connections. */
const AWAY = /^(08|53|57P)/;

/**
 * Tries again for `ms` while the database cannot be reached: an answer of a model is worth the wait. What the database
 * refuses is thrown at once.
 */
export async function whileAway<T>(
  ms: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || signal.aborted || performance.now() > until) throw error;
      await pause(PAUSE_MS, signal);
    }
  }
}

/** The database could not be asked, as against what it refused and what is a mistake of ours. */
export function isAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return AWAY.test(state);
  return error instanceof Error && !MISTAKES.has(error.name);
}
