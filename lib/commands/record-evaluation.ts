import { NOBODY } from "#lib/db/acting.ts";
import type { EvaluationScores } from "#lib/contracts/copilot-views.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { PromptSet } from "#lib/domain/copilot/profile.ts";
import { storableJson, storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText, type Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

export const EVALUATION_QUEUED = "evaluation.queued";
export const EVALUATION_CHANGED = "evaluation.changed";

export type RequestEvaluationInput = {
  configId: string;
  /** Made once for each request: the evaluation's id. */
  idem: string;
  prompts: PromptSet;
  suite: string;
};

/**
 * Queues an evaluation of a model with a set of prompts; the same `idem` gives the same one. Asked for by an admin, or
 * by the worker itself. Throws Problem `not_found` 404, `evaluation_open` 409 while one of this model goes on.
 */
export async function requestEvaluation(
  db: Db,
  input: RequestEvaluationInput,
  by: Actor,
): Promise<{ evaluationId: string }> {
  const { configId, idem: id, prompts, suite } = input;
  return withGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('countersign.evaluation'))::text`;
      if (await tx.evaluation.findUnique({ where: { id, configId }, select: { id: true } })) {
        return { evaluationId: id };
      }
      await refuseSecond(tx, configId);
      const byId = by.kind === "person" ? by.id : null;
      await tx.evaluation.create({
        data: { id, configId, prompts, suite, byId, state: "queued" },
        select: { id: true },
      });
      await tx.outbox.create({ data: { kind: EVALUATION_QUEUED }, select: { id: true } });
      if (by.kind === "person") {
        const payload = { evaluation: id, kind: "evaluation", config: configId, prompts, suite };
        await appendTrail(tx, {
          kind: "run.requested",
          actor: actorText(by),
          incidentId: null,
          payload,
        });
      }
      return { evaluationId: id };
    }),
  );
}

async function refuseSecond(tx: Tx, configId: string): Promise<void> {
  const config = await tx.modelConfig.findUnique({ where: { id: configId }, select: { id: true } });
  if (!config) throw new Problem("not_found", 404, "There is no such model.");
  const open = await tx.evaluation.findFirst({
    where: { configId, state: { in: ["queued", "running"] } },
    select: { id: true },
  });
  if (open) {
    throw new Problem(
      "evaluation_open",
      409,
      "An evaluation of this model goes on already; wait for it.",
    );
  }
}

/** The worker begins: from queued to running over so many cases. A second call after a lost worker goes on with it. */
export async function beginEvaluation(
  db: Db,
  input: { evaluationId: string; cases: number },
): Promise<boolean> {
  const { count } = await db.evaluation.updateMany({
    where: { id: input.evaluationId, state: { in: ["queued", "running"] } },
    data: { state: "running", cases: input.cases },
  });
  return count > 0;
}

export async function noteEvaluationProgress(
  db: Db,
  input: { evaluationId: string; casesDone: number },
): Promise<void> {
  await transact(db, NOBODY, async (tx) => {
    const { count } = await tx.evaluation.updateMany({
      where: { id: input.evaluationId, state: "running", casesDone: { lt: input.casesDone } },
      data: { casesDone: input.casesDone },
    });
    if (count > 0) await tx.outbox.create({ data: { kind: EVALUATION_CHANGED } });
  });
}

export type EvaluationEnd = { scores: EvaluationScores } | { error: string };

/** Ends an evaluation with its scores over all cases, or with why there are none. False when it had ended before. */
export async function finishEvaluation(
  db: Db,
  input: { evaluationId: string; end: EvaluationEnd },
  by: Actor,
): Promise<boolean> {
  const { evaluationId: id, end } = input;
  return transact(db, by, async (tx) => {
    const rows = await tx.$queryRaw<{ cases: number; config_id: string; suite: string }[]>`
      SELECT cases, config_id, suite FROM evaluation
      WHERE id = ${id}::uuid AND state IN ('queued', 'running') FOR UPDATE`;
    const row = rows[0];
    if (!row) return false;
    const data =
      "scores" in end
        ? { state: "finished", casesDone: row.cases, scores: storableJson(end.scores) }
        : { state: "failed", error: storableText(end.error) };
    await tx.evaluation.update({ where: { id }, data, select: { id: true } });
    await tx.outbox.create({ data: { kind: EVALUATION_CHANGED } });
    const payload = {
      evaluation: id,
      config: row.config_id,
      suite: row.suite,
      state: data.state,
      cases: row.cases,
      claims: "scores" in end ? end.scores.claims : null,
      costMicro: "scores" in end ? end.scores.costMicro : null,
      error: "error" in end ? storableText(end.error) : null,
    };
    await appendTrail(tx, {
      kind: "evaluation.finished",
      actor: actorText(by),
      incidentId: null,
      payload,
    });
    return true;
  });
}
