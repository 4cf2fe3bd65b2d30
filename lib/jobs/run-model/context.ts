import type { WorkerLog } from "../worker-log.ts";
import type { Db } from "#lib/db/prisma.ts";

/** How often things are looked at, in ms. What a run may take is the profile's. */
export type Clocks = {
  /** The outbox is read. */
  relay: number;
  /** Queued runs are looked for. */
  sweep: number;
  /** Signed responses that are due are looked for. */
  respond: number;
  /** A running run gives a sign of life. */
  beat: number;
  /** A run without one for so long is lost. */
  lost: number;
  /** Lost runs, and ended ones whose summary is missing, are looked for. */
  mend: number;
  /** A summary that is written anew waits so long for more evidence to come in. */
  settle: number;
  /** The first pause before a request is made again; doubled each time. */
  backoff: number;
};

export const CLOCKS: Clocks = {
  relay: 300,
  sweep: 1_000,
  respond: 1_000,
  beat: 2_000,
  lost: 15_000,
  mend: 5_000,
  settle: 10_000,
  backoff: 5_000,
};

/** What every part of a run works with. */
export type RunContext = {
  db: Db;
  /** Names this process among all workers; new at each start. */
  worker: string;
  /** Opens what web sealed for the worker; null: none can be opened here. */
  sealKey: string | null;
  /** Seals what only the worker reads again. */
  log: WorkerLog;
  clocks: Clocks;
  /** Aborts when this worker is told to stop. */
  shutdown: AbortSignal;
  /** There may be more to start: a run ended or was queued. */
  wake: () => void;
};
