import type { PgBoss, WorkOptions } from "pg-boss";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import type { Model } from "#lib/copilot/answer.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import type { Db } from "#lib/db/prisma.ts";
import { askModel } from "./ask-model.ts";
import { dropLoose } from "./drop-loose.ts";
import { expireDecisions } from "./expire.ts";
import {
  ASK_MODEL_QUEUE,
  incidentJobOptions,
  SUMMARISE_QUEUE,
  type IncidentJob,
} from "./queue-jobs.ts";
import { dropOldHints, relayOutbox } from "./relay.ts";
import { sweepOldStandings } from "./reverify-sweep.ts";
import { summarise } from "./summarise.ts";

export type WorkerLog = {
  info: (facts: object, message: string) => void;
  warn: (facts: object, message: string) => void;
  error: (facts: object, message: string) => void;
};
export type WorkerOptions = { db: Db; queue: PgBoss; model: Model | null; log: WorkerLog };
export type Worker = {
  /** Takes no more work, lets what runs come to its end for a while, and returns. */
  stop: () => Promise<void>;
};

const RELAY_MS = 300;
const EXPIRE_MS = 60_000;
const RETENTION_MS = 3_600_000;
/** At the start, and again for what a worker of an earlier version issued since. */
const REVERIFY_MS = 3_600_000;
const REST_MS_MAX = 2_000;
const LOOK_MS = 50;
const POLL_SECONDS = 0.5;
const RULES_AT_ONCE = 2;
const ASKED_AT_ONCE = 4;
const STOP_MS = 8_000;
const TROUBLE_MS = 10_000;

/** The model asked us to wait, or failed in passing: the queue takes the job up again later. */
class TryLater extends Error {}

/** Takes up work after commit: relays the outbox, writes summaries, settles what expired. */
export async function startWorker({ db, queue, model, log }: WorkerOptions): Promise<Worker> {
  const stopping = new AbortController();
  const writing = { now: 0 };
  for (const prompt of PROMPTS) await publishPrompt(db, prompt, { kind: "system", id: "worker" });
  queue.on("error", sayNowAndThen(log));
  await queue.start();
  await queue.work<IncidentJob>(SUMMARISE_QUEUE, workOptions(RULES_AT_ONCE), async ([job]) => {
    if (!job) return;
    writing.now += 1;
    try {
      await takeUp(job.data.incidentId, { db, queue, model, log });
    } finally {
      writing.now -= 1;
    }
  });
  if (model) {
    const ask = modelAsker({ db, model, log, signal: stopping.signal });
    await queue.work<IncidentJob>(ASK_MODEL_QUEUE, workOptions(ASKED_AT_ONCE), async ([job]) => {
      if (job) await ask(job.data.incidentId);
    });
  }
  const loops = [
    every(RELAY_MS, "relay", () => relayOutbox(db, queue), { log, signal: stopping.signal }),
    every(EXPIRE_MS, "expire", () => expireDecisions(db), { log, signal: stopping.signal }),
    every(RETENTION_MS, "retention", () => dropLoose(db, stopping.signal), {
      log,
      signal: stopping.signal,
    }),
    every(REVERIFY_MS, "reverify", () => reverify(db, log, { writing, signal: stopping.signal }), {
      log,
      signal: stopping.signal,
    }),
    every(EXPIRE_MS, "hints", () => dropOldHints(db), { log, signal: stopping.signal }),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
      await queue.stop({ graceful: true, timeout: STOP_MS });
    },
  };
}

/**
 * Stored summaries wait for new ones: between two of them, until none is being written here, and then as long as the
 * last one took, so that jobs are taken up meanwhile.
 */
function reverify(
  db: Db,
  log: WorkerLog,
  { writing, signal }: { writing: { now: number }; signal: AbortSignal },
): Promise<unknown> {
  async function yieldTo(tookMs: number): Promise<void> {
    await pause(Math.min(tookMs, REST_MS_MAX), signal);
    while (writing.now > 0 && !signal.aborted) await pause(LOOK_MS, signal);
  }
  return sweepOldStandings(db, { signal, yieldTo, log });
}

/** Every poll fails while the database is away: one line in ten seconds says as much. */
function sayNowAndThen(log: WorkerLog): (error: Error) => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (performance.now() - lastAt < TROUBLE_MS) return;
    lastAt = performance.now();
    log.warn({ reason: message }, "the queue had trouble");
  };
}

function workOptions(localConcurrency: number): WorkOptions {
  return { pollingIntervalSeconds: POLL_SECONDS, localConcurrency };
}

/** The rules summary at once; then the model's turn, in its own queue and time. */
async function takeUp(incidentId: string, { db, queue, model, log }: WorkerOptions): Promise<void> {
  const startedAt = performance.now();
  const result = await summarise(db, incidentId);
  const ms = Math.round(performance.now() - startedAt);
  log.info({ incidentId, ms, issued: result?.issued ?? false }, "summarised by rules");
  if (!result || !model) return;
  await queue.send(
    ASK_MODEL_QUEUE,
    { incidentId } satisfies IncidentJob,
    incidentJobOptions(ASK_MODEL_QUEUE, incidentId),
  );
}

type AskerOptions = { db: Db; model: Model; log: WorkerLog; signal: AbortSignal };

function modelAsker({
  db,
  model,
  log,
  signal,
}: AskerOptions): (incidentId: string) => Promise<void> {
  // what the provider asked for holds for every request to it
  let pausedUntil = 0;
  return async (incidentId) => {
    if (Date.now() < pausedUntil) throw new TryLater("The model asked for a pause.");
    const startedAt = performance.now();
    const outcome = await askModel(incidentId, { db, model, signal });
    const ms = Math.round(performance.now() - startedAt);
    log.info({ incidentId, ms, did: outcome?.did ?? null }, "asked the model");
    if (outcome?.did !== "failed") return;
    const { reason, mayRetry, retryAfterSeconds } = outcome;
    log.warn({ incidentId, reason, mayRetry }, "the model gave no summary");
    if (retryAfterSeconds) pausedUntil = Date.now() + retryAfterSeconds * 1000;
    if (mayRetry) throw new TryLater(reason);
  };
}

/** Runs `work` again and again, `ms` apart, until told to stop. A failure is said once, and work goes on. */
async function every(
  ms: number,
  name: string,
  work: () => Promise<unknown>,
  { log, signal }: { log: WorkerLog; signal: AbortSignal },
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
    await pause(ms, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
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
