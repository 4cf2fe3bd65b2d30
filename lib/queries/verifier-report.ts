import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { MovedClaimsPage, VerifierReport } from "#lib/contracts/verifier-report.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

const PAGE = 50;

type MoveRow = { verifier: string; was: Standing; standing: Standing; claims: number };

/**
 * What each verifier version found when it judged stored claims anew, newest first, and how far the present one has
 * come: `waiting` of `incidents` with claims still stand by an earlier one's word. Two statements, each over an index.
 */
export async function verifierReport(db: Db): Promise<VerifierReport> {
  const [rows, progress] = await Promise.all([
    db.$queryRaw<MoveRow[]>`
      SELECT verifier, was, standing, count(*)::int AS claims FROM claim_verification
      GROUP BY verifier, was, standing ORDER BY verifier::int DESC, was, standing`,
    db.$queryRaw<{ incidents: number; waiting: number }[]>`
      SELECT count(*)::int AS incidents,
             count(*) FILTER (WHERE summary_verifier < ${VERIFIER_VERSION}::int)::int AS waiting
      FROM incident WHERE summary_verifier IS NOT NULL AND merged_into_id IS NULL`,
  ]);
  const versions = [...new Set(rows.map(({ verifier }) => verifier))];
  return {
    current: VERIFIER_VERSION,
    incidents: progress[0]?.incidents ?? 0,
    waiting: progress[0]?.waiting ?? 0,
    versions: versions.map((verifier) => {
      const own = rows.filter((row) => row.verifier === verifier);
      const moves = own.map(({ was, standing, claims }) => ({ from: was, to: standing, claims }));
      return {
        verifier,
        claims: sum(moves),
        moved: sum(moves.filter(({ from, to }) => from !== to)),
        moves,
      };
    }),
  };
}

function sum(moves: { claims: number }[]): number {
  return moves.reduce((total, { claims }) => total + claims, 0);
}

type MovedRow = {
  id: string;
  claim_id: string;
  text: string;
  was: Standing;
  was_verifier: string;
  standing: Standing;
  verifier: string;
  at: Date;
  origin: "rules" | "model";
  current: boolean;
  incident_id: string;
  number: number;
  title: string;
};

/** The claims that one verifier version moved, the last one first, by keyset. One statement. */
export async function listMovedClaims(
  db: Db,
  verifier: string,
  cursor: string | null,
  limit = PAGE,
): Promise<MovedClaimsPage> {
  const after =
    cursor === null ? Prisma.empty : Prisma.sql`AND v.id < ${decodeCursor(cursor).id}::uuid`;
  const rows = await readFrom(
    cursor,
    () => db.$queryRaw<MovedRow[]>`
      SELECT v.id, v.claim_id, c.text, v.was, v.was_verifier, v.standing, v.verifier, v.at, s.origin,
             s.version = (SELECT max(n.version) FROM summary n
                          WHERE n.incident_id = s.incident_id AND n.origin = s.origin) AS current,
             i.id AS incident_id, i.number, i.title
      FROM claim_verification v
      JOIN claim c ON c.id = v.claim_id JOIN summary s ON s.id = c.summary_id JOIN incident i ON i.id = s.incident_id
      WHERE v.verifier = ${verifier} AND v.standing <> v.was ${after}
      ORDER BY v.id DESC LIMIT ${limit + 1}::int`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    claims: page.map((row) => ({
      claimId: row.claim_id,
      text: row.text,
      from: { standing: row.was, verifier: row.was_verifier },
      to: { standing: row.standing, verifier: row.verifier },
      at: iso(row.at),
      origin: row.origin,
      current: row.current,
      incident: { id: row.incident_id, number: incidentNumber(row.number), title: row.title },
    })),
    nextCursor: rows.length > limit && last ? encodeCursor(last.verifier, last.id) : null,
  };
}
