import { maskSecrets } from "#lib/copilot/redaction/mask-secrets.ts";
import type { RequestRunInput } from "#lib/contracts/copilot-inputs.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { RUN_PRIORITY, type RunKind } from "#lib/domain/copilot/run.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { TrailKind } from "#lib/trail/kinds.ts";
import { actorText, type Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { lockIncident } from "./lock-incident.ts";
import {
  ABOUT_NOTHING,
  aheadOf,
  insertQueuedRun,
  modelInForce,
  promptVersionFor,
} from "./queue-run.ts";

/** Requests of people that may wait at one time, over all incidents. */
export const QUEUED_MAX = 500;
const QUESTION_CHARACTERS_MAX = 2_000;
const RETRY_SECONDS = 30;

export type ProbeRequest = { kind: "probe"; configId: string; idem: string };
export type RequestedRun = { runId: string; ahead: number };

/**
 * Queues what a person asks of the model: a new summary, an answer, a draft, or a probe of a model. The same `idem`
 * of the same person gives the same run. Throws Problem `model_off` 409, `queue_full` 429, `question_open` 409 while
 * the person's last question of the incident is open, `no_evidence` 409, `question_too_long` 422.
 */
export async function requestRun(
  db: Db,
  input: RequestRunInput | ProbeRequest,
  by: Actor,
): Promise<RequestedRun> {
  const idem = `${by.id}:${input.kind}:${input.idem}`;
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const known = await tx.modelRun.findUnique({ where: { idem }, select: { id: true } });
      if (known) return { runId: known.id, ahead: await aheadOf(tx, known.id) };
      await refuseWhenFull(tx);
      const runId =
        input.kind === "probe"
          ? await queueProbe(tx, { configId: input.configId, idem }, by)
          : await queueForIncident(tx, { ...input, idem }, by);
      return { runId, ahead: await aheadOf(tx, runId) };
    }),
  );
}

async function refuseWhenFull(tx: Tx): Promise<void> {
  const waiting = await tx.modelRun.count({ where: { state: "queued", askedBy: { not: null } } });
  if (waiting < QUEUED_MAX) return;
  throw new Problem(
    "queue_full",
    429,
    `${QUEUED_MAX} requests to the model are waiting already; try again when some are done.`,
    { headers: { "retry-after": String(RETRY_SECONDS) } },
  );
}

/** Queues a probe of one model. Throws Problem `not_found` 404. */
export async function queueProbe(
  tx: Tx,
  { configId, idem }: { configId: string; idem: string },
  by: Actor,
): Promise<string> {
  const runId = await insertQueuedRun(tx, {
    ...ABOUT_NOTHING,
    kind: "probe",
    configId,
    promptVersionId: null,
    askedBy: by.kind === "person" ? by.id : null,
    question: null,
    repairOf: null,
    evaluationId: null,
    priority: RUN_PRIORITY.probe,
    idem,
  });
  if (runId === null) throw new Problem("not_found", 404, "There is no such model.");
  if (by.kind === "person") {
    const payload = { run: runId, kind: "probe", config: configId };
    await appendTrail(tx, {
      kind: "run.requested",
      actor: actorText(by),
      incidentId: null,
      payload,
    });
  }
  return runId;
}

async function queueForIncident(tx: Tx, input: RequestRunInput, by: Actor): Promise<string> {
  const { kind, incidentId, idem } = input;
  const question = input.kind === "summary" ? null : cleanQuestion(input.question);
  const incident = await lockIncident(tx, incidentId);
  const facts = await tx.incident.findUniqueOrThrow({
    where: { id: incident.id },
    select: { version: true, evidenceRoot: true, evidenceCount: true },
  });
  if (facts.evidenceCount === 0) {
    throw new Problem("no_evidence", 409, "This incident has no evidence to write from yet.");
  }
  const model = await modelInForce(tx);
  const promptVersionId = model && (await promptVersionFor(tx, kind, model.prompts));
  if (!model || !promptVersionId) throw modelOff();
  const queued = await insertQueuedRun(tx, {
    kind,
    incidentId,
    configId: model.configId,
    promptVersionId,
    askedBy: by.id,
    question,
    repairOf: null,
    evaluationId: null,
    priority: RUN_PRIORITY.asked,
    idem,
    incidentVersion: facts.version,
    evidenceRoot: facts.evidenceRoot,
  });
  if (queued === null) return openRun(tx, { kind, incidentId, idem }, by);
  const payload = { run: queued, kind, ...(question === null ? {} : { question }) };
  await appendTrail(tx, { kind: TRAIL_KIND[kind], actor: actorText(by), incidentId, payload });
  return queued;
}

const TRAIL_KIND: Record<RequestRunInput["kind"], TrailKind> = {
  summary: "summary.requested",
  answer: "question.asked",
  note: "draft.requested",
  handover: "draft.requested",
  message: "draft.requested",
};

/** A password typed into a question must stand neither in the table nor on the trail. */
function cleanQuestion(text: string | null): string | null {
  const question = text === null ? "" : maskSecrets(storableText(text).trim());
  if (question.length > QUESTION_CHARACTERS_MAX) {
    throw new Problem(
      "question_too_long",
      422,
      `A question has at most ${QUESTION_CHARACTERS_MAX} characters.`,
    );
  }
  return question === "" ? null : question;
}

/** What waits already in the place of a new request: a summary is asked for once, a question after the last one. */
async function openRun(
  tx: Tx,
  { kind, incidentId, idem }: { kind: RunKind; incidentId: string; idem: string },
  by: Actor,
): Promise<string> {
  const same = await tx.modelRun.findUnique({ where: { idem }, select: { id: true } });
  if (same) return same.id;
  if (kind === "answer") {
    throw new Problem(
      "question_open",
      409,
      "Your last question about this incident is not answered yet; wait for it or cancel it.",
    );
  }
  const open = await tx.modelRun.findFirst({
    where: {
      kind,
      incidentId,
      state: "queued",
      askedBy: kind === "summary" ? { not: null } : by.id,
    },
    select: { id: true },
  });
  if (open) return open.id;
  throw new Problem("try_again", 409, "This was asked at the same moment; try again.");
}

export function modelOff(): Problem {
  return new Problem(
    "model_off",
    409,
    "No model is switched on, so nothing was asked. An admin switches one on under Models.",
  );
}
