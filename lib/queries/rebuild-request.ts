import { createHash } from "node:crypto";
import type { RebuiltView } from "#lib/contracts/copilot-views.ts";
import type { AskedKind } from "#lib/copilot/build-request.ts";
import { probeRequest } from "#lib/copilot/probe.ts";
import { LATEST } from "#lib/copilot/prompts/published.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ModelConfig, PromptSet } from "#lib/domain/copilot/profile.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { answerText } from "#lib/copilot/answer-text.ts";
import { evidenceStands } from "./evidence-stands.ts";
import { prepareRepair, prepareRequest, requestEvidence } from "./prepare-request.ts";
import { readModelConfig } from "./read-model-config.ts";
import { isFailing, readStoredAnswer } from "./stored-answer.ts";

const COLUMNS = {
  kind: true,
  incidentId: true,
  repairOf: true,
  configId: true,
  question: true,
  request: true,
  requestSha256: true,
  fence: true,
  canary: true,
  evidenceCount: true,
  evidenceRoot: true,
  promptVersion: { select: { name: true, version: true } },
} as const;

type Run = {
  kind: RunKind;
  incidentId: string | null;
  repairOf: string | null;
  question: string | null;
  fence: string;
  canary: string;
  evidenceCount: number | null;
  promptVersion: { name: string; version: number } | null;
};

/**
 * Writes a run's request once more, from the evidence, the profile and the prompt that stand on record, and holds it
 * against what was sent. Null when there is no such run, or nothing was sent.
 */
export async function rebuildRequest(db: Db, runId: string): Promise<RebuiltView | null> {
  const row = await db.modelRun.findUnique({ where: { id: runId }, select: COLUMNS });
  if (!row?.requestSha256 || row.request === null) return null;
  const storedSha256 = Buffer.from(row.requestSha256).toString("hex");
  const { configId, fence, canary } = row;
  const config = configId === null ? null : await readModelConfig(db, configId);
  const cannot = (sentence: string) => ({
    isSame: false,
    storedSha256,
    rebuiltSha256: null,
    sentence,
  });
  if (!config || fence === null || canary === null)
    return cannot("It was sent by an earlier version, which kept less of how a request was made.");
  const text = await written(db, { ...row, kind: row.kind as RunKind, fence, canary }, config);
  if (text === null) return cannot("Its evidence is a case of the evaluation, and no incident's.");
  const rebuiltSha256 = createHash("sha256").update(text).digest("hex");
  const isSame = rebuiltSha256 === storedSha256;
  if (isSame) return { isSame, storedSha256, rebuiltSha256, sentence: SAME };
  const { incidentId, evidenceCount: count, evidenceRoot: root } = row;
  const stands =
    incidentId === null || (await evidenceStands(db, incidentId, { count: count ?? 0, root }));
  const sentence = stands ? differs(row.request, text) : ALTERED;
  return { isSame, storedSha256, rebuiltSha256, sentence };
}

/** The request's text; null for a run over no incident of ours. */
async function written(db: Db, run: Run, config: ModelConfig): Promise<string | null> {
  const { kind, incidentId, question, fence, canary, evidenceCount } = run;
  if (kind === "probe") return probeRequest(config, { fence, canary }).text;
  if (incidentId === null || evidenceCount === null || kind === "evaluation") return null;
  const evidence = await requestEvidence(db, incidentId, evidenceCount);
  const parts = { evidence, config, prompts: promptsOf(run) };
  if (kind === "repair") return writtenRepair(db, run, parts);
  const { request } = await prepareRequest({
    ...{ ...parts, question, fence, canary },
    kind: kind as AskedKind,
  });
  return request.text;
}

type Parts = Pick<Parameters<typeof prepareRepair>[0], "evidence" | "config" | "prompts">;

/** The request that sent a summary's failed claims back, from that summary's own run. */
async function writtenRepair(
  db: Db,
  { repairOf, fence, canary }: Run,
  parts: Parts,
): Promise<string | null> {
  const first = await db.modelRun.findUnique({
    where: { id: repairOf ?? "" },
    select: { id: true, request: true, response: true },
  });
  if (!first?.request || first.response === null) return null;
  const { claims } = await readStoredAnswer(db, first.id);
  const failed = claims.filter(isFailing).map((claim) => ({ claim, checks: claim.checks }));
  const { request } = await prepareRepair({
    ...parts,
    failed,
    first: { request: first.request, answer: answerText(first.response), fence, canary },
  });
  return request.text;
}

/** The set with this run's prompt in it; it reads no other. */
function promptsOf({ promptVersion }: Run): PromptSet {
  if (!promptVersion) return LATEST;
  return { ...LATEST, [promptVersion.name]: promptVersion.version };
}

const SAME = "Written anew from the evidence, it is the same to the byte.";
const ALTERED =
  "The records that stand there now are not the ones it was written from: their evidence root is another. The incident was merged into another one since, or records were altered.";

function differs(stored: string, rebuilt: string): string {
  let at = 0;
  while (at < stored.length && stored.charCodeAt(at) === rebuilt.charCodeAt(at)) at++;
  return `Written anew it differs from character ${(at + 1).toLocaleString("en")} on, though the raw records are the same by their evidence root. A source that was renamed or given another sensitivity since does that, and a version of the program that reads records or writes requests another way. If neither was, what was read from the records was altered.`;
}
