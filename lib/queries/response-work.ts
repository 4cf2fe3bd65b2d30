import type { ResponseAttemptView, ResponseWorkView } from "#lib/contracts/responder-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";
import { iso } from "./shape.ts";

type Row = {
  run_id: string;
  step: ResponseWorkView["step"];
  name: string | null;
  kind: ResponderKind | null;
  foreseen: string | null;
  was_sent: boolean;
  checked: string | null;
  checked_at: Date | null;
  checks: number;
  next_at: Date;
  undo_of: string | null;
};

/** What responders did about these runs, by run; none for a run of before there were any. */
export async function responseWork(
  db: Db,
  runIds: string[],
): Promise<Map<string, ResponseWorkView>> {
  if (runIds.length === 0) return new Map();
  const [rows, attempts] = await Promise.all([
    db.$queryRaw<Row[]>`
      SELECT t.run_id, t.step, p.name, p.kind, t.foreseen, t.dispatched IS NOT NULL AS was_sent, t.checked, t.checked_at, t.checks,
        t.next_at, t.undo_of
      FROM response_task t LEFT JOIN responder p ON p.id = t.responder_id WHERE t.run_id = ANY (${runIds}::uuid[])`,
    db.responseAttempt.findMany({
      where: { runId: { in: runIds } },
      orderBy: [{ runId: "asc" }, { number: "asc" }],
    }),
  ]);
  const byRun = Map.groupBy(attempts, ({ runId }) => runId);
  return new Map(
    rows.map((row) => [
      row.run_id,
      {
        step: row.step,
        responder:
          row.name !== null && row.kind !== null ? { name: row.name, kind: row.kind } : null,
        foreseen: row.foreseen,
        wasSent: row.was_sent,
        checked:
          row.checked !== null && row.checked_at
            ? { at: iso(row.checked_at), sentence: row.checked, times: row.checks }
            : null,
        nextAt: row.step === "done" ? null : iso(row.next_at),
        attempts: (byRun.get(row.run_id) ?? []).map(
          ({ number, startedAt, endedAt, outcome, httpStatus, answer, mayHaveActed }) => ({
            number,
            startedAt: iso(startedAt),
            endedAt: iso(endedAt),
            outcome: outcome as ResponseAttemptView["outcome"],
            httpStatus,
            answer,
            mayHaveActed: mayHaveActed ?? false,
          }),
        ),
        undoOf: row.undo_of,
      },
    ]),
  );
}
