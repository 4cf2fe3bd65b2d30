import type { Db } from "#lib/db/prisma.ts";
import type { TargetView } from "#lib/contracts/review-views.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { RESPONSE_TARGETS } from "#lib/domain/decision/words.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { iso } from "./shape.ts";

/** Of a target that many records name, the newest are read. */
const RECORDS_READ = 2_000;
/** Counting other incidents stops here. */
const OTHERS_MAX = 100;

type Row = {
  action: number;
  type: string;
  value: string;
  count: number | null;
  last_at: Date | null;
  beside: { seen: string; count: number }[] | null;
  as_service: number;
  others: { id: string; number: number; status: IncidentStatus; severity: Severity }[] | null;
  other_count: number;
  open_count: number;
};

/**
 * What the evidence knows of each target of a containment: the hosts and accounts named beside it in this incident's
 * records, and the other incidents that name it. One statement, none for other decisions.
 */
export async function targetReach(
  db: Db,
  incidentId: string,
  content: DecisionContent,
): Promise<TargetView[]> {
  if (content.kind !== "containment") return [];
  const asked = content.actions.flatMap(({ action, target }, at) => {
    const written = [...new Set([target.trim(), target.trim().toLowerCase()])];
    return RESPONSE_TARGETS[action].flatMap((type) =>
      written.map((value) => ({ at, type, value })),
    );
  });
  const rows = await db.$queryRaw<Row[]>`
    SELECT a.action, a.type, a.value, o.count, o.last_at, e.others, e.other_count, e.open_count, b.beside, b.as_service
    FROM unnest(${asked.map(({ at }) => at)}::int[], ${asked.map(({ type }) => type)}::text[],
                ${asked.map(({ value }) => value)}::text[]) AS a (action, type, value)
    LEFT JOIN incident_observable o ON o.incident_id = ${incidentId}::uuid AND o.type = a.type AND o.value = a.value
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS other_count, count(*) FILTER (WHERE status <> 'closed')::int AS open_count,
             jsonb_agg(jsonb_build_object('id', id, 'number', number, 'status', status, 'severity', severity) ORDER BY nth)
               FILTER (WHERE nth <= 5) AS others
      FROM (SELECT i.id, i.number, i.status, i.severity,
                   row_number() OVER (ORDER BY i.status = 'closed', i.id DESC) AS nth
            FROM (SELECT incident_id FROM incident_observable
                  WHERE type = a.type AND value = a.value AND incident_id <> ${incidentId}::uuid
                  ORDER BY incident_id DESC LIMIT ${OTHERS_MAX}::int) x
            JOIN incident i ON i.id = x.incident_id WHERE i.merged_into_id IS NULL) n
    ) e
    CROSS JOIN LATERAL (
      WITH named AS MATERIALIZED (
        SELECT observables, fields ->> 'logon.type' AS logon FROM evidence_item
        WHERE o.count IS NOT NULL AND incident_id = ${incidentId}::uuid AND observables @> ARRAY[a.type || ':' || a.value]
        ORDER BY position DESC LIMIT ${RECORDS_READ}::int)
      SELECT (SELECT count(*)::int FROM named WHERE logon = '5') AS as_service,
             (SELECT jsonb_agg(jsonb_build_object('seen', t.seen, 'count', t.n) ORDER BY t.n DESC, t.seen)
              FROM (SELECT seen, count(*)::int AS n FROM named, unnest(observables) AS seen
                    WHERE seen ~ '^(host|user):' AND seen <> a.type || ':' || a.value
                    GROUP BY seen ORDER BY n DESC, seen LIMIT 8) t) AS beside
    ) b
    WHERE o.count IS NOT NULL OR e.other_count > 0
    ORDER BY a.action, o.count DESC NULLS LAST, a.type`;
  return rows.map(asTarget);
}

function asTarget(row: Row): TargetView {
  return {
    action: row.action,
    type: row.type,
    value: row.value,
    count: row.count ?? 0,
    lastAt: iso(row.last_at),
    beside: (row.beside ?? []).map(({ seen, count }) => {
      const colon = seen.indexOf(":");
      return { type: seen.slice(0, colon), value: seen.slice(colon + 1), count };
    }),
    asService: row.as_service,
    otherCount: row.other_count,
    openCount: row.open_count,
    others: (row.others ?? []).map(({ number, ...other }) => ({
      ...other,
      number: incidentNumber(number),
    })),
  };
}
