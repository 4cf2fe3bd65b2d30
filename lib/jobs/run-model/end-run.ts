import type { Actor } from "#lib/commands/actor.ts";
import { finishModelRun, type FinishModelRunInput } from "#lib/commands/finish-model-run.ts";
import type { Retry } from "#lib/commands/next-attempt.ts";
import type { ModelAnswer } from "#lib/copilot/answer.ts";
import { answerCostMicro, reserveMicro } from "#lib/copilot/tokens.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import type { RunContext } from "./context.ts";
import type { Control, StopCause } from "./control.ts";
import { notify } from "./notify.ts";
import type { NeverSent, OpenRun } from "./open-run.ts";
import { isAway, whileAway } from "./while-away.ts";

const WORKER: Actor = { kind: "system", id: "worker" };
const BACKOFF_GROWS_BY = 3;
const PAUSE_MS_MAX = 300_000;
const TURNED_AWAY_ATTEMPTS = 100;
const NO_ANSWER_ATTEMPTS = 8;
const FLAWED_ATTEMPTS = 4;
const NEVER = new AbortController().signal;

const NOTHING_CAME = {
  response: "",
  stopReason: null,
  requestId: null,
  usage: null,
  modelAnswered: null,
  latencyMs: null,
  firstClaimMs: null,
  canary: null,
  verifier: null,
  isComplete: false,
} as const;

export type Ending = {
  answer: ModelAnswer;
  control: Pick<Control, "cause">;
  /** What the provider said the request has; undefined when it was not asked. */
  counted: number | null | undefined;
};

/** Stores what came of a run, once. False when it is not this worker's any more, and nothing was stored. */
export async function endRun(
  open: OpenRun,
  { answer, control, counted }: Ending,
  context: RunContext,
): Promise<boolean> {
  const cause = control.cause();
  if (cause?.kind === "lost") return false;
  const { db, worker, clocks } = context;
  const { run, config } = open;
  const whose = { runId: run.id, worker };
  const end = (result: Result) =>
    whileAway(clocks.lost, NEVER, () =>
      finishModelRun(db, { ...whose, ...result }, { kind: "model", id: actorId(config.model) }),
    );
  const { finished } =
    cause?.kind === "broken"
      ? await end(notStorable(cause.sentence))
      : await end(resultOf(open, { answer, cause, counted, backoffMs: clocks.backoff })).catch(
          (error: unknown) => {
            if (isAway(error)) throw error;
            context.log.error({ ...whose, reason: (error as Error).message }, "an end is refused");
            return end(notStorable("The answer could not be stored."));
          },
        );
  await notify(db, run.id);
  context.wake();
  return finished || isEndedHere(db, whose);
}

type Result = Omit<FinishModelRunInput, "runId" | "worker">;
type Reckoned = Pick<Ending, "answer" | "counted"> & { cause: StopCause | null; backoffMs: number };

function resultOf(
  { run, config }: OpenRun,
  { answer, counted, cause, backoffMs }: Reckoned,
): Result {
  const calledOff = answer.state === "cancelled" ? cause : null;
  const { state, response, stopReason, requestId, modelAnswered, latencyMs, canary } = answer;
  return {
    ...{ state, response, stopReason, requestId, modelAnswered, latencyMs, canary },
    ...{ firstClaimMs: answer.firstClaimMs, isComplete: answer.isComplete },
    usage: counted ? { ...answer.usage, counted_tokens: counted } : answer.usage,
    error: calledOff?.sentence ?? sentenceOf(answer),
    fault: calledOff ? faultOf(calledOff) : answer.fault,
    costMicro: answerCostMicro(answer, config.profile),
    verifier: run.kind === "probe" ? null : VERIFIER_VERSION,
    retry: retryOf(run, { answer, calledOff, backoffMs }),
  };
}

/** The same answer would not be storable a second time either. */
function notStorable(error: string): Result {
  return { ...NOTHING_CAME, state: "failed", fault: "answer", error, costMicro: null, retry: null };
}

/** An earlier try may have been committed without its answer having come back: only who heard an answer knows how long it took. */
async function isEndedHere(
  db: Db,
  { runId, worker }: { runId: string; worker: string },
): Promise<boolean> {
  const row = await db.modelRun.findUnique({
    where: { id: runId },
    select: { worker: true, finishedAt: true, latencyMs: true },
  });
  return row?.worker === worker && row.finishedAt !== null && row.latencyMs !== null;
}

/** Ends a run that waits and will never be sent. */
export async function endUnsent(
  runId: string,
  { state, fault, sentence: error }: NeverSent,
  context: RunContext,
): Promise<void> {
  const input = {
    ...NOTHING_CAME,
    ...{ runId, worker: null, state, fault, error, costMicro: 0, retry: null },
  };
  await finishModelRun(context.db, input, WORKER);
  await notify(context.db, runId);
}

/**
 * Ends a run whose worker has died: nobody knows what it cost, so what was held back counts as spent, and it is asked
 * again by the next one. What was stored of its answer stays.
 */
export async function endLost(runId: string, context: RunContext): Promise<boolean> {
  const { kind } = await context.db.modelRun.findUniqueOrThrow({
    where: { id: runId },
    select: { kind: true },
  });
  const { finished } = await finishModelRun(
    context.db,
    {
      ...NOTHING_CAME,
      ...{ runId, worker: null, state: "failed", fault: "worker_lost", costMicro: null },
      error: "The worker stopped before the answer was stored.",
      retry: kind === "evaluation" ? null : { afterSeconds: 0 },
    },
    WORKER,
  );
  if (finished) await notify(context.db, runId);
  return finished;
}

/** A request that its provider counts to more than fits, or costs more than was held back, is not sent. */
export function tooLong(
  { request, config: { profile } }: OpenRun,
  counted: number | null,
): ModelAnswer | null {
  if (counted === null) return null;
  const room = profile.windowTokens - profile.outputTokens;
  if (counted > room)
    return notSent(`The request has ${counted} tokens; the model has room for ${room}.`);
  if (reserveMicro({ mostTokens: counted }, profile) > reserveMicro(request, profile))
    return notSent(`The request has ${counted} tokens, more than was reckoned with.`);
  return null;
}

function notSent(reason: string): ModelAnswer {
  return {
    ...{ state: "failed", fault: "request", reason, isComplete: false, mayRetry: false },
    ...{ claims: [], dropped: [], notices: [], response: "", text: "", hadPreamble: false },
    ...{ stopReason: null, retryAfterSeconds: null, usage: null, isUsageFinal: false },
    ...{ billed: false, requestId: null, modelAnswered: null, canary: "kept" },
    ...{ latencyMs: 0, firstClaimMs: null },
  };
}

function faultOf({ kind }: StopCause): "stopped" | "worker_lost" {
  return kind === "shutdown" ? "worker_lost" : "stopped";
}

function sentenceOf({ reason, dropped }: ModelAnswer): string | null {
  return [reason, ...dropped].filter((part) => part !== null).join(" ") || null;
}

type Failed = { answer: ModelAnswer; calledOff: StopCause | null; backoffMs: number };

/**
 * A probe tells its admin what went wrong, a summary is mended once, and an evaluation asks again by itself: none of
 * these is tried again for a fault of the provider's.
 */
const ASKED_ONCE: ReadonlySet<RunKind> = new Set(["probe", "repair", "evaluation"]);

/** When to ask again, if that may help. */
function retryOf(
  { kind, attempt }: OpenRun["run"],
  { answer, calledOff, backoffMs }: Failed,
): Retry | null {
  if (calledOff)
    return calledOff.kind === "shutdown" && kind !== "evaluation" ? { afterSeconds: 0 } : null;
  if (!answer.mayRetry || ASKED_ONCE.has(kind)) return null;
  // runs that failed together must not come back together
  const jitter = 0.8 + 0.4 * Math.random();
  const ownMs = Math.min(backoffMs * BACKOFF_GROWS_BY ** (attempt - 1), PAUSE_MS_MAX) * jitter;
  return {
    afterSeconds: Math.max(answer.retryAfterSeconds ?? 0, ownMs / 1000),
    attemptsMax: attemptsMax(answer),
  };
}

/**
 * An outage may last for hours, and what came in meanwhile must not be given up when the first requests have failed: one
 * that was turned away has cost nothing, so it is made for about eight hours; one that may have been billed a few times.
 */
function attemptsMax({ billed, claims, fault }: ModelAnswer): number {
  if (!billed) return TURNED_AWAY_ATTEMPTS;
  return claims.length === 0 && fault !== "answer" ? NO_ANSWER_ATTEMPTS : FLAWED_ATTEMPTS;
}

/** A model's id as an actor on the trail: no blanks. */
function actorId(model: string): string {
  return model.replace(/\s/g, "_").slice(0, 200);
}
