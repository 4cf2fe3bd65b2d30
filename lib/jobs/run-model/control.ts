import type { Db } from "#lib/db/prisma.ts";
import { pause } from "../every.ts";

/**
 * Why a run is called off. `stopped`: somebody cancelled it or switched the model off. `shutdown`: this worker ends, and
 * another goes on. `lost`: the run is not this worker's any more, so nothing of it is stored from here. `broken`: what
 * came back cannot be stored, and asking again would bring the same.
 */
export type StopCause = { kind: "stopped" | "shutdown" | "lost" | "broken"; sentence: string };

export type Control = {
  /** Aborts when the run is called off. */
  signal: AbortSignal;
  cause: () => StopCause | null;
  stop: (cause: StopCause) => void;
  /** No more signs of life are given. */
  end: () => Promise<void>;
};

export type ControlOptions = {
  runId: string;
  worker: string;
  /** Between two signs of life, in ms. */
  beatMs: number;
  /** After this long without one, in ms, another worker may have taken the run for lost. */
  lostMs: number;
  /** This worker is told to stop. */
  shutdown: AbortSignal;
};

type Beat = { alive: boolean; stop: boolean; reason: string | null };

const SHUTDOWN = {
  kind: "shutdown",
  sentence: "The worker was stopped; another goes on.",
} as const;
const LOST = { kind: "lost", sentence: "The run was given to another worker." } as const;

/** Gives signs of life of a running run, and hears with each whether it is to end. The first cause counts. */
export function openControl(db: Db, options: ControlOptions): Control {
  const { runId, worker, beatMs, lostMs, shutdown } = options;
  const stopping = new AbortController();
  const ended = new AbortController();
  let cause: StopCause | null = null;
  function stop(why: StopCause): void {
    cause ??= why;
    stopping.abort();
  }
  const onShutdown = (): void => stop(SHUTDOWN);
  if (shutdown.aborted) onShutdown();
  shutdown.addEventListener("abort", onShutdown, { once: true });

  async function beat(): Promise<void> {
    let lastAt = performance.now();
    while (!ended.signal.aborted) {
      await pause(beatMs, ended.signal);
      if (ended.signal.aborted) return;
      const answer = await within(lostMs, ended.signal, ask(db, runId, worker));
      if (ended.signal.aborted) return;
      if (answer) lastAt = performance.now();
      if (answer ? !answer.alive : performance.now() - lastAt > lostMs) stop(LOST);
      else if (answer?.stop)
        stop({ kind: "stopped", sentence: answer.reason ?? "It was stopped." });
    }
  }
  const beating = beat();
  return {
    signal: stopping.signal,
    cause: () => cause,
    stop,
    async end() {
      shutdown.removeEventListener("abort", onShutdown);
      ended.abort();
      await beating;
    },
  };
}

/** Null when the database did not answer: nothing is known, and the run goes on for a while. */
async function ask(db: Db, runId: string, worker: string): Promise<Beat | null> {
  try {
    const [row] = await db.$queryRaw<{ beat: Beat }[]>`
      SELECT gate.beat_run(${runId}::uuid, ${worker}) AS beat`;
    return row?.beat ?? null;
  } catch {
    return null;
  }
}

/** Null when there is no answer in time: a half-open connection gives none for minutes. */
async function within<T>(ms: number, signal: AbortSignal, answer: Promise<T>): Promise<T | null> {
  const answered = new AbortController();
  const silence = pause(ms, AbortSignal.any([signal, answered.signal])).then(() => null);
  try {
    return await Promise.race([answer, silence]);
  } finally {
    answered.abort();
  }
}
