import type { ReportPage, ReportView } from "#lib/contracts/report-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ReportKind, ReportOutcome } from "#lib/domain/copilot/report.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

export type ReportFilter = {
  state: "open" | "resolved" | null;
  kind: ReportKind | null;
  cursor: string | null;
  limit: number;
  /** False: for a reader who sees no incident, and so neither what was said of one nor of what was said. */
  withIncidents: boolean;
};

type ReportRow = {
  id: string;
  kind: ReportKind;
  text: string | null;
  at: Date;
  place: string;
  person: PersonView;
  incident_id: string;
  number: number;
  title: string;
  claim_id: string | null;
  claim_text: string | null;
  standing: Standing | null;
  model: string | null;
  said_at: Date;
  run_id: string | null;
  outcome: ReportOutcome | null;
  resolution_text: string | null;
  resolved_at: Date | null;
  resolver: PersonView | null;
};

/** A page of reports, the newest first, and how many are open in all. Throws Problem 400 (cursor_invalid). */
export async function listReports(db: Db, filter: ReportFilter): Promise<ReportPage> {
  const rows = await readFrom(
    filter.cursor,
    () => db.$queryRaw<ReportRow[]>`
    SELECT r.id, r.kind, CASE WHEN ${filter.withIncidents} THEN r.text END AS text, r.at, to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place,
           person_view(p) AS person, i.id AS incident_id, i.number, i.title, r.claim_id,
           CASE WHEN ${filter.withIncidents} THEN coalesce(c.text, e.data ->> 'text', '') END AS claim_text, coalesce(c.standing, e.data ->> 'standing') AS standing,
           coalesce(s.generator, m.model) AS model, coalesce(s.issued_at, m.started_at, r.at) AS said_at, coalesce(r.run_id, s.model_run_id) AS run_id,
           o.outcome, o.text AS resolution_text, o.at AS resolved_at, CASE WHEN q.id IS NOT NULL THEN person_view(q) END AS resolver
    FROM model_report r
    JOIN incident i ON i.id = r.incident_id
    JOIN person p ON p.id = r.person_id
    LEFT JOIN claim_in_force c ON c.id = r.claim_id
    LEFT JOIN summary s ON s.id = c.summary_id
    LEFT JOIN model_run m ON m.id = r.run_id
    LEFT JOIN LATERAL (SELECT data FROM run_event WHERE run_id = r.run_id AND kind = 'claim' AND data ->> 'ordinal' = r.ordinal::text LIMIT 1) e ON true
    LEFT JOIN report_resolution o ON o.report_id = r.id
    LEFT JOIN person q ON q.id = o.person_id
    WHERE ${conditions(filter)}
    ORDER BY r.at DESC, r.id DESC LIMIT ${filter.limit + 1}::int`,
  );
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    reports: page.map((row) => asReport(row, filter.withIncidents)),
    nextCursor: rows.length > page.length && last ? encodeCursor(last.place, last.id) : null,
    openCount: await db.modelReport.count({ where: { resolution: null } }),
  };
}

function conditions({ state, kind, cursor }: ReportFilter): Prisma.Sql {
  const all = [Prisma.sql`true`];
  if (state === "open") all.push(Prisma.sql`o.report_id IS NULL`);
  if (state === "resolved") all.push(Prisma.sql`o.report_id IS NOT NULL`);
  if (kind !== null) all.push(Prisma.sql`r.kind = ${kind}`);
  if (cursor !== null) {
    const { key, id } = decodeCursor(cursor);
    all.push(Prisma.sql`(r.at, r.id) < (${key}::timestamptz, ${id}::uuid)`);
  }
  return Prisma.join(all, " AND ");
}

function asReport(row: ReportRow, withIncidents: boolean): ReportView {
  const { incident_id: id, number, title, outcome, resolver } = row;
  return {
    id: row.id,
    kind: row.kind,
    text: row.text,
    at: iso(row.at),
    person: row.person,
    incident: withIncidents ? { id, number: incidentNumber(number), title } : null,
    claim: {
      id: row.claim_id,
      text: row.claim_text,
      standing: row.standing ?? "unsupported",
    },
    model: row.model ?? "",
    saidAt: iso(row.said_at),
    runId: row.run_id,
    resolution:
      outcome && resolver && row.resolved_at
        ? { outcome, text: row.resolution_text ?? "", at: iso(row.resolved_at), person: resolver }
        : null,
  };
}
