import type { Db } from "#lib/db/prisma.ts";
import type { RunContext } from "./context.ts";
import { endUnsent } from "./end-run.ts";
import { issueAnswer } from "./issue-answer.ts";
import { openRun, type Opened } from "./open-run.ts";
import { readRun } from "./read-run.ts";
import { sendRun } from "./send-run.ts";

/** What became of a queued run when it was taken up. */
export type Took =
  /** It is not queued any more: another worker has it, or it was cancelled. */
  | "nothing"
  /** It waits on, and its row says for what. */
  | "waits"
  /** It was ended without being sent. */
  | "never"
  /** It was sent and ended, and what came of it is stored. */
  | "ended"
  /** It was sent and is not this worker's any more. */
  | "lost";

/** After trouble of our own the run is not tried again at once. */
const TROUBLE_SECONDS = 10;

/** Takes up one queued run, from its row to its summary. May be called for any run, at any time, by any worker. */
export async function runModel(runId: string, context: RunContext): Promise<Took> {
  const { db, log } = context;
  const run = await readRun(db, runId);
  if (run?.state !== "queued") return "nothing";
  const startedAt = performance.now();
  const opened = await openRun(run, context).catch((error: unknown): Opened => {
    log.error({ runId, reason: (error as Error).message }, "a request could not be written");
    return { wait: "The request could not be written; it is tried again." };
  });
  if ("never" in opened) {
    await endUnsent(runId, opened.never, context);
    return "never";
  }
  if ("wait" in opened) return hold(db, runId, opened.wait, TROUBLE_SECONDS);
  const writtenMs = Math.round(performance.now() - startedAt);
  const sent = await sendRun(opened.open, context);
  if (!sent.sent) return refused(runId, sent.because, context);
  const facts = { runId, kind: run.kind, incidentId: run.incidentId, writtenMs };
  if (!sent.answer) {
    log.warn(facts, "a run was lost");
    return "lost";
  }
  const { state, reason, latencyMs } = sent.answer;
  log.info({ ...facts, state, latencyMs, claims: sent.claims.length }, "asked the model");
  if (state !== "finished") log.warn({ runId, state, reason }, "the model gave no whole answer");
  if (run.kind === "summary" || run.kind === "repair") await issueAnswer(db, runId);
  return "ended";
}

type Refusal = { code: string; sentence: string; retrySeconds: number | null };

/** No time mends a request that costs more than may be spent; anything else waits. */
async function refused(
  runId: string,
  { code, sentence, retrySeconds }: Refusal,
  context: RunContext,
): Promise<Took> {
  if (code === "not_queued") return "nothing";
  if (retrySeconds === null) {
    await endUnsent(runId, { state: "failed", fault: "spend_limit", sentence }, context);
    return "never";
  }
  // who has room is counted anew at the next look at the queue
  return hold(context.db, runId, sentence, code === "concurrency" ? 0 : retrySeconds);
}

async function hold(db: Db, runId: string, sentence: string, seconds: number): Promise<Took> {
  await db.$executeRaw`
    UPDATE model_run SET waits_for = ${sentence},
      not_before = greatest(not_before, clock_timestamp() + make_interval(secs => ${seconds}::double precision))
    WHERE id = ${runId}::uuid AND state = 'queued'`;
  return "waits";
}
