import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { PgBoss, WorkOptions } from "pg-boss";
import { createTokenCache } from "#lib/connectors/responders/access-token.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { queueSummary } from "#lib/commands/queue-summary.ts";
import type { NoticeWebhook } from "#lib/connectors/responders/notice-webhook.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import type { Db } from "#lib/db/prisma.ts";
import { RUN_PRIORITY } from "#lib/domain/copilot/run.ts";
import { automate } from "./automate.ts";
import { checkTrail } from "./check-trail.ts";
import { dropLate } from "./deliveries.ts";
import { dropLoose } from "./drop-loose.ts";
import { type EnvironmentModel, saveEnvironmentModel } from "./environment-model.ts";
import { evaluate, handOutEvaluations } from "./evaluate.ts";
import { every, newWake, pause, type Wake } from "./every.ts";
import { expireDecisions } from "./expire.ts";
import { dropExports, runExports } from "./exports/run-exports.ts";
import {
  EVALUATE_QUEUE,
  MODEL_RUN_QUEUE,
  SUMMARISE_QUEUE,
  type EvaluateJob,
  type IncidentJob,
  type ModelRunJob,
} from "./queue-jobs.ts";
import { putAwayMootNotices } from "./moot-notices.ts";
import { postDueNotices } from "./post-notices.ts";
import { dropOldHints, relayOutbox } from "./relay.ts";
import { sweepOldStandings } from "./reverify-sweep.ts";
import { LEASE_MS, type RespondContext } from "./respond/context.ts";
import { respondAll } from "./respond/respond.ts";
import { testResponders } from "./respond/test-responders.ts";
import { CLOCKS, type Clocks, type RunContext } from "./run-model/context.ts";
import { handOutRuns } from "./run-model/due.ts";
import { mendRuns } from "./run-model/mend.ts";
import { runModel } from "./run-model/run-model.ts";
import { whileAway } from "./run-model/while-away.ts";
import { sendDueMail, type Post } from "./send-mail.ts";
import { summarise } from "./summarise.ts";
import type { WorkerLog } from "./worker-log.ts";

export type WorkerOptions = {
  db: Db;
  queue: PgBoss;
  log: WorkerLog;
  /** Opens the keys of models and seals what was replaced; null: only models without a key can be asked. */
  sealKey: string | null;
  /** A model that the environment names, to be saved as a config. */
  environmentModel?: EnvironmentModel | null;
  /** Requests to models that this process has under way at one time, beside one of a person's; default 4. */
  slots?: number;
  clocks?: Partial<Clocks>;
  /** How notices leave by mail, and to the webhook; without one, none does. */
  post?: Post | null;
  webhook?: NoticeWebhook | null;
  /** Where exports are written, and whose log they are of; without it, none is. */
  exports?: { home: string; organisation: string } | null;
  /** The database by its address, for processes that go over the whole trail with little memory; without it, it is done here. */
  databaseUrl?: string;
};
export type Worker = {
  /** Takes no more work, lets what runs come to its end for a while, and returns. */
  stop: () => Promise<void>;
};

const EXPIRE_MS = 60_000;
const NOTICES_MS = 2_000;
const RETENTION_MS = 3_600_000;
/** At the start, and again for what a worker of an earlier version issued since. */
const REVERIFY_MS = 3_600_000;
/** How often is looked whether the daily check of the trail is due. */
const CHECK_TRAIL_MS = 600_000;
const REST_MS_MAX = 2_000;
const LOOK_MS = 50;
const POLL_SECONDS = 0.5;
const RULES_AT_ONCE = 2;
const SLOTS = 4;
/** Exports that are written at one time. */
const EXPORTS_AT_ONCE = 2;
const LOOK_FOR_EXPORTS_MS = 1_000;
/** Responders that may be waited for at one time. */
const RESPONSES_AT_ONCE = 3;
const LOOK_FOR_TESTS_MS = 1_000;
const STOP_MS = 8_000;
const TROUBLE_MS = 10_000;
/** A start that met a database on its way down waits for it so long. */
const START_MS = 60_000;

/** What is being done here now: what can wait, waits for it. */
type Busy = { summaries: number; runs: number };

/** Takes up work after commit: relays the outbox, writes summaries, asks models, settles what expired. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const {
    db,
    queue,
    log,
    sealKey,
    slots = SLOTS,
    post = null,
    webhook = null,
    databaseUrl,
  } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const wake = newWake();
  const responses = Array.from({ length: RESPONSES_AT_ONCE }, () => newWake());
  const clocks = { ...CLOCKS, ...options.clocks };
  const worker = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const context = { db, worker, sealKey, log, clocks, shutdown: signal, wake: wake.now };
  const busy: Busy = { summaries: 0, runs: 0 };
  await begin(options);
  await saveEnvironment(options);
  await takeSummaries(queue, context, busy);
  const hands = await takeRuns(queue, context, { slots, busy });
  const loop = (ms: number, name: string, work: () => Promise<unknown>) =>
    every(ms, name, work, { log, signal });
  const loops = [
    loop(clocks.relay, "relay", async () => {
      const { hasRuns, hasResponses } = await relayOutbox(db, queue);
      if (hasRuns) wake.now();
      if (hasResponses) for (const one of responses) one.now();
    }),
    every(clocks.sweep, "runs", () => handOut(context, queue, hands), { log, signal, wake }),
    ...responding(context, responses),
    ...exporting(context, options),
    loop(clocks.mend, "mend", () => mendRuns(context)),
    loop(EXPIRE_MS, "expire", () => expireDecisions(db, { log, signal })),
    loop(RETENTION_MS, "retention", () => dropLoose(db, signal)),
    loop(CHECK_TRAIL_MS, "trail check", () => checkTrail(db, { log, signal, databaseUrl })),
    loop(REVERIFY_MS, "reverify", () => reverify(db, log, { busy, signal })),
    loop(EXPIRE_MS, "hints", () => dropOldHints(db)),
    loop(EXPIRE_MS, "late notices", () => dropLate(db)),
    loop(EXPIRE_MS, "moot notices", () => putAwayMootNotices(db)),
    ...(post ? [loop(NOTICES_MS, "mail", () => sendDueMail(db, post, { log, signal }))] : []),
    ...(webhook
      ? [loop(NOTICES_MS, "webhook", () => postDueNotices(db, webhook, { log, signal }))]
      : []),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
      await queue.stop({ graceful: true, timeout: STOP_MS });
    },
  };
}

/** What must have been done before anything is taken up; a database that dies meanwhile is waited for. */
async function begin({ db, queue, log }: WorkerOptions): Promise<void> {
  const trouble = sayNowAndThen(log);
  const patiently = (work: () => Promise<unknown>) =>
    whileAway(START_MS, new AbortController().signal, () =>
      work().catch((error: Error) => {
        trouble(error);
        throw error;
      }),
    );
  for (const prompt of PROMPTS)
    await patiently(() => publishPrompt(db, prompt, { kind: "system", id: "worker" }));
  queue.on("error", trouble);
  await patiently(async () => {
    try {
      await queue.start();
    } catch (error) {
      // what it had begun must not go on beside the next try
      await queue.stop({ graceful: false }).catch(() => undefined);
      throw error;
    }
  });
}

/** Carries out what was signed. Each hand waits for one system at a time, so that a slow one holds up no other. */
function responding(
  { db, worker, sealKey, log, clocks, shutdown: signal }: RunContext,
  wakes: Wake[],
): Promise<void>[] {
  const tokens = createTokenCache();
  const hand = (index: number): RespondContext => ({
    ...{ db, sealKey, log, tokens, signal },
    worker: `${worker}:${index}`,
    leaseMs: LEASE_MS,
  });
  return [
    ...wakes.map((wake, index) =>
      every(clocks.respond, "respond", () => respondAll(hand(index)), { log, signal, wake }),
    ),
    every(LOOK_FOR_TESTS_MS, "responder tests", () => testResponders(hand(wakes.length)), {
      log,
      signal,
    }),
  ];
}

/** Writes what was asked for of the trail, and removes what was kept its time. */
function exporting(
  { db, worker, log, shutdown: signal }: RunContext,
  { exports: place, databaseUrl }: WorkerOptions,
): Promise<void>[] {
  if (!place) return [];
  const hand = (index: number) => ({
    ...{ db, ...place, databaseUrl, log, signal },
    worker: `${worker}:${index}`,
  });
  return [
    ...Array.from({ length: EXPORTS_AT_ONCE }, (_, index) =>
      every(LOOK_FOR_EXPORTS_MS, "exports", () => runExports(hand(index)), { log, signal }),
    ),
    every(EXPIRE_MS, "expired exports", () => dropExports({ db, ...place }), { log, signal }),
  ];
}

async function saveEnvironment({ db, log, sealKey, environmentModel }: WorkerOptions) {
  if (!environmentModel) return;
  const { model } = environmentModel;
  try {
    const version = await saveEnvironmentModel(db, environmentModel, sealKey);
    if (version !== null) log.info({ model, version }, "saved the model of the environment");
  } catch (error) {
    log.error(
      { model, reason: (error as Error).message },
      "could not save the environment's model",
    );
  }
}

/** The rules summary at once; then the model's turn, in its own queue and time. */
async function takeSummaries(queue: PgBoss, context: RunContext, busy: Busy): Promise<void> {
  const { db, log, clocks } = context;
  async function takeUp(incidentId: string): Promise<void> {
    const startedAt = performance.now();
    const result = await summarise(db, incidentId);
    const ms = Math.round(performance.now() - startedAt);
    log.info({ incidentId, ms, issued: result?.issued ?? false }, "summarised by rules");
    if (!result) return;
    await queueSummary(db, { incidentId, waitMs: clocks.settle });
    const automated = await automate(db, incidentId);
    if (automated.acted + automated.refused > 0 || automated.stopped)
      log.info({ incidentId, ...automated }, "looked at what may run by itself");
  }
  await queue.work<IncidentJob>(SUMMARISE_QUEUE, workOptions(RULES_AT_ONCE), async ([job]) => {
    if (job) await counted(busy, "summaries", () => takeUp(job.data.incidentId));
  });
}

/** Gives the ids of pg-boss's workers, to wake them when there is something to take. */
async function takeRuns(
  queue: PgBoss,
  context: RunContext,
  { slots, busy }: { slots: number; busy: Busy },
): Promise<string[]> {
  const { log } = context;
  const hands: string[] = [];
  async function take(runId: string): Promise<void> {
    try {
      await counted(busy, "runs", () => runModel(runId, context));
    } catch (error) {
      // its row says where it stands, and the next look at the queue or at what is to be mended goes on from there
      log.error({ runId, reason: (error as Error).message }, "a run was left where it stands");
    }
  }
  const open = (options: WorkOptions) =>
    queue.work<ModelRunJob>(MODEL_RUN_QUEUE, options, async ([job]) => {
      if (job) await take(job.data.runId);
    });
  for (let slot = 0; slot < slots; slot += 1) hands.push(await open(workOptions(1)));
  // one more for what people wait for
  hands.push(await open({ ...workOptions(1), minPriority: RUN_PRIORITY.asked }));
  hands.push(
    await queue.work<EvaluateJob>(EVALUATE_QUEUE, workOptions(1), async ([job]) => {
      if (job) await evaluate(job.data.evaluationId, context);
    }),
  );
  return hands;
}

async function handOut({ db }: RunContext, queue: PgBoss, hands: string[]): Promise<void> {
  await handOutEvaluations(db, queue);
  if ((await handOutRuns(db, queue)) === 0) return;
  for (const hand of hands) queue.notifyWorker(hand);
}

async function counted<T>(busy: Busy, what: keyof Busy, work: () => Promise<T>): Promise<T> {
  busy[what] += 1;
  try {
    return await work();
  } finally {
    busy[what] -= 1;
  }
}

/**
 * Stored summaries wait for new ones: between two of them, until none is being written here, and then as long as the
 * last one took, so that jobs are taken up meanwhile.
 */
function reverify(
  db: Db,
  log: WorkerLog,
  { busy, signal }: { busy: Busy; signal: AbortSignal },
): Promise<unknown> {
  async function yieldTo(tookMs: number): Promise<void> {
    await pause(Math.min(tookMs, REST_MS_MAX), signal);
    while (busy.summaries + busy.runs > 0 && !signal.aborted) await pause(LOOK_MS, signal);
  }
  return sweepOldStandings(db, { signal, yieldTo, log });
}

/** Every poll fails while the database is away: one line in ten seconds says as much. */
function sayNowAndThen(log: WorkerLog): (error: Error) => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (performance.now() - lastAt < TROUBLE_MS) return;
    lastAt = performance.now();
    log.warn({ reason: message }, "had trouble with the database");
  };
}

function workOptions(localConcurrency: number): WorkOptions {
  return { pollingIntervalSeconds: POLL_SECONDS, localConcurrency };
}
