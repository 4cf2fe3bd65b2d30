import { NOBODY } from "#lib/db/acting.ts";
import type { PgBoss } from "pg-boss";
import type { Actor } from "#lib/commands/actor.ts";
import { ABOUT_NOTHING, insertQueuedRun, promptVersionFor } from "#lib/commands/queue-run.ts";
import {
  beginEvaluation,
  finishEvaluation,
  noteEvaluationProgress,
} from "#lib/commands/record-evaluation.ts";
import type { CaseRun, EvalCase } from "#lib/copilot/evals/case.ts";
import { runEvaluation } from "#lib/copilot/evals/run-evaluation.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { PromptSet, Tlp } from "#lib/domain/copilot/profile.ts";
import { isEnded, PROVIDER_FAULTS, RUN_PRIORITY, type RunFault } from "#lib/domain/copilot/run.ts";
import { prepareRequest } from "#lib/queries/prepare-request.ts";
import { readStoredAnswer } from "#lib/queries/stored-answer.ts";
import { pause } from "./every.ts";
import { EVALUATE_QUEUE, evaluateJob } from "./queue-jobs.ts";
import type { RunContext } from "./run-model/context.ts";
import { newMarks, type OpenRun, refusedAddressSentence } from "./run-model/open-run.ts";
import { tellsLeftOut } from "./run-model/pump.ts";
import { readConfig } from "./run-model/read-config.ts";
import { type AskedRun, readRun } from "./run-model/read-run.ts";
import { sendRun } from "./run-model/send-run.ts";

const WORKER: Actor = { kind: "system", id: "worker" };
const ATTEMPTS_MAX = 4;
const BACKOFF_GROWS_BY = 3;
/** Faults that pass and say nothing of the model: the case is asked again, and no score is made of them. */
const PASSING: readonly RunFault[] = [...PROVIDER_FAULTS, "rate_limited", "worker_lost"];

/** The worker was told to stop, or the model was switched off: the evaluation goes on later. */
class LeftOff extends Error {}
/** The evaluation cannot come to its end. */
class GivenUp extends Error {}

/** Hands out the evaluations that are not done; each has one job at most. */
export async function handOutEvaluations(db: Db, queue: PgBoss): Promise<void> {
  const open = await db.evaluation.findMany({
    where: { state: { in: ["queued", "running"] } },
    select: { id: true },
    orderBy: { startedAt: "asc" },
    take: 20,
  });
  if (open.length > 0)
    await queue.insert(
      EVALUATE_QUEUE,
      open.map(({ id }) => evaluateJob(id)),
    );
}

/**
 * Asks a model about every case of the suite, one run of its own each, and stores the scores. What an earlier worker came
 * to is read from its runs, and not asked again.
 */
export async function evaluate(evaluationId: string, context: RunContext): Promise<void> {
  const { db, shutdown, log } = context;
  const { EVALUATION_SUITE, evaluationCases } = await import("#lib/copilot/evals/cases.ts");
  const cases = evaluationCases();
  if (!(await beginEvaluation(db, { evaluationId, cases: cases.length }))) return;
  const row = await db.evaluation.findUniqueOrThrow({ where: { id: evaluationId } });
  const asker = { evaluationId, configId: row.configId, prompts: row.prompts as PromptSet };
  try {
    if (row.suite !== EVALUATION_SUITE)
      throw new GivenUp(
        `The evaluation asks for the cases of ${row.suite}, and this worker has those of ${EVALUATION_SUITE}; ask for it again.`,
      );
    await refuseAddress(db, row.configId);
    const scores = await runEvaluation({
      cases,
      signal: shutdown,
      ask: (one) => askCase(one, asker, context),
      onProgress: (done) => noteEvaluationProgress(db, { evaluationId, casesDone: done }),
    });
    if (shutdown.aborted) return;
    await finishEvaluation(db, { evaluationId, end: { scores } }, WORKER);
    log.info({ evaluationId, cases: cases.length }, "evaluated a model");
  } catch (error) {
    if (error instanceof LeftOff || shutdown.aborted) return;
    if (!(error instanceof GivenUp)) throw error;
    await finishEvaluation(db, { evaluationId, end: { error: error.message } }, WORKER);
    log.warn({ evaluationId, reason: error.message }, "gave up an evaluation");
  }
}

async function refuseAddress(db: Db, configId: string): Promise<void> {
  const config = await db.modelConfig.findUniqueOrThrow({
    where: { id: configId },
    select: { baseUrl: true, isLocal: true },
  });
  const refusal = refusedAddressSentence(config);
  if (refusal !== null) throw new GivenUp(refusal);
}

type Asker = { evaluationId: string; configId: string; prompts: PromptSet };

async function askCase(one: EvalCase, asker: Asker, context: RunContext): Promise<CaseRun> {
  const { shutdown, clocks } = context;
  for (let attempt = 1; ; attempt += 1) {
    const runId = await caseRun(one, attempt, asker, context.db);
    await untilEnded(runId, one, asker, context);
    const { fault, run } = await readCaseRun(context.db, runId);
    if (fault === null || !PASSING.includes(fault)) return run;
    if (attempt >= ATTEMPTS_MAX)
      throw new GivenUp(`The same case failed ${ATTEMPTS_MAX} times: ${run.error ?? fault}`);
    await pause(clocks.backoff * BACKOFF_GROWS_BY ** (attempt - 1), shutdown);
  }
}

/** The run of a case and attempt: queued now, or by whoever worked on this evaluation before. */
function caseRun(
  { name, ask }: EvalCase,
  attempt: number,
  { evaluationId, configId, prompts }: Asker,
  db: Db,
): Promise<string> {
  const idem = `evaluation:${evaluationId}:${name}:${attempt}`;
  return transact(db, NOBODY, async (tx) => {
    const promptVersionId = await promptVersionFor(tx, ask, prompts);
    if (!promptVersionId) throw new GivenUp("The prompts of this evaluation are not known here.");
    const queued = await insertQueuedRun(tx, {
      ...ABOUT_NOTHING,
      ...{ kind: "evaluation", configId, promptVersionId, evaluationId, idem },
      ...{ askedBy: null, question: null, repairOf: null, priority: RUN_PRIORITY.evaluation },
    });
    if (queued !== null) return queued;
    const known = await tx.modelRun.findUniqueOrThrow({ where: { idem }, select: { id: true } });
    return known.id;
  });
}

/** Sends a case's run as soon as it may be; one that another worker had is ended by whoever mends lost runs. */
async function untilEnded(
  runId: string,
  one: EvalCase,
  asker: Asker,
  context: RunContext,
): Promise<void> {
  const { db, shutdown, clocks } = context;
  while (!shutdown.aborted) {
    const run = await readRun(db, runId);
    if (!run || isEnded(run.state)) return;
    let waitMs = clocks.sweep;
    if (run.state === "queued") {
      const sent = await sendRun(await openCase(run, one, asker, context), context);
      if (sent.sent) continue;
      const { retrySeconds, sentence } = sent.because;
      if (retrySeconds === null) throw new GivenUp(sentence);
      waitMs = Math.min(retrySeconds * 1000, clocks.lost);
    }
    await pause(waitMs, shutdown);
  }
  throw new LeftOff();
}

async function openCase(
  run: AskedRun,
  { records, rawTexts, ask, question }: EvalCase,
  { prompts }: Asker,
  { db, sealKey }: RunContext,
): Promise<OpenRun> {
  const { config, key } = await readConfig(db, run.configId, sealKey);
  const evidence = {
    records: [...records],
    capped: false,
    sensitivityBySource: new Map(records.map(({ sourceId }): [string, Tlp] => [sourceId, "clear"])),
    loadTexts: async (ids: string[]) => new Map(ids.map((id) => [id, rawTexts.get(id) ?? ""])),
    root: ABOUT_NOTHING.evidenceRoot,
    version: ABOUT_NOTHING.incidentVersion,
    count: records.length,
  };
  const asked = { evidence, config, prompts, kind: ask, question, ...newMarks() };
  return { run, config, key, evidence, ...(await prepareRequest(asked)) };
}

type Result = { fault: RunFault | null; run: CaseRun };

async function readCaseRun(db: Db, runId: string): Promise<Result> {
  const row = await db.modelRun.findUniqueOrThrow({ where: { id: runId } });
  const { claims, notices, done } = await readStoredAnswer(db, runId);
  const state = row.state as CaseRun["state"];
  return {
    fault: row.fault as RunFault | null,
    run: {
      ...{ runId, claims, state, isComplete: done?.isComplete ?? false },
      dropped: notices.filter(tellsLeftOut).length,
      canary: row.canaryResult as CaseRun["canary"],
      costMicro: row.costMicro === null ? null : Number(row.costMicro),
      ...{ latencyMs: row.latencyMs, error: row.error },
    },
  };
}
