import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { unmergeRefusal } from "#lib/domain/incident/merge.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { PersonActor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { announce } from "./lock-incident.ts";

type Row = { fromId: string; intoId: string; from: number; into: number };

/**
 * Takes a merge apart: each record goes back to where it was, and both incidents have the roots they had. Throws Problem
 * 409 `undo_refused`, whose `reason` says what was built upon it since.
 */
export async function undoMerge(
  db: Db,
  { mergeId }: { mergeId: string },
  by: PersonActor,
): Promise<{ fromId: string; from: string; into: string }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<Row[]>`
        SELECT f.id AS "fromId", i.id AS "intoId", f.number AS "from", i.number AS "into"
        FROM incident_merge m JOIN incident f ON f.id = m.from_id JOIN incident i ON i.id = m.into_id
        WHERE m.id = ${mergeId}::uuid`;
      const row = rows[0];
      if (!row) throw new Problem("merge_not_found", 404, unmergeRefusal("missing").sentence);
      await tx.$queryRaw`
        SELECT id FROM incident WHERE id IN (${row.fromId}::uuid, ${row.intoId}::uuid) ORDER BY id FOR UPDATE`;
      const refused = await tx.$queryRaw<{ code: string | null }[]>`
        SELECT gate.unmerge_refusal(${mergeId}::uuid) AS code`;
      const code = refused[0]?.code;
      if (code)
        throw new Problem("undo_refused", 409, unmergeRefusal(code).sentence, { reason: code });
      await tx.$executeRaw`SELECT gate.undo_merge(${mergeId}::uuid, ${by.id}::uuid)`;
      await announce(tx, row.intoId, "evidence.added");
      await announce(tx, row.fromId, "evidence.added");
      return {
        fromId: row.fromId,
        from: incidentNumber(row.from),
        into: incidentNumber(row.into),
      };
    }),
  );
}
