"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Td, Tr } from "#components/ui/data-table.tsx";
import { utcClock, utcWords } from "#components/ui/time-words.ts";
import { pictureOptions } from "#lib/browser/incident-data.ts";
import type { GraphEdgeView, GraphView } from "#lib/contracts/picture-views.ts";
import { layOutGraph } from "#lib/domain/pictures/graph-layout.ts";
import { EntityGraph } from "./entity-graph.tsx";
import { EntityLinks, NO_QUERY } from "./entity-links.tsx";
import type { PictureActs } from "./looks.ts";
import { PagedTable } from "./paged-table.tsx";
import { CappedNote, PictureOf } from "./picture-states.tsx";
import type { Form } from "./pictures-pane.tsx";

/** As many as are told apart at a glance; the rest comes when it is asked for. */
const AT_FIRST = 60;

type Props = PictureActs & { incidentId: string; cited: ReadonlySet<number>; form: Form };

/** Who touched what, as the records name them together. */
export function GraphPicture({ incidentId, form, ...props }: Props) {
  const query = useQuery(pictureOptions(incidentId, "graph"));
  return (
    <PictureOf
      query={query}
      isEmpty={({ edges }) => edges.length === 0}
      empty={{
        title: "Nobody is named together with anybody",
        words:
          "Records that name two of user, host, address, process, file or domain are drawn here.",
      }}
    >
      {(graph) => (
        <>
          {graph.capped ? (
            <CappedNote>
              More is named than is drawn: the pairs in most records are here. Entities lists more.
            </CappedNote>
          ) : null}
          {form === "table" ? (
            <EdgesTable edges={graph.edges} onShowWhere={props.onShowWhere} />
          ) : (
            <Graph graph={graph} {...props} />
          )}
        </>
      )}
    </PictureOf>
  );
}

function Graph({
  graph,
  cited,
  ...acts
}: Omit<Props, "incidentId" | "form"> & { graph: GraphView }) {
  const [all, setAll] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const citedEdges = useMemo(
    () => new Set(graph.edges.filter((edge) => edge.cited.some((at) => cited.has(at)))),
    [graph, cited],
  );
  const layout = useMemo(() => {
    const keep = new Set([...citedEdges].flatMap(({ from, to }) => [from, to]));
    return layOutGraph(graph, { most: all ? graph.nodes.length : AT_FIRST, keep });
  }, [graph, all, citedEdges]);
  const chosen = layout.nodes.find(({ key }) => key === selected) ?? null;
  return (
    <>
      <EntityGraph
        layout={layout}
        citedEdges={citedEdges}
        selected={chosen?.key ?? null}
        onSelect={(key) => setSelected(key === selected ? null : key)}
      />
      <div className="flex min-h-9 shrink-0 items-center gap-3 border-t px-3 text-xs text-dim">
        <span>
          {layout.nodes.length.toLocaleString("en")} of {graph.nodes.length.toLocaleString("en")}{" "}
          entities
          {citedEdges.size > 0 ? `, ${citedEdges.size} links cited by the claim in hand` : ""}
        </span>
        {graph.nodes.length > AT_FIRST ? (
          <Button size="sm" tone="quiet" onClick={() => setAll(!all)}>
            {all ? "Show the most linked" : "Show all"}
          </Button>
        ) : null}
      </div>
      {chosen ? (
        <EntityLinks
          node={chosen}
          edges={graph.edges.filter(({ from, to }) => from === chosen.key || to === chosen.key)}
          onClose={() => setSelected(null)}
          {...acts}
        />
      ) : null}
    </>
  );
}

function EdgesTable({
  edges,
  onShowWhere,
}: {
  edges: readonly GraphEdgeView[];
  onShowWhere: PictureActs["onShowWhere"];
}) {
  return (
    <PagedTable
      caption="Entities named together"
      heads={["Who", "Does", "What", "Records", "First", "Last"]}
      rows={edges}
    >
      {(edge) => (
        <Tr key={`${edge.from}|${edge.verb}|${edge.to}`}>
          <Td className="record break-all">
            <HostileText text={edge.from} />
          </Td>
          <Td className="text-dim">{edge.verb}</Td>
          <Td className="record break-all">
            <HostileText text={edge.to} />
          </Td>
          <Td numeric>
            <ShowRecords edge={edge} onShowWhere={onShowWhere} />
          </Td>
          {[edge.firstAt, edge.lastAt].map((at, index) => (
            <Td key={index} className="record text-xs whitespace-nowrap text-dim">
              {at ? (
                <time dateTime={at} title={utcWords(at, true)}>
                  {utcClock(at)}
                </time>
              ) : (
                "unknown"
              )}
            </Td>
          ))}
        </Tr>
      )}
    </PagedTable>
  );
}

function ShowRecords({
  edge,
  onShowWhere,
}: {
  edge: GraphEdgeView;
  onShowWhere: PictureActs["onShowWhere"];
}) {
  const { where, records } = edge;
  if (where === null) return <span title={NO_QUERY}>{records.toLocaleString("en")}</span>;
  return (
    <button
      type="button"
      className="text-accent hover:underline"
      onClick={() => onShowWhere(where)}
    >
      {records.toLocaleString("en")}
      <span className="sr-only"> records: show them</span>
    </button>
  );
}
