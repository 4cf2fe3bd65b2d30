import { NOBODY } from "#lib/db/acting.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { RUN_PRIORITY } from "#lib/domain/copilot/run.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { insertQueuedRun, modelInForce, promptVersionFor, type QueuedRun } from "./queue-run.ts";

export type QueueSummaryInput = {
  incidentId: string;
  /** Default: by whether the incident has a model summary, and by its severity. */
  priority?: number;
  /** How long it waits at least, so that a burst of evidence becomes one summary; a first one at most two seconds. */
  waitMs?: number;
};

/** The run's id, or why none was queued. */
export type QueuedSummary =
  | { runId: string }
  | { runId: null; because: "off" | "no_evidence" | "asked_already" };

/**
 * Queues a model summary of an incident as it stands, for the worker: once for the same evidence, model and prompt,
 * and at most one at a time.
 */
export function queueSummary(db: Db, input: QueueSummaryInput): Promise<QueuedSummary> {
  const { incidentId } = input;
  return transact(db, NOBODY, async (tx) => {
    const model = await modelInForce(tx);
    const promptVersionId = model && (await promptVersionFor(tx, "summary", model.prompts));
    if (!model || !promptVersionId) return { runId: null, because: "off" };
    const incident = await tx.incident.findUnique({
      where: { id: incidentId, mergedIntoId: null, evidenceCount: { gt: 0 } },
      select: {
        version: true,
        evidenceRoot: true,
        severityRank: true,
        summaries: { where: { origin: "model" }, select: { id: true }, take: 1 },
      },
    });
    if (!incident) return { runId: null, because: "no_evidence" };
    const { version: incidentVersion, evidenceRoot } = incident;
    const about = [incidentId, hex(evidenceRoot), promptVersionId, model.configId];
    const run: QueuedRun = {
      kind: "summary",
      incidentId,
      configId: model.configId,
      promptVersionId,
      ...NOBODYS,
      repairOf: null,
      priority: input.priority ?? priorityOf(incident),
      waitMs: waitOf(incident, input.waitMs ?? 0),
      idem: `summary:${sha256(JSON.stringify(about)).toString("hex")}`,
      incidentVersion,
      evidenceRoot,
    };
    const runId = await insertQueuedRun(tx, run);
    return runId === null ? { runId, because: "asked_already" } : { runId };
  });
}

/**
 * Queues the one repair of a summary's failed claims. Null when it was queued before, or when the model that wrote
 * the summary is not in force any more.
 */
export function queueRepair(db: Db, input: { runId: string }): Promise<{ runId: string } | null> {
  return transact(db, NOBODY, async (tx) => {
    const model = await modelInForce(tx);
    const promptVersionId = model && (await promptVersionFor(tx, "repair", model.prompts));
    const first = await tx.modelRun.findUnique({
      where: { id: input.runId, kind: "summary" },
      select: { incidentId: true, incidentVersion: true, evidenceRoot: true, configId: true },
    });
    if (!model || !promptVersionId || first?.configId !== model.configId) return null;
    const runId = await insertQueuedRun(tx, {
      kind: "repair",
      incidentId: first.incidentId,
      configId: model.configId,
      promptVersionId,
      ...NOBODYS,
      repairOf: input.runId,
      priority: RUN_PRIORITY.asked,
      idem: `repair:${input.runId}`,
      incidentVersion: first.incidentVersion,
      evidenceRoot: first.evidenceRoot,
    });
    return runId === null ? null : { runId };
  });
}

const NOBODYS = { askedBy: null, question: null, evaluationId: null } as const;
const URGENT_RANK = 4; // high
/** Somebody may be looking at an incident that nobody has read yet. */
const FIRST_WAIT_MS = 2_000;

function waitOf({ summaries }: { summaries: unknown[] }, waitMs: number): number {
  return summaries.length > 0 ? waitMs : Math.min(waitMs, FIRST_WAIT_MS);
}

function priorityOf(incident: { severityRank: number; summaries: unknown[] }): number {
  if (incident.summaries.length > 0) return RUN_PRIORITY.newSummary;
  return incident.severityRank >= URGENT_RANK
    ? RUN_PRIORITY.urgentSummary
    : RUN_PRIORITY.firstSummary;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
