import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { PromptSet } from "#lib/domain/copilot/profile.ts";
import type { RunKind, RunState } from "#lib/domain/copilot/run.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { fromStreamed } from "./claim-event.ts";

/** A run as far as it matters for asking: what it is for, and of whom. */
export type AskedRun = {
  id: string;
  kind: RunKind;
  state: RunState;
  incidentId: string | null;
  configId: string;
  promptVersionId: string | null;
  question: string | null;
  repairOf: string | null;
  attempt: number;
  /** Asked for by a person; null: by the worker. */
  askedBy: string | null;
  evidenceRoot: Uint8Array;
  incidentVersion: bigint;
};

/** Null when there is no such run, or it is one of before runs had a config. */
export async function readRun(db: Db, runId: string): Promise<AskedRun | null> {
  const row = await db.modelRun.findUnique({
    where: { id: runId },
    select: {
      id: true,
      kind: true,
      state: true,
      incidentId: true,
      configId: true,
      promptVersionId: true,
      question: true,
      repairOf: true,
      attempt: true,
      askedBy: true,
      evidenceRoot: true,
      incidentVersion: true,
    },
  });
  if (!row || row.configId === null) return null;
  const { configId, kind, state, ...rest } = row;
  return { ...rest, configId, kind: kind as RunKind, state: state as RunState };
}

/** What is in force now: the config and the prompts that go with it; null when the model is off. */
export async function readInForce(
  db: Db,
): Promise<{ configId: string; prompts: PromptSet } | null> {
  const [row] = await db.$queryRaw<{ config_id: string; prompts: PromptSet }[]>`
    SELECT config_id, prompts FROM model_in_force WHERE config_id IS NOT NULL`;
  return row ? { configId: row.config_id, prompts: row.prompts } : null;
}

export type StoredAnswer = {
  /** In the order of the answer, as they were verified. */
  claims: VerifiedClaim[];
  /** The verifier that gave their standings; null without claims. */
  verifier: string | null;
  /** How many items of the answer could not be used, as far as was noticed. */
  notices: string[];
  done: { state: RunState; reason: string | null; isComplete: boolean } | null;
};

/** What is stored of an answer: all that anybody was ever shown of it. */
export async function readStoredAnswer(db: Db, runId: string): Promise<StoredAnswer> {
  const rows = await db.$queryRaw<{ kind: string; data: unknown }[]>`
    SELECT kind, data FROM run_event WHERE run_id = ${runId}::uuid ORDER BY seq`;
  const of = <T>(kind: string): T[] =>
    rows.flatMap((row) => (row.kind === kind ? [row.data as T] : []));
  const streamed = of<StreamedClaim>("claim");
  return {
    claims: streamed.map(fromStreamed),
    verifier: streamed[0]?.verifier ?? null,
    notices: of<{ sentence: string }>("notice").map(({ sentence }) => sentence),
    done: of<NonNullable<StoredAnswer["done"]>>("done")[0] ?? null,
  };
}
