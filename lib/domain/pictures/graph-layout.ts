/**
 * Places entities in columns by their role, from whoever acts on the left to what is acted upon on the right, so that
 * the picture of the same records is the same every time and nothing in it moves. Rows are ordered by the mean row of
 * their neighbours in the column before (Sugiyama's barycentre rule, two sweeps).
 */
import type { EntityType } from "./relations.ts";

type Node = { key: string; type: EntityType; value: string };
type Edge = { from: string; to: string; records: number };

/** `column` and `row` are 0-based; `links` is how many edges it has in the whole graph. */
export type Placed<N> = N & { column: number; row: number; links: number };
export type Layout<N, E> = {
  nodes: Placed<N>[];
  edges: E[];
  columns: { title: string; rows: number }[];
  /** Nodes that were left out, for there are more than `most`. */
  hidden: number;
};

const COLUMNS: { title: string; types: EntityType[] }[] = [
  { title: "From", types: ["email"] },
  { title: "Accounts", types: ["user"] },
  { title: "Hosts", types: ["host"] },
  { title: "Processes", types: ["process"] },
  { title: "Files and settings", types: ["file", "hash", "registry", "cloud"] },
  { title: "To", types: ["domain"] },
];
const FROM = 0;
const TO = COLUMNS.length - 1;

/**
 * At most `most` nodes: those of `keep` first, then the ones with the most links, then by key. Edges between nodes that
 * are shown.
 */
export function layOutGraph<N extends Node, E extends Edge>(
  graph: { nodes: readonly N[]; edges: readonly E[] },
  { most, keep = new Set() }: { most: number; keep?: ReadonlySet<string> },
): Layout<N, E> {
  const links = linksOf(graph.edges);
  const rank = (node: N) => links.get(node.key) ?? 0;
  const shown = graph.nodes
    .toSorted(
      (a, b) =>
        Number(keep.has(b.key)) - Number(keep.has(a.key)) ||
        rank(b) - rank(a) ||
        compare(a.key, b.key),
    )
    .slice(0, most);
  const keys = new Set(shown.map(({ key }) => key));
  const edges = graph.edges.filter(({ from, to }) => keys.has(from) && keys.has(to));
  const acting = new Set(graph.edges.map(({ from }) => from));
  const byColumn: N[][] = COLUMNS.map(() => []);
  for (const node of shown) byColumn[columnOf(node, acting)]!.push(node);
  order(byColumn, edges);
  const used = byColumn
    .map((nodes, index) => ({ nodes, title: COLUMNS[index]!.title }))
    .filter(({ nodes }) => nodes.length > 0);
  return {
    nodes: used.flatMap(({ nodes }, column) =>
      nodes.map((node, row) => ({ ...node, column, row, links: rank(node) })),
    ),
    edges,
    columns: used.map(({ title, nodes }) => ({ title, rows: nodes.length })),
    hidden: graph.nodes.length - shown.length,
  };
}

function columnOf({ key, type }: Node, acting: ReadonlySet<string>): number {
  if (type === "ip") return acting.has(key) ? FROM : TO;
  return COLUMNS.findIndex(({ types }) => types.includes(type));
}

function linksOf(edges: readonly Edge[]): Map<string, number> {
  const links = new Map<string, number>();
  for (const { from, to } of edges)
    for (const key of [from, to]) links.set(key, (links.get(key) ?? 0) + 1);
  return links;
}

/** Orders each column in place: one sweep to the right, one back. */
function order(columns: Node[][], edges: readonly Edge[]): void {
  const neighbours = new Map<string, string[]>();
  const join = (key: string, other: string) => {
    const known = neighbours.get(key);
    if (known) known.push(other);
    else neighbours.set(key, [other]);
  };
  for (const { from, to } of edges) {
    join(from, to);
    join(to, from);
  }
  const rows = new Map<string, number>();
  const settle = (column: Node[]) => column.forEach(({ key }, row) => rows.set(key, row));
  for (const column of columns) settle(column);
  const sweep = (column: Node[]) => {
    const centre = new Map(
      column.map(({ key }) => {
        const near = (neighbours.get(key) ?? []).map((other) => rows.get(other) ?? 0);
        const sum = near.reduce((total, row) => total + row, 0);
        return [key, near.length === 0 ? Number.POSITIVE_INFINITY : sum / near.length];
      }),
    );
    column.sort((a, b) => centreOrder(centre, a.key, b.key));
    settle(column);
  };
  for (const column of columns) sweep(column);
  for (const column of columns.toReversed()) sweep(column);
}

function centreOrder(centre: ReadonlyMap<string, number>, a: string, b: string): number {
  const [x, y] = [centre.get(a)!, centre.get(b)!];
  return x === y ? compare(a, b) : x - y;
}

const BY_NUMBER = new Intl.Collator("en", { numeric: true });

/** 10.0.0.9 before 10.0.0.10; what a collator holds equal keeps one order all the same. */
function compare(a: string, b: string): number {
  return BY_NUMBER.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
