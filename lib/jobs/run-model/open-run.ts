import { randomBytes } from "node:crypto";
import { answerText } from "#lib/copilot/answer-text.ts";
import type { AskedKind, BuiltRequest } from "#lib/copilot/build-request.ts";
import { probeRequest } from "#lib/copilot/probe.ts";
import { promptFor } from "#lib/copilot/prompts/published.ts";
import type { Redactor } from "#lib/copilot/redaction/redactor.ts";
import type { Db } from "#lib/db/prisma.ts";
import { type ModelAddress, refusedAddress } from "#lib/domain/copilot/address.ts";
import type { ModelConfig, PromptSet } from "#lib/domain/copilot/profile.ts";
import type { RunFault, RunKind, RunState } from "#lib/domain/copilot/run.ts";
import {
  prepareRepair,
  prepareRequest,
  requestEvidence,
  type RequestEvidence,
} from "#lib/queries/prepare-request.ts";
import { isFailing, readStoredAnswer } from "#lib/queries/stored-answer.ts";
import { SealError } from "#lib/sealing/seal.ts";
import type { RunContext } from "./context.ts";
import { readConfig } from "./read-config.ts";
import { type AskedRun, readInForce } from "./read-run.ts";

/** The evidence a run is written from, and held against. */
export type RunEvidence = RequestEvidence & {
  root: Uint8Array;
  version: bigint;
  count: number;
};

/** A run that can be sent: everything that stands on record the moment it starts. */
export type OpenRun = {
  run: AskedRun;
  config: ModelConfig;
  key: string | null;
  request: BuiltRequest;
  /** Null for a probe, which shows no evidence. */
  redactor: Redactor | null;
  evidence: RunEvidence | null;
  rawTexts: ReadonlyMap<string, string>;
};

/** Why a queued run will never be sent. */
export type NeverSent = {
  state: Extract<RunState, "failed" | "cancelled">;
  fault: RunFault | null;
  sentence: string;
};
export type Opened = { open: OpenRun } | { never: NeverSent } | { wait: string };

type Model = { config: ModelConfig; key: string | null };

/** Reads and writes everything that a queued run needs to be sent, or says why it is not sent. */
export async function openRun(run: AskedRun, { db, sealKey }: RunContext): Promise<Opened> {
  const inForce = await readInForce(db);
  if (run.kind !== "probe" && !inForce) return { wait: "No model is switched on." };
  const unknown = run.kind === "probe" ? null : unknownPrompt(run.kind, inForce!.prompts);
  if (unknown) return { wait: unknown };
  const aimed = run.kind === "probe" ? run : await aim(db, run, inForce!);
  if (!aimed) return cancelled("Another model was switched on since.");
  const model = await readModel(db, aimed.configId, sealKey);
  if ("never" in model) return model;
  if (aimed.kind === "probe") return { open: openProbe(aimed, model) };
  const { prompts } = inForce!;
  return aimed.kind === "repair"
    ? openRepair(db, aimed, { ...model, prompts })
    : openAsked(db, aimed, { ...model, prompts });
}

/** Why a prompt in force cannot be used here: it is of a later release than this worker. Null when it can. */
function unknownPrompt(kind: RunKind, prompts: PromptSet): string | null {
  try {
    promptFor(kind as AskedKind | "repair", prompts);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Turns a run to the model and prompts in force; null for a repair, which goes on in one model's conversation. */
async function aim(
  db: Db,
  run: AskedRun,
  { configId, prompts }: { configId: string; prompts: PromptSet },
): Promise<AskedRun | null> {
  const { name, version } = promptFor(run.kind as AskedKind | "repair", prompts);
  const { id: promptVersionId } = await db.promptVersion.findUniqueOrThrow({
    where: { name_version: { name, version } },
    select: { id: true },
  });
  if (configId === run.configId && promptVersionId === run.promptVersionId) return run;
  if (run.kind === "repair") return null;
  await db.modelRun.updateMany({
    where: { id: run.id, state: "queued" },
    data: { configId, promptVersionId },
  });
  return { ...run, configId, promptVersionId };
}

async function readModel(
  db: Db,
  configId: string,
  sealKey: string | null,
): Promise<Model | { never: NeverSent }> {
  try {
    const model = await readConfig(db, configId, sealKey);
    const refusal = refusedAddressSentence(model.config);
    if (refusal === null) return model;
    return { never: { state: "failed", fault: "request", sentence: refusal } };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const sentence = "The model's key cannot be opened here; save the model again with its key.";
    return { never: { state: "failed", fault: "credentials", sentence } };
  }
}

/** Why a stored model is not asked where it is; null when it may be. It may have been stored before this was refused. */
export function refusedAddressSentence(address: ModelAddress): string | null {
  const refusal = refusedAddress(address);
  return refusal && `The model is not asked at its address; save it again with another. ${refusal}`;
}

/** A fence that no record can hold, and a marker that no answer may hold; new for each request. */
export function newMarks(): { fence: string; canary: string } {
  return { fence: randomBytes(12).toString("hex"), canary: randomBytes(12).toString("hex") };
}

function openProbe(run: AskedRun, { config, key }: Model): OpenRun {
  const request = probeRequest(config, newMarks());
  return { run, config, key, request, redactor: null, evidence: null, rawTexts: new Map() };
}

async function openAsked(
  db: Db,
  run: AskedRun,
  { config, key, prompts }: Model & { prompts: PromptSet },
): Promise<Opened> {
  const evidence = await readEvidence(db, run);
  if (!evidence) return cancelled("The incident was merged into another one.");
  if (run.kind === "summary" && run.askedBy === null && (await isWritten(db, run, evidence)))
    return cancelled("A summary of this very evidence was written already.");
  const { kind, question } = run;
  const prepared = await prepareRequest({
    ...{ evidence, config, prompts, question, ...newMarks() },
    kind: kind as AskedKind,
  });
  return { open: { run, config, key, evidence, ...prepared } };
}

async function readEvidence(db: Db, { incidentId }: AskedRun): Promise<RunEvidence | null> {
  const head = await db.incident.findUnique({
    where: { id: incidentId ?? "", mergedIntoId: null, evidenceCount: { gt: 0 } },
    select: { version: true, evidenceRoot: true, evidenceCount: true },
  });
  if (!head || incidentId === null) return null;
  const { version, evidenceRoot: root, evidenceCount: count } = head;
  return { version, root, count, ...(await requestEvidence(db, incidentId, count)) };
}

/** Has this model written its summary of this evidence since the run was queued? */
async function isWritten(db: Db, run: AskedRun, { root }: RunEvidence): Promise<boolean> {
  const { incidentId, configId, promptVersionId } = run;
  const same = await db.modelRun.findFirst({
    where: {
      ...{ incidentId, configId, promptVersionId, kind: "summary" },
      state: { in: ["finished", "refused"] },
      evidenceRoot: new Uint8Array(root),
    },
    select: { id: true },
  });
  return same !== null;
}

async function openRepair(
  db: Db,
  run: AskedRun,
  { config, key, prompts }: Model & { prompts: PromptSet },
): Promise<Opened> {
  const first = await db.modelRun.findUniqueOrThrow({ where: { id: run.repairOf ?? "" } });
  const evidence = await readEvidence(db, run);
  if (!evidence || !Buffer.from(evidence.root).equals(first.evidenceRoot))
    return cancelled("More evidence came in; a new summary is written instead.");
  const { claims } = await readStoredAnswer(db, first.id);
  const failed = claims.filter(isFailing).map((claim) => ({ claim, checks: claim.checks }));
  const { request, response, fence, canary } = first;
  if (failed.length === 0 || !request || !response || !fence || !canary)
    return cancelled("Nothing of the summary is left to mend.");
  const again = await prepareRequest({
    ...{ evidence, config, prompts, fence, canary, kind: "summary", question: null },
  });
  // the repair sends the first request once more, and what may leave can have changed since
  if (again.request.text !== request)
    return cancelled("What may be shown to the model has changed since; nothing is sent again.");
  const prepared = await prepareRepair({
    ...{ evidence, config, prompts, failed },
    first: { request, answer: answerText(response), fence, canary },
  });
  return { open: { run, config, key, evidence, ...prepared } };
}

function cancelled(sentence: string): { never: NeverSent } {
  return { never: { state: "cancelled", fault: null, sentence } };
}
