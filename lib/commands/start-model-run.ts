import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { actorText, type Actor } from "./actor.ts";

export type StartModelRunInput = {
  incidentId: string;
  prompt: { name: string; version: number };
  model: string;
  /** The exact body that is about to be sent. */
  request: string;
  /** The evidence the request was written from, 32 bytes. */
  evidenceRoot: Uint8Array;
  incidentVersion: bigint;
};

/**
 * Stores a request to a model before it is sent, in its own transaction: nothing is asked that is not on record.
 * The attempt is counted among the runs over the same evidence, so a repeated call after a failure is a new run.
 */
export async function startModelRun(
  db: Db,
  input: StartModelRunInput,
  by: Actor,
): Promise<{ runId: string; attempt: number }> {
  const { incidentId, prompt, model, request, incidentVersion } = input;
  const evidenceRoot = new Uint8Array(input.evidenceRoot);
  return transact(db, async (tx) => {
    const promptVersion = await tx.promptVersion.findUniqueOrThrow({
      where: { name_version: { name: prompt.name, version: prompt.version } },
      select: { id: true, sha256: true },
    });
    const sameRuns = { incidentId, promptVersionId: promptVersion.id, model, evidenceRoot };
    const attempt = 1 + (await tx.modelRun.count({ where: sameRuns }));
    const requestSha256 = sha256(request);
    const idem = sha256(
      JSON.stringify([incidentId, hex(evidenceRoot), promptVersion.id, model, attempt]),
    ).toString("hex");
    const run = await tx.modelRun.create({
      data: {
        ...sameRuns,
        state: "streaming",
        idem,
        request,
        requestSha256: new Uint8Array(requestSha256),
        incidentVersion,
      },
      select: { id: true },
    });
    const payload = {
      run: run.id,
      model,
      prompt: `${prompt.name}/${prompt.version}`,
      promptSha256: hex(promptVersion.sha256),
      requestSha256: hex(requestSha256),
      requestBytes: Buffer.byteLength(request),
      evidenceRoot: hex(evidenceRoot),
      incidentVersion: String(incidentVersion),
      attempt,
    };
    await appendTrail(tx, { kind: "model_run.started", actor: actorText(by), incidentId, payload });
    return { runId: run.id, attempt };
  });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
