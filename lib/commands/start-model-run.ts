import type { LeftOut } from "#lib/contracts/copilot-views.ts";
import { claimOnBehalf } from "#lib/db/acting.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { actorText, type Actor } from "./actor.ts";
import { RUN_CHANGED } from "./queue-run.ts";

export type StartModelRunInput = {
  runId: string;
  /** The process that sends it: only its signs of life and its events count from here on. */
  worker: string;
  /** The exact body that is about to be sent. */
  request: string;
  /** What goes beside the body's text: limits, effort, how the schema is held. */
  params: Record<string, unknown>;
  /** The most it may cost, in millionths of a US dollar: held back until the run ends. */
  reserveMicro: number;
  fence: string;
  canary: string;
  /** The pseudonyms, sealed for the worker; null when nothing was replaced. */
  redactionSealed: Uint8Array | null;
  /** How many values of each class were replaced. */
  redactions: Record<string, number>;
  leftOut: LeftOut | null;
  /** The evidence the request was written from: its root (32 bytes), the incident's version, its number of records. */
  evidenceRoot: Uint8Array;
  incidentVersion: bigint;
  evidenceCount: number;
};

/** Why a run may not start now. */
export const NOT_STARTED = [
  "off",
  "prompt",
  "breaker",
  "concurrency",
  "budget_run",
  "budget_incident",
  "budget_day",
  "budget_all",
  "not_before",
  "not_queued",
] as const;
export type NotStarted = (typeof NOT_STARTED)[number];

export type StartedRun =
  | { started: true; attempt: number }
  /** `retrySeconds` null: waiting does not mend it. The run waits on and says why. */
  | { started: false; code: NotStarted; sentence: string; retrySeconds: number | null };

/**
 * Starts a queued run and stores its request, before anything is sent and in a transaction of its own: nothing is
 * asked that is not on record. The database looks at switch, breaker, concurrency and budgets under locks. A run
 * that started has its first event, `started`.
 */
export async function startModelRun(
  db: Db,
  input: StartModelRunInput,
  by: Actor,
): Promise<StartedRun> {
  return transact(db, by, async (tx) => {
    const answer = await callGate(tx, input);
    if (!answer.started) return answer;
    const run = await readRun(tx, input.runId);
    const data = { model: run.model, attempt: run.attempt };
    await tx.runEvent.create({ data: { runId: input.runId, seq: 1, kind: "started", data } });
    await tx.outbox.create({ data: { kind: RUN_CHANGED, incidentId: run.incidentId } });
    await claimOnBehalf(tx, run.askedBy);
    await appendTrail(tx, {
      kind: "model_run.started",
      actor: actorText(by),
      incidentId: run.incidentId,
      payload: payloadOf(input, run),
    });
    return { started: true, attempt: run.attempt };
  });
}

async function callGate(tx: Tx, input: StartModelRunInput): Promise<StartedRun> {
  const { runId, worker, request, fence, canary, incidentVersion, evidenceCount } = input;
  const sealed = input.redactionSealed === null ? null : new Uint8Array(input.redactionSealed);
  const rows = await tx.$queryRaw<{ answer: StartedRun }[]>`
    SELECT gate.start_run(${runId}::uuid, ${worker}, ${request}, ${new Uint8Array(sha256(request))}::bytea,
      ${JSON.stringify(input.params)}::jsonb, ${BigInt(input.reserveMicro)}::bigint, ${fence}, ${canary}, ${sealed}::bytea,
      ${JSON.stringify(input.redactions)}::jsonb, ${jsonOrNull(input.leftOut)}::jsonb,
      ${new Uint8Array(input.evidenceRoot)}::bytea, ${incidentVersion}::bigint, ${evidenceCount}::int) AS answer`;
  return rows[0]!.answer;
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

type RunRow = {
  kind: RunKind;
  model: string;
  incidentId: string | null;
  askedBy: string | null;
  attempt: number;
  config: { name: string; version: number } | null;
  promptVersion: { name: string; version: number; sha256: Uint8Array } | null;
};

async function readRun(tx: Tx, id: string): Promise<RunRow> {
  const row = await tx.modelRun.findUniqueOrThrow({
    where: { id },
    select: {
      kind: true,
      model: true,
      incidentId: true,
      askedBy: true,
      attempt: true,
      config: { select: { name: true, version: true } },
      promptVersion: { select: { name: true, version: true, sha256: true } },
    },
  });
  return { ...row, kind: row.kind as RunKind };
}

function payloadOf(input: StartModelRunInput, run: RunRow) {
  const { request, evidenceRoot, incidentVersion, evidenceCount, reserveMicro, redactions } = input;
  const { kind, model, config, promptVersion, attempt } = run;
  return {
    run: input.runId,
    kind,
    model,
    config: config && `${config.name}/${config.version}`,
    prompt: promptVersion && `${promptVersion.name}/${promptVersion.version}`,
    promptSha256: promptVersion && hex(promptVersion.sha256),
    requestSha256: sha256(request).toString("hex"),
    requestBytes: Buffer.byteLength(request),
    evidenceRoot: hex(evidenceRoot),
    incidentVersion: String(incidentVersion),
    evidenceCount,
    reservedMicro: reserveMicro,
    redactions,
    attempt,
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
