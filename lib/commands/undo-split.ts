import { randomUUID } from "node:crypto";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { unsplitRefusal } from "#lib/domain/incident/split.ts";
import { Problem } from "#lib/domain/problem.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange, sha256 } from "#lib/trail/tree.ts";
import { accountForStandings } from "./account-for-claims.ts";
import type { PersonActor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { announce } from "./lock-incident.ts";

type Row = { fromId: string; intoId: string; from: number; into: number };
type State = { count: number; peaks: Uint8Array; code: string | null; document: string };

/**
 * Takes a split back: each record returns to its place, and the incident that was opened for them leads to the first.
 * The undoing is one more leaf of that one's root. Throws Problem 409 `undo_refused`, whose `reason` says what was
 * built upon either since.
 */
export async function undoSplit(
  db: Db,
  { splitId }: { splitId: string },
  by: PersonActor,
): Promise<{ fromId: string; from: string; into: string }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<Row[]>`
        SELECT f.id AS "fromId", i.id AS "intoId", f.number AS "from", i.number AS "into"
        FROM incident_split s JOIN incident f ON f.id = s.from_id JOIN incident i ON i.id = s.into_id
        WHERE s.id = ${splitId}::uuid`;
      const row = rows[0];
      if (!row) throw new Problem("split_not_found", 404, unsplitRefusal("missing").sentence);
      await tx.$queryRaw`
        SELECT id FROM incident WHERE id IN (${row.fromId}::uuid, ${row.intoId}::uuid) ORDER BY id FOR UPDATE`;
      const states = await tx.$queryRaw<State[]>`
        SELECT evidence_count AS count, evidence_peaks AS peaks, gate.unsplit_refusal(${splitId}::uuid) AS code,
               gate.unsplit_document(${splitId}::uuid) AS document
        FROM incident WHERE id = ${row.fromId}::uuid`;
      const { count, peaks, code, document } = states[0]!;
      if (code)
        throw new Problem("undo_refused", 409, unsplitRefusal(code).sentence, { reason: code });
      const id = randomUUID();
      const range = CompactRange.fromBytes(count, peaks);
      range.append(evidenceLeaf({ id, sha256: sha256(document) }, count + 1));
      await tx.$executeRaw`
        SELECT gate.undo_split(${splitId}::uuid, ${id}::uuid, ${by.id}::uuid, ${range.root()}::bytea, ${range.toBytes()}::bytea)`;
      await accountForStandings(tx, row.fromId);
      await announce(tx, row.fromId, "evidence.added");
      await announce(tx, row.intoId);
      return {
        fromId: row.fromId,
        from: incidentNumber(row.from),
        into: incidentNumber(row.into),
      };
    }),
  );
}
