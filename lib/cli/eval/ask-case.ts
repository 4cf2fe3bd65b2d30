/** One case of the evaluation, asked the way a worker asks, without a database. */
import { randomBytes } from "node:crypto";
import type { CaseRun, EvalCase } from "#lib/copilot/evals/case.ts";
import { LATEST } from "#lib/copilot/prompts/published.ts";
import { openModel } from "#lib/copilot/provider.ts";
import { answerCostMicro } from "#lib/copilot/tokens.ts";
import type { ModelConfig } from "#lib/domain/copilot/profile.ts";
import { openVerifier } from "#lib/grounding/verify-claim.ts";
import { prepareRequest } from "#lib/queries/prepare-request.ts";

export type AskedModel = Pick<
  ModelConfig,
  "provider" | "model" | "baseUrl" | "isLocal" | "profile"
>;

/** Sends the request of a case and verifies what comes back; names are restored before that. */
export async function askCase(
  { name, ask, question, records, rawTexts }: EvalCase,
  config: AskedModel,
  key: string | null,
): Promise<CaseRun> {
  const sources = new Set(records.map(({ sourceId }) => sourceId));
  const { request, redactor } = await prepareRequest({
    evidence: {
      records,
      capped: false,
      sensitivityBySource: new Map([...sources].map((source) => [source, "green"])),
      loadTexts: () => Promise.resolve(rawTexts),
    },
    kind: ask,
    config,
    prompts: LATEST,
    question,
    fence: randomBytes(12).toString("hex"),
    canary: randomBytes(12).toString("hex"),
  });
  const answer = await openModel(config, key).stream(request);
  const verifier = openVerifier({
    records,
    capped: false,
    rawText: (id) => rawTexts.get(id) ?? null,
  });
  const { state, isComplete, dropped, canary, latencyMs, reason } = answer;
  return {
    runId: name,
    claims: answer.claims.map((claim) => verifier.verify(redactor.restoreClaim(claim))),
    ...{ state, isComplete, canary, latencyMs, error: reason },
    dropped: dropped.length,
    costMicro: answerCostMicro(answer, config.profile),
  };
}
