export type LoopLog = { error: (facts: object, message: string) => void };

/** Runs `work` again and again, `ms` apart, until told to stop. A failure is said once, and work goes on. */
export async function every(
  ms: number,
  name: string,
  work: () => Promise<unknown>,
  { log, signal, wake }: { log: LoopLog; signal: AbortSignal; wake?: Wake },
): Promise<void> {
  let hasFailed = false;
  while (!signal.aborted) {
    try {
      await work();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed)
        log.error({ loop: name, reason: (error as Error).message }, "failed; trying again");
      hasFailed = true;
    }
    await (wake ? wake.pause(ms, signal) : pause(ms, signal));
  }
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}

/** Cuts a loop's rest short when there is something to do. */
export type Wake = { now: () => void; pause: (ms: number, signal: AbortSignal) => Promise<void> };

export function newWake(): Wake {
  let current = new AbortController();
  let isWanted = false;
  return {
    now() {
      isWanted = true;
      current.abort();
    },
    async pause(ms, signal) {
      if (!isWanted) await pause(ms, AbortSignal.any([current.signal, signal]));
      isWanted = false;
      current = new AbortController();
    },
  };
}
