import type { SlaPageView, SlaVersionView } from "#lib/contracts/sla.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";

const PAGE = 20;

type Row = {
  version: number;
  assign: number[];
  decide: number[];
  reason: string;
  by: PersonView | null;
  at: Date;
};

/** The service clocks in force, and every version there was, newest first, below `before`. */
export async function slaPage(db: Db, before: number | null): Promise<SlaPageView> {
  const [newest, rows] = await Promise.all([versions(db, null, 1), versions(db, before, PAGE + 1)]);
  const history = rows.slice(0, PAGE);
  return {
    inForce: newest[0]!,
    history,
    before: rows.length > PAGE ? history.at(-1)!.version : null,
  };
}

async function versions(db: Db, before: number | null, limit: number): Promise<SlaVersionView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT p.version, p.assign_minutes AS assign, p.decide_minutes AS decide, p.reason, p.at,
           CASE WHEN o.id IS NULL THEN NULL ELSE person_view(o) END AS by
    FROM sla_policy p LEFT JOIN person o ON o.id = p.by_id
    WHERE ${before}::int IS NULL OR p.version < ${before}::int
    ORDER BY p.version DESC LIMIT ${limit}::int`;
  return rows.map(({ version, assign, decide, reason, by, at }) => ({
    version,
    minutes: { assign: bySeverity(assign), decide: bySeverity(decide) },
    reason,
    by,
    at: at.toISOString(),
  }));
}

function bySeverity(minutes: readonly number[]): Record<Severity, number> {
  return Object.fromEntries(
    SEVERITIES.map((severity, at) => [severity, minutes[at] ?? 0]),
  ) as Record<Severity, number>;
}
