import type { JudgeOverrideInput } from "#lib/contracts/override-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/**
 * A lead's word on an override: a row beside the earlier ones, of which the newest counts; once for each `idem`. The
 * database writes the trail beside it. Throws Problem `not_found` 404, `role_too_low`, `override_own` 403.
 */
export async function judgeOverride(
  db: Db,
  input: JudgeOverrideInput,
  by: Actor,
): Promise<{ judged: true }> {
  const { idem, overrideId, outcome, note } = input;
  return withGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$executeRaw`
        INSERT INTO override_verdict (id, override_id, person_id, outcome, note)
        VALUES (${idem}::uuid, ${overrideId}::uuid, ${by.id}::uuid, ${outcome}, ${storableText(note)})
        ON CONFLICT (id) DO NOTHING`;
      return { judged: true };
    }),
  );
}
