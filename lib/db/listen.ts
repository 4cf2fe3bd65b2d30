import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";

/** Says that a model run has new events; the payload is its id and nothing else. */
export const RUN_CHANNEL = "countersign_run";

export type ListenOptions = {
  channel: string;
  onNotify: (payload: string) => void;
  /**
   * Called after each time the channel is listened to, also the first: what came in before, or while the connection
   * was gone, was not announced, so the caller reads on from where it stands.
   */
  onListening: () => void;
  signal: AbortSignal;
};

const CHECK_MS = 10_000;
const CHECK_DEADLINE_MS = 3_000;
const CONNECT_MS = 5_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;

/**
 * Listens to one channel on a connection of its own until `signal` aborts, and comes back by itself whenever the
 * connection is lost. A notification is a hint: what is true stands in a table. A half-open connection is found by
 * asking over it every ten seconds. Resolves when it has ended.
 */
export async function listen(connectionString: string, options: ListenOptions): Promise<void> {
  const { signal } = options;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const wasListening = await listenOnce(connectionString, options);
    if (wasListening) failures = 0;
    await pause(retryMs(failures), signal);
  }
}

/** Many processes lose one server at the same moment, and must not all come back at the same moment. */
function retryMs(failures: number): number {
  const longest = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(failures, 10));
  return longest * (0.5 + Math.random() / 2);
}

/** Until the connection is lost or the signal aborts. Says whether it ever listened. */
async function listenOnce(
  connectionString: string,
  { channel, onNotify, onListening, signal }: ListenOptions,
): Promise<boolean> {
  const client = new Client({
    connectionString,
    keepAlive: true,
    keepAliveInitialDelayMillis: CHECK_MS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CHECK_DEADLINE_MS,
  });
  const lost = new AbortController();
  const stop = (): void => lost.abort();
  client.on("error", stop);
  client.on("end", stop);
  client.on("notification", ({ payload }) => onNotify(payload ?? ""));
  signal.addEventListener("abort", stop, { once: true });
  let isListening = false;
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    isListening = true;
    if (!signal.aborted) onListening();
    while (!lost.signal.aborted) {
      await pause(CHECK_MS, lost.signal);
      if (!lost.signal.aborted) await client.query("SELECT 1");
    }
  } catch {
    // lost, or never had: the caller tries again
  } finally {
    signal.removeEventListener("abort", stop);
    // a half-open connection would take minutes to say goodbye
    await Promise.race([client.end().catch(() => undefined), wait(CHECK_DEADLINE_MS)]);
  }
  return isListening;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: true }).catch(() => undefined);
}
