import type { GraphEdgeView, GraphNodeView, GraphView } from "#lib/contracts/picture-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import {
  mergeSpellings,
  spellingKey,
  type Spelling,
} from "#lib/domain/pictures/merge-spellings.ts";
import { RELATIONS } from "#lib/domain/pictures/relations.ts";
import { whereAll, whereTerm } from "#lib/grounding/query.ts";
import { RECORDS_MAX } from "./load-evidence.ts";

export const EDGES_MAX = 4_000;
export const NODES_MAX = 2_000;
const CITED_MAX = 50;
const VALUE_MAX = 1_000;

type Row = {
  relation: number;
  from_value: string;
  to_value: string;
  records: number;
  first_at: Date | null;
  last_at: Date | null;
  cited: number[] | null;
  /** A value is longer than is read: it can be shown, not asked for. */
  cut: boolean;
};

/**
 * Who and what the records of an incident name together, the pairs in most records first. One statement over the first
 * 50,000 records; a pair counts the records that hold both values in these fields.
 */
export async function pictureGraph(
  db: Db,
  incidentId: string,
  most: { edges: number; nodes: number } = { edges: EDGES_MAX, nodes: NODES_MAX },
): Promise<GraphView> {
  const rows = await db.$queryRaw<(Row & { more: boolean })[]>`
    WITH cited AS (
      SELECT DISTINCT e.position FROM summary s JOIN claim c ON c.summary_id = s.id
      JOIN citation x ON x.claim_id = c.id JOIN evidence_item e ON e.id = x.evidence_id
      WHERE s.incident_id = ${incidentId}::uuid AND e.incident_id = ${incidentId}::uuid),
    r AS MATERIALIZED (
      SELECT position, time, fields FROM evidence_item
      WHERE incident_id = ${incidentId}::uuid AND position <= ${RECORDS_MAX}::int AND kind <> 'incident')
    SELECT v.relation, left(a.value #>> '{}', ${VALUE_MAX}::int) AS from_value,
           left(b.value #>> '{}', ${VALUE_MAX}::int) AS to_value, count(DISTINCT r.position)::int AS records,
           bool_or(length(a.value #>> '{}') > ${VALUE_MAX}::int OR length(b.value #>> '{}') > ${VALUE_MAX}::int) AS cut,
           min(r.time) AS first_at, max(r.time) AS last_at,
           (array_agg(DISTINCT cited.position) FILTER (WHERE cited.position IS NOT NULL))[1:${CITED_MAX}::int] AS cited,
           EXISTS (SELECT FROM evidence_item e
                   WHERE e.incident_id = ${incidentId}::uuid AND e.position > ${RECORDS_MAX}::int) AS more
    FROM r
    JOIN (VALUES ${relationValues()}) v(relation, from_field, to_field, unless)
      ON r.fields ? v.from_field AND r.fields ? v.to_field AND (v.unless IS NULL OR NOT r.fields ? v.unless)
    LEFT JOIN cited ON cited.position = r.position
    CROSS JOIN LATERAL jsonb_path_query(r.fields -> v.from_field, '$[*]') AS a(value)
    CROSS JOIN LATERAL jsonb_path_query(r.fields -> v.to_field, '$[*]') AS b(value)
    GROUP BY 1, 2, 3 ORDER BY records DESC, 1, 2, 3 LIMIT ${most.edges + 1}::int`;
  const read = rows.slice(0, most.edges);
  const { nodes, edges } = asGraph(read.filter(isTelling));
  const shown = nodes.slice(0, most.nodes);
  const keys = new Set(shown.map(({ key }) => key));
  return {
    nodes: shown,
    edges: edges.filter(({ from, to }) => keys.has(from) && keys.has(to)),
    capped: rows.length > read.length || nodes.length > shown.length || (rows[0]?.more ?? false),
  };
}

function relationValues(): Prisma.Sql {
  return Prisma.join(
    RELATIONS.map(
      ({ from, to, unless = null }, index) =>
        Prisma.sql`(${index}::int, ${from.field}::text, ${to.field}::text, ${unless}::text)`,
    ),
  );
}

/** What sources write when they know nothing names nobody. */
const UNKNOWN = new Set(["", "-", "unknown", "n/a", "null", "none"]);

function isTelling({ from_value, to_value }: Row): boolean {
  return [from_value, to_value].every((value) => !UNKNOWN.has(value.trim().toLowerCase()));
}

function asGraph(rows: readonly Row[]): { nodes: GraphNodeView[]; edges: GraphEdgeView[] } {
  const entities = mergeSpellings(rows.flatMap(endsOf));
  const nodes = new Map<string, GraphNodeView>();
  const edges = new Map<string, GraphEdgeView>();
  for (const row of rows) {
    const ends = endsOf(row).map((end) => {
      const { name, exact } = entities.get(spellingKey(end))!;
      return { key: `${end.type}:${name}`, type: end.type, value: name, exact };
    });
    for (const { exact: _, ...node } of ends) if (!nodes.has(node.key)) nodes.set(node.key, node);
    const [from, to] = ends as [(typeof ends)[number], (typeof ends)[number]];
    if (from.key === to.key) continue;
    const where = !row.cut && from.exact && to.exact ? whereOf(row) : null;
    addEdge(edges, row, { from: from.key, to: to.key, where });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function endsOf(row: Row): Spelling[] {
  const { from, to } = RELATIONS[row.relation]!;
  return [
    { ...from, value: row.from_value },
    { ...to, value: row.to_value },
  ];
}

function whereOf(row: Row): string {
  return whereAll(...endsOf(row).map(({ field, value }) => whereTerm(field, value)));
}

/** Two spellings of one pair are one edge; its query is that of the shortest spelling, which matches the longer too. */
function addEdge(
  edges: Map<string, GraphEdgeView>,
  row: Row,
  { from, to, where }: Pick<GraphEdgeView, "from" | "to" | "where">,
): void {
  const { verb } = RELATIONS[row.relation]!;
  const { records, cited } = row;
  const [firstAt, lastAt] = [row.first_at, row.last_at].map((at) => at?.toISOString() ?? null);
  const edge = { from, to, verb, records, cited: cited ?? [], where };
  const times = { firstAt: firstAt ?? null, lastAt: lastAt ?? null };
  const id = `${row.relation}|${from}|${to}`;
  const known = edges.get(id);
  edges.set(id, known ? joined(known, { ...edge, ...times }) : { ...edge, ...times });
}

function joined(a: GraphEdgeView, b: GraphEdgeView): GraphEdgeView {
  const times = (...given: (string | null)[]) => given.filter((at) => at !== null).toSorted();
  const isShorter = b.where !== null && a.where !== null && b.where.length < a.where.length;
  return {
    ...a,
    records: a.records + b.records,
    firstAt: times(a.firstAt, b.firstAt)[0] ?? null,
    lastAt: times(a.lastAt, b.lastAt).at(-1) ?? null,
    cited: [...new Set([...a.cited, ...b.cited])].slice(0, CITED_MAX),
    where: isShorter ? b.where : a.where === null || b.where === null ? null : a.where,
  };
}
