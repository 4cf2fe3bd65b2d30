import { sqlState } from "#lib/db/transaction.ts";
import { pause } from "../every.ts";

const PAUSE_MS = 250;
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
      const state = sqlState(error);
      const isAway = state === null || AWAY.test(state);
      if (!isAway || signal.aborted || performance.now() > until) throw error;
      await pause(PAUSE_MS, signal);
    }
  }
}
