import { blockListEntries } from "#lib/commands/responses/block-list-entries.ts";
import { ResponseLost, settleResponse } from "#lib/commands/responses/settle-response.ts";
import type { ResponseStep } from "#lib/commands/responses/settle-response.ts";
import { takeResponse, type TakenResponse } from "#lib/commands/responses/take-response.ts";
import { openResponder } from "#lib/connectors/responders/open-responder.ts";
import type { Responder } from "#lib/connectors/responders/responder.ts";
import { afterCheck } from "#lib/domain/decision/response-course.ts";
import { EXECUTE_MINUTES } from "#lib/domain/decision/responder.ts";
import { attemptResponse } from "./attempt-response.ts";
import type { RespondContext } from "./context.ts";
import { responderById, responderFor, type StoredResponder } from "./read-responder.ts";

/** Does the next step of the run that is due first. False: none is due. */
export async function respondOnce(context: RespondContext): Promise<boolean> {
  const { db, worker, leaseMs, log } = context;
  const run = await takeResponse(db, { worker, leaseMs });
  if (!run) return false;
  try {
    const step = run.step === "verify" ? await verify(context, run) : await send(context, run);
    if (step) await settleResponse(db, { ...step, runId: run.runId, worker });
  } catch (error) {
    if (!(error instanceof ResponseLost)) throw error;
    log.warn({ runId: run.runId }, "a response was taken over by another worker");
  }
  return true;
}

/** Does every step that is due now. */
export async function respondAll(context: RespondContext): Promise<void> {
  while (!context.signal?.aborted && (await respondOnce(context)));
}

type Step = Omit<ResponseStep, "runId" | "worker">;

async function send(context: RespondContext, run: TakenResponse): Promise<Step | null> {
  const { db, sealKey } = context;
  // somebody did it by hand, and said so, before anything was sent
  if (run.outcome !== "unknown") return { next: { step: "done" } };
  const minutes = (Date.now() - Date.parse(run.plannedAt)) / 60_000;
  if (run.attempts === 0 && minutes >= EXECUTE_MINUTES)
    return nothing(`Nothing was sent within ${EXECUTE_MINUTES} minutes; propose it anew.`);
  if (run.isUndo && run.takesBack === null) return nothing("What it takes back was never sent.");
  const stored = await responderFor(db, run.action, sealKey);
  if (typeof stored === "string") return nothing(stored);
  if (run.takesBack && run.takesBack.responder !== stored.setup.kind)
    return nothing(
      "The responder that did it serves this no more; take it back in its own system.",
    );
  return attemptResponse(context, run, { id: stored.id, responder: open(context, stored, run) });
}

function nothing(foreseen: string): Step {
  return { next: { step: "done" }, foreseen };
}

async function verify(context: RespondContext, run: TakenResponse): Promise<Step | null> {
  const { dispatched, responderId, checks } = run;
  if (!dispatched || !responderId) return { next: { step: "done" } };
  const stored = await responderById(context.db, responderId, context.sealKey);
  if (typeof stored === "string") return lastWord(run, { outcome: "unknown", sentence: stored });
  const responder = open(context, stored, run);
  const checked = await responder.verify(dispatched, { signal: context.signal });
  const { outcome, sentence, failure, checkAgainSeconds } = checked;
  if (failure?.code === "cancelled" && context.signal?.aborted) return null;
  const after = afterCheck({
    outcome,
    checkAgainSeconds,
    isUnheard: failure !== null,
    checks,
    waitedSeconds: (Date.now() - Date.parse(dispatched.at)) / 1000,
  });
  if (after.again)
    return { next: { step: "verify", inSeconds: after.inSeconds }, checked: sentence };
  return lastWord(run, { outcome: after.outcome, sentence });
}

/** Told the same once more, when somebody had it asked again: the trail has it already. */
function lastWord(
  run: TakenResponse,
  { outcome, sentence }: { outcome: "verified" | "failed" | "unknown"; sentence: string },
): Step {
  const done: Step = { next: { step: "done" }, checked: sentence };
  return run.outcome === outcome ? done : { ...done, record: { outcome, detail: sentence } };
}

/** Opened anew for each step: what it was opened with may have been retired since. */
function open(
  context: RespondContext,
  { name, setup }: StoredResponder,
  run: TakenResponse,
): Responder {
  const days = setup.kind === "block_list" ? setup.settings.days : 0;
  const { runId, incident: reference } = run;
  return openResponder(setup, {
    tokens: context.tokens,
    blockList: blockListEntries(context.db, { list: name, days, reference, runId }),
    ...(context.limits && { limits: context.limits }),
  });
}
