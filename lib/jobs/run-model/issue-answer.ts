import { issueModelSummary } from "#lib/commands/issue-summary.ts";
import { stopDoubtful } from "#lib/commands/stop-doubtful.ts";
import { queueRepair } from "#lib/commands/queue-summary.ts";
import { answerText } from "#lib/copilot/answer-text.ts";
import { mayRepair } from "#lib/copilot/build-repair.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ModelProfile } from "#lib/domain/copilot/profile.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { notMentioned } from "#lib/grounding/not-mentioned.ts";
import { loadRecords } from "#lib/queries/load-evidence.ts";
import { isFailing, readStoredAnswer, type StoredAnswer } from "#lib/queries/stored-answer.ts";
import { tellsLeftOut } from "./pump.ts";

const FRONT_CLAIMS = 12;

export type Issued = { summaryId: string; state: "complete" | "incomplete" } | null;

/**
 * Makes the summary of an ended run from what is stored of its answer, and from nothing else, so that it may be done by
 * any worker at any time and twice. A repaired summary is the first one's claims that held, and the mended ones. Null
 * when nothing came of the run that is worth showing, or a later one has been issued.
 */
export async function issueAnswer(db: Db, runId: string): Promise<Issued> {
  const run = await readEnded(db, runId);
  // an answer that repeated the private marker was steered: what was streamed of it stays on record, and nowhere else
  if (!run || run.canaryResult === "leaked") return null;
  const answer = await readStoredAnswer(db, runId);
  const whole = run.repairOf === null ? answer : await mended(db, run.repairOf, answer);
  if (!whole || !isWorthShowing(run.state, whole) || (await isOvertaken(db, run))) return null;
  await queueMending(db, run, answer);
  const { incidentId, evidenceRoot, model } = run;
  const evidenceCount = run.evidenceCount ?? 0;
  const { records } = await loadRecords(db, incidentId, evidenceCount);
  const leftOut = answer.notices.filter(tellsLeftOut).length;
  const reason = whole.done?.isComplete ? leftOutSentence(leftOut) : (whole.done?.reason ?? null);
  const state = whole.done?.isComplete && leftOut === 0 ? "complete" : "incomplete";
  const result = await issueModelSummary(
    db,
    {
      ...{ incidentId, evidenceRoot, evidenceCount, state, modelRunId: runId, generator: model },
      claims: whole.claims.map((claim, at) => ({ ...claim, front: at < FRONT_CLAIMS })),
      stateReason: reason,
      ...(whole.verifier === null ? {} : { verifier: whole.verifier }),
      notMentioned: notMentioned(records, whole.claims).map(({ id }) => id),
    },
    { kind: "model", id: model.replace(/\s/g, "_").slice(0, 200) },
  );
  // a model's words can take autonomy away, and nothing else
  await stopDoubtful(db, incidentId);
  return result.issued ? { summaryId: result.summaryId, state } : null;
}

type EndedRun = NonNullable<Awaited<ReturnType<typeof readEnded>>>;

async function readEnded(db: Db, runId: string) {
  const run = await db.modelRun.findUnique({
    where: {
      id: runId,
      kind: { in: ["summary", "repair"] },
      state: { in: ["finished", "failed", "cancelled", "refused"] },
    },
    include: { config: true },
  });
  if (!run || run.incidentId === null) return null;
  return { ...run, incidentId: run.incidentId };
}

/** A refusal is shown as what it is; a failure only when claims came before it. */
function isWorthShowing(state: string, { claims }: StoredAnswer): boolean {
  return state === "finished" || state === "refused" || claims.length > 0;
}

/** A later run of the incident has its summary: an earlier one that is found only now must not stand above it. */
async function isOvertaken(db: Db, { incidentId, startedAt }: EndedRun): Promise<boolean> {
  const later = await db.summary.findFirst({
    where: { incidentId, modelRun: { startedAt: { gt: startedAt } } },
    select: { id: true },
  });
  return later !== null;
}

/** The claims of the first answer that held, then those of the repair; null when the repair did not come to its end. */
async function mended(
  db: Db,
  firstRunId: string,
  repair: StoredAnswer,
): Promise<StoredAnswer | null> {
  if (!repair.done?.isComplete) return null;
  const first = await readStoredAnswer(db, firstRunId);
  const kept = first.claims.filter((claim) => !isFailing(claim));
  return { ...repair, claims: [...kept, ...repair.claims], done: first.done };
}

/** Before the summary itself, so that a worker that dies in between leaves neither out. */
async function queueMending(db: Db, run: EndedRun, answer: StoredAnswer): Promise<void> {
  if (run.kind !== "summary" || run.state !== "finished" || !run.config) return;
  const isWrong = answer.claims.some((claim: VerifiedClaim) => isFailing(claim));
  const told = {
    text: answerText(run.response ?? ""),
    isComplete: answer.done?.isComplete ?? false,
    canary: "kept",
  } as const;
  if (isWrong && mayRepair(told, run.config.profile as unknown as ModelProfile))
    await queueRepair(db, { runId: run.id });
}

function leftOutSentence(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? "One claim of the answer could not be used."
    : `${count} claims of the answer could not be used.`;
}

const WINDOW_HOURS = 24;
const PAGE = 50;

/** Ended runs whose summary is missing, since their worker died in between. */
export async function runsToIssue(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM model_run r
    JOIN incident i ON i.id = r.incident_id AND i.merged_into_id IS NULL
    WHERE r.kind IN ('summary', 'repair') AND r.worker IS NOT NULL AND r.canary_result IS DISTINCT FROM 'leaked'
      AND r.finished_at > clock_timestamp() - make_interval(hours => ${WINDOW_HOURS}::int)
      AND CASE WHEN r.kind = 'repair'
        THEN EXISTS (SELECT FROM run_event e WHERE e.run_id = r.id AND e.kind = 'done' AND (e.data ->> 'isComplete')::boolean)
        ELSE r.state IN ('finished', 'refused') OR EXISTS (SELECT FROM run_event e WHERE e.run_id = r.id AND e.kind = 'claim') END
      AND NOT EXISTS (SELECT FROM summary s WHERE s.model_run_id = r.id)
      AND NOT EXISTS (SELECT FROM summary s JOIN model_run l ON l.id = s.model_run_id
                      WHERE s.incident_id = r.incident_id AND l.started_at > r.started_at)
    ORDER BY r.finished_at LIMIT ${PAGE}::int`;
  return rows.map(({ id }) => id);
}
