import type { ResponseStep } from "#lib/commands/responses/settle-response.ts";
import { startAttempt, type StartedAttempt } from "#lib/commands/responses/start-attempt.ts";
import type { TakenResponse } from "#lib/commands/responses/take-response.ts";
import type { ResponderFailure } from "#lib/connectors/responders/failure.ts";
import type {
  DispatchResult,
  RequestedAction,
  Responder,
} from "#lib/connectors/responders/responder.ts";
import { databaseMessage } from "#lib/db/transaction.ts";
import { afterFailure } from "#lib/domain/decision/response-course.ts";
import type { RespondContext } from "./context.ts";

type Step = Omit<ResponseStep, "runId" | "worker">;
type Opened = { id: string; responder: Responder };

/** One attempt: on record before it begins, dry run first, then asked once. Null: this worker is being stopped. */
export async function attemptResponse(
  context: RespondContext,
  run: TakenResponse,
  { id, responder }: Opened,
): Promise<Step | null> {
  const started = await start(context, run, id);
  if (typeof started === "string") return { next: { step: "done" }, foreseen: started };
  const requested = requestedOf(run);
  const ahead = run.takesBack
    ? null
    : await responder.dryRun(requested, { signal: context.signal });
  const foreseen = ahead?.ok ? ahead.sentences.join(" ") : undefined;
  const result: DispatchResult =
    ahead && !ahead.ok ? ahead : await ask(context, responder, { run, requested, started });
  // what was called off here says nothing of the system: the next worker looks first
  if (!result.ok && result.failure.code === "cancelled" && context.signal?.aborted) return null;
  const step = result.ok ? dispatched(result, started) : failed(result.failure, started);
  return foreseen === undefined ? step : { ...step, foreseen };
}

/** Refused by the gate: another responder serves it by now, say; told as it is. */
async function start(
  { db, worker }: RespondContext,
  { runId }: TakenResponse,
  responderId: string,
): Promise<StartedAttempt | string> {
  try {
    return await startAttempt(db, { runId, responderId, worker });
  } catch (error) {
    const said = databaseMessage(error);
    if (!/^G(10|27|33) /.test(said)) throw error;
    return `Nothing was sent: ${said.replace(/^G\d+ /, "")}.`;
  }
}

function requestedOf({
  action,
  target,
  runId,
  decision,
  incident,
  plannedAt,
}: TakenResponse): RequestedAction {
  const origin = { run: runId, decision, incident };
  return { action, target, origin, requestedAt: plannedAt };
}

async function ask(
  { signal }: RespondContext,
  responder: Responder,
  {
    run,
    requested,
    started,
  }: { run: TakenResponse; requested: RequestedAction; started: StartedAttempt },
): Promise<DispatchResult> {
  const { key, mayHaveActed } = started;
  const options = { mayHaveActed, signal };
  return run.takesBack
    ? responder.undo(run.takesBack, key, options)
    : responder.dispatch(requested, key, options);
}

function dispatched(
  { dispatched: taken }: Extract<DispatchResult, { ok: true }>,
  { number }: StartedAttempt,
): Step {
  const answer = taken.sentence;
  return {
    next: { step: "verify", inSeconds: 0 },
    dispatched: taken,
    attempt: { number, outcome: "dispatched", httpStatus: null, answer, mayHaveActed: true },
    record: { outcome: "dispatched", detail: answer },
  };
}

function failed(failure: ResponderFailure, started: StartedAttempt): Step {
  const { sentence, vendorCode, status, retryable, retryAfterSeconds, mayHaveActed } = failure;
  const { number } = started;
  const answer = vendorCode === null ? sentence : `${sentence} Its own code: ${vendorCode}.`;
  const attempt = {
    number,
    outcome: mayHaveActed ? ("unknown" as const) : ("failed" as const),
    httpStatus: status,
    answer,
    mayHaveActed,
  };
  const after = afterFailure({
    number,
    retryable,
    retryAfterSeconds,
    mayHaveActed: mayHaveActed || started.mayHaveActed,
  });
  return after.again
    ? { next: { step: "dispatch", inSeconds: after.inSeconds }, attempt }
    : { next: { step: "done" }, attempt, record: { outcome: after.outcome, detail: answer } };
}
