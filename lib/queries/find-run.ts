import type { LeftOut, RunView } from "#lib/contracts/copilot-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { runEvents } from "./run-events.ts";
import { asRunRow, RUN_COLUMNS, RUN_TABLES, type RunRowColumns } from "./run-row.ts";
import { hex } from "./shape.ts";

type ViewColumns = RunRowColumns & {
  prompt_name: string | null;
  prompt_version: number | null;
  prompt_sha256: Uint8Array | null;
  prompt_reason: string | null;
  attempt: number;
  repair_of: string | null;
  repaired_by: string | null;
  evaluation_id: string | null;
  summary_id: string | null;
  request: string | null;
  request_sha256: Uint8Array | null;
  response: string | null;
  model_answered: string | null;
  params: Record<string, unknown> | null;
  stop_reason: string | null;
  request_id: string | null;
  usage: Record<string, number> | null;
  reserved_micro: bigint | null;
  latency_ms: number | null;
  first_claim_ms: number | null;
  redactions: Record<string, number> | null;
  canary_result: "kept" | "leaked" | null;
  verifier: string | null;
  evidence_root: Uint8Array;
  evidence_count: number | null;
  left_out: LeftOut | null;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A run as it was, with what was sent and what came back to the byte; null when there is none. */
export async function findRun(db: Db, runId: string): Promise<RunView | null> {
  if (!UUID.test(runId)) return null;
  const rows = await db.$queryRaw<ViewColumns[]>`
    SELECT ${RUN_COLUMNS}, p.name AS prompt_name, p.version AS prompt_version, p.sha256 AS prompt_sha256,
           p.reason AS prompt_reason, r.attempt, r.repair_of,
           (SELECT n.id FROM model_run n WHERE n.repair_of = r.id ORDER BY n.attempt DESC LIMIT 1) AS repaired_by,
           r.evaluation_id, s.id AS summary_id, r.request, r.request_sha256, r.response, r.model_answered, r.params,
           r.stop_reason, r.request_id, r.usage, r.reserved_micro, r.latency_ms, r.first_claim_ms, r.redactions,
           r.canary_result, r.verifier, r.evidence_root, r.evidence_count, r.left_out
    FROM ${RUN_TABLES} LEFT JOIN prompt_version p ON p.id = r.prompt_version_id
    LEFT JOIN summary s ON s.model_run_id = r.id
    WHERE r.id = ${runId}::uuid`;
  const [row] = rows;
  if (!row) return null;
  const events = await runEvents(db, runId);
  return {
    ...asRunRow(row),
    ...recordOf(row),
    prompt: promptOf(row),
    claims: events.flatMap((event) => (event.kind === "claim" ? [event.data] : [])),
  };
}

function promptOf(row: ViewColumns): RunView["prompt"] {
  const { prompt_name: name, prompt_version: version, prompt_sha256: sha256 } = row;
  if (name === null || version === null || sha256 === null) return null;
  return { name, version, sha256: hex(sha256), reason: row.prompt_reason ?? "" };
}

type Recorded = Omit<RunView, keyof ReturnType<typeof asRunRow> | "prompt" | "claims">;

function recordOf(row: ViewColumns): Recorded {
  return {
    attempt: row.attempt,
    repairOf: row.repair_of,
    repairedBy: row.repaired_by,
    evaluationId: row.evaluation_id,
    summaryId: row.summary_id,
    request: row.request,
    requestSha256: row.request_sha256 && hex(row.request_sha256),
    response: row.response,
    modelAnswered: row.model_answered,
    params: row.params,
    stopReason: row.stop_reason,
    requestId: row.request_id,
    usage: row.usage,
    reservedMicro: row.reserved_micro === null ? null : Number(row.reserved_micro),
    latencyMs: row.latency_ms,
    firstClaimMs: row.first_claim_ms,
    redactions: row.redactions,
    canary: row.canary_result,
    verifier: row.verifier,
    evidenceRoot: hex(row.evidence_root),
    evidenceCount: row.evidence_count,
    leftOut: row.left_out,
  };
}
