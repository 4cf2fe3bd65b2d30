import type { ResolveReportInput } from "#lib/contracts/report-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/**
 * Says what came of a report, once and for good; the database writes the trail beside it. Throws Problem `not_found`
 * 404, `report_resolved` 409, `role_too_low`.
 */
export async function resolveReport(
  db: Db,
  input: ResolveReportInput,
  by: Actor,
): Promise<{ resolved: true }> {
  const { reportId, outcome, text } = input;
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const report = await tx.modelReport.findUnique({
        where: { id: reportId },
        select: { id: true },
      });
      if (!report) throw new Problem("not_found", 404, "There is no such report.");
      const rows = await tx.$queryRaw<unknown[]>`
        INSERT INTO report_resolution (report_id, person_id, outcome, text)
        VALUES (${reportId}::uuid, ${by.id}::uuid, ${outcome}, ${storableText(text)})
        ON CONFLICT (report_id) DO NOTHING RETURNING report_id`;
      if (rows.length === 0) {
        throw new Problem("report_resolved", 409, "Somebody has settled this report already.");
      }
      return { resolved: true };
    }),
  );
}
