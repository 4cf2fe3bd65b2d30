import { randomUUID } from "node:crypto";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { splitRefusal } from "#lib/domain/incident/split.ts";
import { Problem } from "#lib/domain/problem.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange, sha256 } from "#lib/trail/tree.ts";
import { accountForStandings } from "./account-for-claims.ts";
import type { PersonActor } from "./actor.ts";
import { emptyClaimsHash } from "./claims-hash.ts";
import { withGuards } from "./guard-problem.ts";
import { uuidV7 } from "./ingest/uuid-v7.ts";
import { announce } from "./lock-incident.ts";

/** These records of the incident go to a new one; `withEvents`: and the events that share values with them alone. */
type SplitIncident = {
  incidentId: string;
  evidenceIds: string[];
  withEvents?: boolean;
  reason: string;
};
type Split = {
  splitId: string;
  from: string; // INC-000123
  into: { id: string; number: string };
  /** Records that went. */
  count: number;
};

const nextId = uuidV7();
/** More than a split moves: `gate.split_refusal` says so. */
const RECORDS_MAX = 10_000;

/**
 * Opens an incident of some records of another because a person says that they are not one. All of it or nothing, with
 * entries on both. Throws Problem 409 `split_refused`, whose `reason` says why, when something signed, waiting or in
 * effect stands in the way, or the records are none, all, pinned, or not there any more.
 */
export async function splitIncident(
  db: Db,
  { incidentId, evidenceIds, withEvents = false, reason }: SplitIncident,
  by: PersonActor,
): Promise<Split> {
  const chosen = [...new Set(evidenceIds)];
  return withGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT id FROM incident WHERE id = ${incidentId}::uuid FOR UPDATE`;
      const ids = withEvents ? [...chosen, ...(await eventsOf(tx, incidentId, chosen))] : chosen;
      const from = await placeToSplit(tx, incidentId, ids);
      const [splitId, intoId] = [randomUUID(), nextId()];
      const document = await documentOf(tx, { splitId, incidentId, intoId, ids });
      const left = CompactRange.fromBytes(from.count, from.peaks);
      left.append(evidenceLeaf({ id: splitId, sha256: sha256(document) }, left.size + 1));
      const gone = await rangeOf(tx, ids);
      await tx.$executeRaw`
        SELECT gate.split_by_hand(${splitId}::uuid, ${incidentId}::uuid, ${intoId}::uuid, ${ids}::uuid[], ${by.id}::uuid, ${reason},
          ${emptyClaimsHash()}::bytea, ${left.root()}::bytea, ${left.toBytes()}::bytea, ${gone.root()}::bytea, ${gone.toBytes()}::bytea)`;
      await accountForStandings(tx, incidentId);
      await announce(tx, incidentId, "evidence.added");
      await announce(tx, intoId, "evidence.added");
      const into = await tx.incident.findUniqueOrThrow({
        where: { id: intoId },
        select: { number: true },
      });
      return {
        splitId,
        from: incidentNumber(from.number),
        into: { id: intoId, number: incidentNumber(into.number) },
        count: gone.size,
      };
    }),
  );
}

type Place = { number: number; count: number; peaks: Uint8Array };

/** The events that show a value of the chosen alerts which no other alert of the incident shows. */
async function eventsOf(tx: Tx, incidentId: string, chosen: string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM evidence_item e
    WHERE e.incident_id = ${incidentId}::uuid AND e.kind = 'event' AND e.id <> ALL(${chosen}::uuid[])
      AND e.observables && ARRAY(
        SELECT unnest(observables) FROM evidence_item WHERE incident_id = ${incidentId}::uuid AND id = ANY(${chosen}::uuid[])
        EXCEPT
        SELECT unnest(observables) FROM evidence_item
        WHERE incident_id = ${incidentId}::uuid AND kind = 'alert' AND id <> ALL(${chosen}::uuid[]))
    ORDER BY e.position LIMIT ${RECORDS_MAX + 1}::int`;
  return rows.map(({ id }) => id);
}

async function placeToSplit(tx: Tx, incidentId: string, ids: string[]): Promise<Place> {
  const rows = await tx.$queryRaw<Place[]>`
    SELECT number, evidence_count AS count, evidence_peaks AS peaks FROM incident WHERE id = ${incidentId}::uuid`;
  const refused = await tx.$queryRaw<{ code: string | null }[]>`
    SELECT gate.split_refusal(${incidentId}::uuid, ${ids}::uuid[]) AS code`;
  const code = refused[0]?.code;
  if (!rows[0] || code === "missing")
    throw new Problem("incident_not_found", 404, splitRefusal("missing").sentence);
  if (code) throw new Problem("split_refused", 409, splitRefusal(code).sentence, { reason: code });
  return rows[0];
}

type Asked = { splitId: string; incidentId: string; intoId: string; ids: string[] };

async function documentOf(tx: Tx, { splitId, incidentId, intoId, ids }: Asked): Promise<string> {
  const rows = await tx.$queryRaw<{ document: string }[]>`
    SELECT gate.split_document(${splitId}::uuid, ${incidentId}::uuid, ${intoId}::uuid, ${ids}::uuid[]) AS document`;
  return rows[0]!.document;
}

/** Of the records in the order in which they stood, at places from 1 on. */
async function rangeOf(tx: Tx, ids: string[]): Promise<CompactRange> {
  const rows = await tx.$queryRaw<{ id: string; sha256: Uint8Array }[]>`
    SELECT id, raw_sha256 AS sha256 FROM evidence_item WHERE id = ANY(${ids}::uuid[]) ORDER BY position`;
  const range = new CompactRange();
  for (const row of rows) range.append(evidenceLeaf(row, range.size + 1));
  return range;
}
