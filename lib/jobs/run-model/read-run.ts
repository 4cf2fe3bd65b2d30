import type { Db } from "#lib/db/prisma.ts";
import type { PromptSet } from "#lib/domain/copilot/profile.ts";
import type { RunKind, RunState } from "#lib/domain/copilot/run.ts";

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
