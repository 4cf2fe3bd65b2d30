import type { SharedPart, SimilarIncident } from "#lib/contracts/similar-views.ts";
import type { ClosureClassification } from "#lib/domain/decision/decision.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { reachOf, UBIQUITY } from "#lib/domain/alert/rules.ts";
import type { Linkable } from "#lib/domain/alert/rules.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import { mergeRefusal } from "#lib/domain/incident/merge.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { findTechnique, fullTechniqueName } from "#lib/grounding/attack-table.ts";
import { iso } from "./shape.ts";

const SIMILAR_MAX = 20;
const DAYS = 90;
/** Of an incident with more values, so many are looked at, the specific and frequent ones first. */
const VALUES_READ = 300;
const VALUES_ASKED = 80;
/** A value in more of the newest incidents than this is nobody's mark; no more are read of it. */
const SEEN_MAX = 100;
/** The most that one value weighs: ln(1000), as if it were in one of a thousand. */
const WEIGHT_MAX = 6.91;
const PARTS_MAX = 6;
/** Techniques alone do not make incidents similar; where values do, each adds this. */
export const TECHNIQUE_WEIGHT = 0.5;
const TECHNIQUES_MAX = 3;
/** Read off so many of its newest alerts. */
const ALERTS_READ = 50;

type Row = {
  id: string;
  number: number;
  title: string;
  severity: Severity;
  status: IncidentStatus;
  opened_at: Date;
  verdict: Verdict | null;
  closed_at: Date | null;
  classification: ClosureClassification | null;
  reason: string | null;
  parts: { type: string; value: string; incidents: number; weight: number }[];
  techniques: string[];
  refusal: string | null;
};

/**
 * Incidents of the last 90 days that share specific values with this one, those with the rarest first. Two statements,
 * each bounded: this one's values, then at most a hundred incidents for each of eighty of them.
 */
export async function similarIncidents(
  db: Db,
  incidentId: string,
): Promise<{ similar: SimilarIncident[]; ofIncidents: number }> {
  const [values, totals] = await Promise.all([
    specificValues(db, incidentId),
    db.$queryRaw<{ total: number }[]>`SELECT coalesce(max(number), 0)::int AS total FROM incident`,
  ]);
  const ofIncidents = totals[0]?.total ?? 0;
  if (values.length === 0) return { similar: [], ofIncidents };
  const rows = await db.$queryRaw<Row[]>(similarSql(incidentId, values, ofIncidents));
  const similar = rows
    .map(asSimilar)
    .toSorted(
      (a, b) => b.score - a.score || (a.openedAt < b.openedAt ? 1 : -1) || (a.id < b.id ? 1 : -1),
    );
  return { similar: similar.slice(0, SIMILAR_MAX), ofIncidents };
}

async function specificValues(db: Db, incidentId: string): Promise<Linkable[]> {
  const rows = await db.$queryRaw<Linkable[]>`
    SELECT type, value FROM incident_observable WHERE incident_id = ${incidentId}::uuid
    ORDER BY specific DESC, count DESC, type, value LIMIT ${VALUES_READ}::int`;
  return rows.filter((value) => reachOf(value) === "specific").slice(0, VALUES_ASKED);
}

/** Looks at `SEEN_MAX` + 1 entries of the index for each value, whatever there is. */
export function similarSql(
  incidentId: string,
  values: readonly Linkable[],
  total: number,
): Prisma.Sql {
  const id = Prisma.sql`${incidentId}::uuid`;
  return Prisma.sql`
    WITH wanted AS (
      SELECT * FROM unnest(${values.map(({ type }) => type)}::text[], ${values.map(({ value }) => value)}::text[]) AS w(type, value)
    ), mine AS MATERIALIZED (
      SELECT t FROM (${techniquesOf(id)}) m(t)
    ), met AS MATERIALIZED (
      SELECT w.type, w.value, o.ids, cardinality(o.ids) + 1 AS incidents
      FROM wanted w CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT x.incident_id FROM incident_observable x
                     WHERE x.type = w.type AND x.value = w.value AND x.incident_id <> ${id}
                     ORDER BY x.incident_id DESC LIMIT ${SEEN_MAX + 1}::int) AS ids) o
    ), parts AS (
      SELECT i.id, m.type, m.value, m.incidents,
             round(least(${WEIGHT_MAX}::float8, ln(${total}::float8 / m.incidents))::numeric, 2)::float8 AS weight
      FROM met m CROSS JOIN LATERAL unnest(m.ids) AS other(id) JOIN incident i ON i.id = other.id
      WHERE cardinality(m.ids) <= ${SEEN_MAX}::int
        AND NOT (m.incidents >= ${UBIQUITY.atLeast}::int AND m.incidents > ${total}::int * ${UBIQUITY.share}::float8)
        AND i.merged_into_id IS NULL AND i.opened_at >= now() - make_interval(days => ${DAYS}::int)
    ), best AS (
      SELECT *, row_number() OVER (PARTITION BY id ORDER BY weight DESC, type, value) AS nth FROM parts WHERE weight > 0
    ), scored AS (
      SELECT id, sum(weight) AS score,
             json_agg(json_build_object('type', type, 'value', value, 'incidents', incidents, 'weight', weight) ORDER BY nth) AS parts
      FROM best WHERE nth <= ${PARTS_MAX}::int GROUP BY id ORDER BY score DESC, id DESC LIMIT ${2 * SIMILAR_MAX}::int
    )
    SELECT i.id, i.number, i.title, i.severity, i.status, i.opened_at, i.verdict, i.closed_at, s.parts,
           d.content ->> 'classification' AS classification, d.content ->> 'classificationReason' AS reason,
           ARRAY(SELECT t FROM (${techniquesOf(Prisma.sql`i.id`)}) a(t) INTERSECT SELECT t FROM mine
                 ORDER BY 1 LIMIT ${TECHNIQUES_MAX}::int) AS techniques,
           gate.merge_refusal(i.id, ${id}) AS refusal
    FROM scored s JOIN incident i ON i.id = s.id LEFT JOIN decision d ON d.id = i.closed_by`;
}

function techniquesOf(id: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT jsonb_array_elements_text(CASE jsonb_typeof(e.names) WHEN 'array' THEN e.names ELSE '[]' END)
    FROM (SELECT fields -> 'technique' AS names FROM evidence_item
          WHERE incident_id = ${id} AND kind = 'alert' ORDER BY position DESC LIMIT ${ALERTS_READ}::int) e`;
}

function asSimilar(row: Row): SimilarIncident {
  const techniques = row.techniques.map((id): SharedPart => {
    const found = findTechnique(id);
    const name = found ? fullTechniqueName(found) : "";
    return { kind: "technique", id, name, weight: TECHNIQUE_WEIGHT };
  });
  const parts: SharedPart[] = [
    ...row.parts.map((part) => ({ kind: "observable" as const, ...part })),
    ...techniques,
  ];
  const { classification, closed_at: closedAt } = row;
  return {
    id: row.id,
    number: incidentNumber(row.number),
    title: row.title,
    severity: row.severity,
    status: row.status,
    openedAt: iso(row.opened_at),
    score: Math.round(parts.reduce((sum, { weight }) => sum + weight, 0) * 100) / 100,
    parts,
    verdict: row.verdict,
    closed:
      classification && closedAt
        ? { classification, reason: row.reason ?? "", at: iso(closedAt) }
        : null,
    mayNotMerge: row.refusal === null ? null : mergeRefusal(row.refusal).sentence,
  };
}
