import type { FileReportInput } from "#lib/contracts/report-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { announce } from "./lock-incident.ts";

/**
 * Enters a claim of a model into the register; the database writes the trail beside it. The same `idem` reports once.
 * Throws Problem `claim_of_model_not_found` 404 for what is no claim of a model, `role_too_low`.
 */
export async function fileReport(
  db: Db,
  input: FileReportInput,
  by: Actor,
): Promise<{ reportId: string }> {
  const { idem: reportId, of, kind } = input;
  const place =
    "claimId" in of
      ? { claimId: of.claimId, runId: null, ordinal: null }
      : { claimId: null, runId: of.runId, ordinal: of.ordinal };
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ incident_id: string }[]>`
        INSERT INTO model_report (id, claim_id, run_id, ordinal, person_id, kind, text)
        VALUES (${reportId}::uuid, ${place.claimId}::uuid, ${place.runId}::uuid, ${place.ordinal}::int, ${by.id}::uuid, ${kind},
          ${storableText(input.text)})
        ON CONFLICT (id) DO NOTHING RETURNING incident_id`;
      if (rows[0]) await announce(tx, rows[0].incident_id);
      return { reportId };
    }),
  );
}
