import { randomUUID } from "node:crypto";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { mergeRefusal } from "#lib/domain/incident/merge.ts";
import { Problem } from "#lib/domain/problem.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange } from "#lib/trail/tree.ts";
import type { PersonActor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { evidenceOf } from "./ingest/write-incidents.ts";
import { announce } from "./lock-incident.ts";

/** `incidentId` is given up, its records follow those of `intoId`. */
type MergeIncident = { incidentId: string; intoId: string; reason: string };
type Merged = {
  mergeId: string;
  from: string; // INC-000123
  into: string;
  /** Records that joined. */
  count: number;
};

/**
 * Merges one incident into another because a person says so. All of it or nothing, with entries on both. Throws Problem
 * 409 `merge_refused`, whose `reason` says why, when something signed, waiting or in effect stands in the way.
 */
export async function mergeIncident(
  db: Db,
  { incidentId, intoId, reason }: MergeIncident,
  by: PersonActor,
): Promise<Merged> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const places = await lockBoth(tx, incidentId, intoId);
      const into = places.get(intoId)!;
      const from = places.get(incidentId)!;
      const range = CompactRange.fromBytes(into.count, into.peaks);
      const items = await evidenceOf(tx, [incidentId]);
      for (const item of items) range.append(evidenceLeaf(item, range.size + 1));
      const mergeId = randomUUID();
      await tx.$executeRaw`
        SELECT gate.merge_by_hand(${mergeId}::uuid, ${incidentId}::uuid, ${intoId}::uuid, ${by.id}::uuid, ${reason},
          ${range.root()}::bytea, ${range.toBytes()}::bytea)`;
      await announce(tx, intoId, "evidence.added");
      await announce(tx, incidentId);
      return {
        mergeId,
        from: incidentNumber(from.number),
        into: incidentNumber(into.number),
        count: items.length,
      };
    }),
  );
}

type Place = { id: string; number: number; count: number; peaks: Uint8Array };

/** In the order of their ids, so that of two merges against each other one waits and is then refused. */
async function lockBoth(tx: Tx, fromId: string, intoId: string): Promise<Map<string, Place>> {
  const rows = await tx.$queryRaw<Place[]>`
    SELECT id, number, evidence_count AS count, evidence_peaks AS peaks FROM incident
    WHERE id IN (${fromId}::uuid, ${intoId}::uuid) ORDER BY id FOR UPDATE`;
  const refused = await tx.$queryRaw<{ code: string | null }[]>`
    SELECT gate.merge_refusal(${fromId}::uuid, ${intoId}::uuid) AS code`;
  const code = refused[0]?.code;
  if (code === "missing") throw new Problem("incident_not_found", 404, mergeRefusal(code).sentence);
  if (code) throw new Problem("merge_refused", 409, mergeRefusal(code).sentence, { reason: code });
  return new Map(rows.map((row) => [row.id, row]));
}
