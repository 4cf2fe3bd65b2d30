import { randomBytes } from "node:crypto";
import type { Actor } from "#lib/commands/actor.ts";
import { finishModelRun } from "#lib/commands/finish-model-run.ts";
import { issueModelSummary } from "#lib/commands/issue-summary.ts";
import { startModelRun } from "#lib/commands/start-model-run.ts";
import type { Model, ModelAnswer } from "#lib/copilot/answer.ts";
import { selectEvidence, writeEvidenceBlock } from "#lib/copilot/evidence-block.ts";
import { SUMMARISE_PROMPT } from "#lib/copilot/prompts/published.ts";
import { buildRequest, type BuiltRequest } from "#lib/copilot/request.ts";
import type { Db } from "#lib/db/prisma.ts";
import { notMentioned } from "#lib/grounding/not-mentioned.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { SUMMARY_REQUESTED } from "./queue-jobs.ts";
import { loadEvidence, loadRawTexts, type IncidentEvidence } from "./load-evidence.ts";

/** About 60,000 tokens of evidence, from at most this many records. */
const CHARS_MAX = 240_000;
const SHOWN_MAX = 400;
const ATTEMPTS_MAX = 4;
const FRONT_CLAIMS = 12;
const WORKER: Actor = { kind: "system", id: "worker" };

export type ModelOutcome =
  | { did: "issued"; runId: string; state: "complete" | "incomplete" }
  /** Nothing to do: the model has read this very evidence, or was asked often enough. */
  | { did: "nothing" }
  /** No summary came of it; `mayRetry` says whether asking later may help. */
  | {
      did: "failed";
      runId: string;
      reason: string;
      mayRetry: boolean;
      retryAfterSeconds: number | null;
    };

export type AskOptions = { db: Db; model: Model; signal?: AbortSignal };

/**
 * One request to the model over the incident's evidence as it stands: stored before it is sent, its answer stored
 * whatever it is, and its claims verified against the whole incident. Nothing of an answer is shown but what was
 * stored. Null when there is no such incident or it has no evidence.
 */
export async function askModel(
  incidentId: string,
  { db, model, signal }: AskOptions,
): Promise<ModelOutcome | null> {
  const evidence = await loadEvidence(db, incidentId);
  if (!evidence) return null;
  if (await wasAsked(db, evidence, model)) return { did: "nothing" };
  const request = await writeRequest(db, evidence, model);
  await closeOrphans(db, incidentId);
  const { root: evidenceRoot, version: incidentVersion } = evidence;
  const run = {
    incidentId,
    prompt: SUMMARISE_PROMPT,
    model: model.id,
    request: request.text,
    evidenceRoot,
    incidentVersion,
  };
  const { runId } = await startModelRun(db, run, WORKER);
  const answer = await model.answer(request, signal);
  const { state, response, stopReason, requestId, usage } = answer;
  const error =
    [answer.reason, ...answer.dropped].filter((part) => part !== null).join(" ") || null;
  const finish = { runId, state, response, stopReason, requestId, usage, error };
  const isStored = await finishModelRun(db, finish, { kind: "model", id: actorId(model) });
  if (!isStored || !isWorthShowing(answer)) return failed(runId, answer);
  return issue(evidence, { db, model, runId, answer });
}

/** One run of an incident goes on at a time: what another worker left open when it died will never end by itself. */
async function closeOrphans(db: Db, incidentId: string): Promise<void> {
  const orphans = await db.modelRun.findMany({
    where: { incidentId, state: { in: ["queued", "streaming"] } },
    select: { id: true },
  });
  for (const { id: runId } of orphans) {
    const error = "The worker stopped before the answer was stored.";
    await finishModelRun(
      db,
      {
        runId,
        state: "failed",
        response: "",
        stopReason: null,
        requestId: null,
        usage: null,
        error,
      },
      WORKER,
    );
  }
}

/** Has the model given its word on this evidence, or failed on it too often, and did nobody ask anew since? */
async function wasAsked(
  db: Db,
  { incidentId, root }: IncidentEvidence,
  model: Model,
): Promise<boolean> {
  const runs = await db.modelRun.findMany({
    where: {
      incidentId,
      model: model.id,
      evidenceRoot: new Uint8Array(root),
      promptVersion: promptKey(),
    },
    select: { state: true, startedAt: true, summary: { select: { id: true } } },
    orderBy: { startedAt: "asc" },
  });
  const [last] = runs.slice(-1);
  if (last && (await isRequestedSince(db, incidentId, last.startedAt))) return false;
  const isAnswered = runs.some(
    ({ state, summary }) => summary !== null || state === "finished" || state === "refused",
  );
  return isAnswered || runs.length >= ATTEMPTS_MAX;
}

async function isRequestedSince(db: Db, incidentId: string, since: Date): Promise<boolean> {
  const request = await db.outbox.findFirst({
    where: { incidentId, kind: SUMMARY_REQUESTED, at: { gt: since } },
    select: { id: true },
  });
  return request !== null;
}

function promptKey(): { name: string; version: number } {
  return { name: SUMMARISE_PROMPT.name, version: SUMMARISE_PROMPT.version };
}

async function writeRequest(
  db: Db,
  { records }: IncidentEvidence,
  model: Model,
): Promise<BuiltRequest> {
  const ranked = selectEvidence(records, SHOWN_MAX);
  const texts = await loadRawTexts(
    db,
    ranked.map(({ id }) => id),
  );
  const fence = randomBytes(12).toString("hex");
  const canary = randomBytes(12).toString("hex");
  const block = writeEvidenceBlock(records, ranked, {
    fence,
    charsMax: CHARS_MAX,
    rawText: (id) => texts.get(id) ?? null,
  });
  return buildRequest({
    model: model.id,
    prompt: SUMMARISE_PROMPT,
    evidence: block.text,
    fence,
    canary,
  });
}

/** A refusal is shown as what it is; a failure only when claims came before it; what we called off is asked again. */
function isWorthShowing({ state, claims }: ModelAnswer): boolean {
  return state === "finished" || state === "refused" || (state === "failed" && claims.length > 0);
}

type Issue = { db: Db; model: Model; runId: string; answer: ModelAnswer };

async function issue(
  evidence: IncidentEvidence,
  { db, model, runId, answer }: Issue,
): Promise<ModelOutcome> {
  const { incidentId, records, capped, root: evidenceRoot, count: evidenceCount } = evidence;
  const texts = await loadRawTexts(db, citedIds(evidence, answer));
  const verified = verifyClaims(answer.claims, {
    records,
    capped,
    rawText: (id) => texts.get(id) ?? null,
  });
  const leftOut = answer.dropped.length;
  const state = answer.isComplete && leftOut === 0 ? "complete" : "incomplete";
  const summary = {
    incidentId,
    generator: model.id,
    claims: verified.map((claim, at) => ({ ...claim, front: at < FRONT_CLAIMS })),
    evidenceRoot,
    evidenceCount,
    modelRunId: runId,
    state,
    stateReason:
      [answer.reason, leftOut > 0 ? leftOutSentence(leftOut) : null].filter(Boolean).join(" ") ||
      null,
    notMentioned: notMentioned(records, answer.claims).map(({ id }) => id),
  } as const;
  await issueModelSummary(db, summary, { kind: "model", id: actorId(model) });
  return { did: "issued", runId, state };
}

function leftOutSentence(count: number): string {
  return count === 1
    ? "One claim of the answer could not be used."
    : `${count} claims of the answer could not be used.`;
}

function citedIds({ records }: IncidentEvidence, { claims }: ModelAnswer): string[] {
  const labels = new Set(
    claims.flatMap((claim) => claim.citations.map(({ id }) => id.trim().toUpperCase())),
  );
  return records.filter(({ position }) => labels.has(`E${position}`)).map(({ id }) => id);
}

function failed(
  runId: string,
  { state, reason, mayRetry, retryAfterSeconds }: ModelAnswer,
): ModelOutcome {
  const mayAskAgain = mayRetry || state === "cancelled";
  return {
    did: "failed",
    runId,
    reason: reason ?? "The model gave no answer.",
    mayRetry: mayAskAgain,
    retryAfterSeconds,
  };
}

/** A model's id as an actor on the trail: no blanks. */
function actorId({ id }: Model): string {
  return id.replace(/\s/g, "_").slice(0, 200);
}
