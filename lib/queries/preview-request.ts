import type { PreviewView } from "#lib/contracts/copilot-views.ts";
import type { AskedKind } from "#lib/copilot/build-request.ts";
import { LATEST, promptFor } from "#lib/copilot/prompts/published.ts";
import { maskSecrets } from "#lib/copilot/redaction/mask-secrets.ts";
import { costMicro } from "#lib/copilot/tokens.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ModelConfig, PromptSet } from "#lib/domain/copilot/profile.ts";
import { prepareRequest, requestEvidence } from "./prepare-request.ts";
import { newestModelConfig, readModelConfig } from "./read-model-config.ts";

/** In place of the words that are drawn anew for each request; as long as those are. */
const NO_WORD = "0".repeat(24);

export type Asked = { kind: AskedKind; question: string | null };

/**
 * What a run over this incident would send if it started now: written by the very code that writes it then. Null when
 * there is no model, or the incident holds no evidence.
 */
export async function previewRequest(
  db: Db,
  incidentId: string,
  { kind, question }: Asked,
): Promise<PreviewView | null> {
  const chosen = await chosenModel(db);
  const head = await db.incident.findUnique({
    where: { id: incidentId, evidenceCount: { gt: 0 } },
    select: { evidenceCount: true },
  });
  if (!chosen || !head) return null;
  const { config, prompts, isInForce } = chosen;
  const evidence = await requestEvidence(db, incidentId, head.evidenceCount);
  const { request, redactor } = await prepareRequest({
    ...{ evidence, kind, config, prompts, fence: NO_WORD, canary: NO_WORD },
    question: question === null ? null : maskSecrets(question),
  });
  const { name, version, model, isLocal, profile } = config;
  const prompt = promptFor(kind, prompts);
  return {
    config: { name, version, model, isLocal, isInForce },
    prompt: { name: prompt.name, version: prompt.version },
    request: request.text,
    requestBytes: Buffer.byteLength(request.text),
    estimatedTokens: request.estimatedTokens,
    estimatedMicro: costMicro({ input_tokens: request.estimatedTokens }, profile),
    pseudonyms: profile.pseudonyms,
    redactions: redactor.counts(),
    leftOut: request.leftOut,
    shown: request.shownIds.length,
  };
}

type Chosen = { config: ModelConfig; prompts: PromptSet; isInForce: boolean };

async function chosenModel(db: Db): Promise<Chosen | null> {
  const [row] = await db.$queryRaw<{ config_id: string; prompts: PromptSet }[]>`
    SELECT config_id, prompts FROM model_in_force WHERE config_id IS NOT NULL`;
  const config = row ? await readModelConfig(db, row.config_id) : await newestModelConfig(db);
  return config && { config, prompts: row?.prompts ?? LATEST, isInForce: row !== undefined };
}
