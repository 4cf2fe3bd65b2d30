import type { EvaluationScores } from "#lib/contracts/copilot-views.ts";
import type { CaseRun, EvalCase } from "./case.ts";
import { addUp, scoreCase, type CaseScore } from "./score.ts";

export type EvaluationOptions = {
  cases: readonly EvalCase[];
  /** Sends one case to the model and verifies what comes back; an answer that is on record already may be given again. */
  ask: (one: EvalCase) => Promise<CaseRun>;
  /** After each case, in their order. */
  onProgress?: (done: number, of: number) => Promise<void> | void;
  onScore?: (score: CaseScore, run: CaseRun) => void;
  signal?: AbortSignal | undefined;
};

/**
 * Asks the cases one after the other and scores the answers by what is known of each. What `ask` throws ends it:
 * an evaluation over half the cases is none.
 */
export async function runEvaluation({
  cases,
  ask,
  onProgress,
  onScore,
  signal,
}: EvaluationOptions): Promise<EvaluationScores> {
  const scores: CaseScore[] = [];
  for (const one of cases) {
    signal?.throwIfAborted();
    const run = await ask(one);
    const score = scoreCase(one, run);
    scores.push(score);
    onScore?.(score, run);
    await onProgress?.(scores.length, cases.length);
  }
  return addUp(scores);
}
