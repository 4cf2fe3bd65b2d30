"use client";

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { cx } from "#components/ui/cx.ts";
import { useLook } from "#components/ui/use-preferences.tsx";
import type { GraphEdgeView, GraphNodeView } from "#lib/contracts/picture-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import type { Layout, Placed } from "#lib/domain/pictures/graph-layout.ts";
import { drawEdges } from "./draw-edges.ts";
import type { DrawnEdge } from "./draw-edges.ts";
import {
  COLUMN,
  HEAD,
  left,
  neighbourOf,
  NODE,
  ROW,
  rowsIn,
  sizeOf,
  top,
} from "./graph-geometry.ts";

type Node = Placed<GraphNodeView>;
type Props = {
  layout: Layout<GraphNodeView, GraphEdgeView>;
  citedEdges: ReadonlySet<GraphEdgeView>;
  selected: string | null;
  onSelect: (key: string) => void;
};

/** Entities as buttons in columns, links on a canvas beneath; only what the window sees is there. */
export function EntityGraph({ layout, citedEdges, selected, onSelect }: Props) {
  const look = useLook(); // the canvas takes its colours when it is made
  const scroller = useRef<HTMLDivElement>(null);
  const seen = useWindow(scroller);
  const { width, height } = sizeOf(layout.columns);
  const edges = useDrawnEdges(layout, citedEdges, selected);
  const near = useMemo(() => nearOf(layout.edges, selected), [layout, selected]);
  const move = useRoving(scroller, layout.nodes);
  const { from, to } = rowsIn(seen.y, seen.height);
  const start = move.current ?? layout.nodes[0]?.key;
  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-auto">
      <Edges key={look} edges={edges} seen={seen} />
      <div
        role="group"
        aria-label="Entities by role, acting ones on the left; arrow keys move, Enter shows links"
        style={{ width, height }}
        className="relative"
      >
        {layout.columns.map(({ title, rows }, column) => (
          <p
            key={title}
            style={{ left: left({ column, row: 0 }), width: COLUMN }}
            className="absolute top-2 text-2xs font-medium text-faint"
          >
            {title} <span className="tabular-nums">{rows.toLocaleString("en")}</span>
          </p>
        ))}
        {layout.nodes.map((node) =>
          (node.row >= from && node.row <= to) || node.key === start ? (
            <NodeButton
              key={node.key}
              node={node}
              tabbable={node.key === start}
              pressed={node.key === selected}
              faded={near !== null && !near.has(node.key)}
              onPress={() => {
                move.to(node);
                onSelect(node.key);
              }}
              onKeyDown={(event) => move.onKeyDown(event, node)}
            />
          ) : null,
        )}
      </div>
    </div>
  );
}

type ButtonProps = {
  node: Node;
  tabbable: boolean;
  pressed: boolean;
  faded: boolean;
  onPress: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

function NodeButton({ node, tabbable, pressed, faded, onPress, onKeyDown }: ButtonProps) {
  return (
    <button
      type="button"
      data-node={node.key}
      tabIndex={tabbable ? 0 : -1}
      aria-pressed={pressed}
      title={`${node.type}: ${visibleText(node.value)}`}
      onClick={onPress}
      onKeyDown={onKeyDown}
      style={{ left: left(node), top: top(node), width: COLUMN, height: NODE }}
      className={cx(
        "record absolute flex items-center gap-1.5 rounded-control border bg-surface px-1.5 text-left text-2xs",
        pressed ? "border-accent bg-selected" : "hover:bg-hover",
        faded && "text-faint",
      )}
    >
      <span className="sr-only">{node.type} </span>
      <span className="min-w-0 flex-1 truncate">
        <HostileText text={node.value} />
      </span>
      <span className="shrink-0 text-faint tabular-nums">
        {node.links}
        <span className="sr-only">{node.links === 1 ? " link" : " links"}</span>
      </span>
    </button>
  );
}

type Seen = { x: number; y: number; width: number; height: number };

function Edges({ edges, seen }: { edges: readonly DrawnEdge[]; seen: Seen }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (!canvas.current || seen.width === 0) return;
    const { current } = canvas;
    // A colour of the theme is a rule until an element wears it
    const colour = (name: string) => {
      current.style.color = `var(${name})`;
      return getComputedStyle(current).color;
    };
    drawEdges(current, edges, seen, {
      plain: colour("--line-strong"),
      cited: colour("--model"),
      chosen: colour("--accent"),
    });
  }, [edges, seen]);
  return (
    <div className="pointer-events-none sticky top-0 left-0 z-0 h-0 w-0">
      <canvas
        ref={canvas}
        aria-hidden
        style={{ width: seen.width, height: seen.height }}
        className="max-w-none"
      />
    </div>
  );
}

/** What part of the picture the window shows, once a frame. */
function useWindow(scroller: RefObject<HTMLDivElement | null>): Seen {
  const [seen, setSeen] = useState<Seen>({ x: 0, y: 0, width: 0, height: 600 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let frame = 0;
    const read = () => {
      frame = 0;
      const { scrollLeft: x, scrollTop: y, clientWidth: width, clientHeight: height } = element;
      setSeen({ x, y, width, height });
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(read);
    };
    const resized = new ResizeObserver(soon);
    resized.observe(element);
    element.addEventListener("scroll", soon, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      element.removeEventListener("scroll", soon);
    };
  }, [scroller]);
  return seen;
}

function useDrawnEdges(
  { nodes, edges }: Props["layout"],
  citedEdges: Props["citedEdges"],
  selected: string | null,
): DrawnEdge[] {
  return useMemo(() => {
    const places = new Map(nodes.map((node) => [node.key, node]));
    return edges.map((edge) => {
      const chosen = edge.from === selected || edge.to === selected;
      const plain = selected === null ? "plain" : "faded";
      return {
        from: places.get(edge.from)!,
        to: places.get(edge.to)!,
        look: chosen ? "chosen" : citedEdges.has(edge) ? "cited" : plain,
      };
    });
  }, [nodes, edges, citedEdges, selected]);
}

/** The chosen entity and those it is linked to; null when none is chosen. */
function nearOf(edges: readonly GraphEdgeView[], selected: string | null): Set<string> | null {
  if (selected === null) return null;
  const near = edges.filter(({ from, to }) => from === selected || to === selected);
  return new Set([selected, ...near.flatMap(({ from, to }) => [from, to])]);
}

/** One stop for the Tab key; arrows move on, and bring what they reach into view. */
function useRoving(scroller: RefObject<HTMLDivElement | null>, nodes: readonly Node[]) {
  const [current, setCurrent] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const key = CSS.escape(wanted.current);
    wanted.current = null;
    scroller.current?.querySelector<HTMLElement>(`[data-node="${key}"]`)?.focus();
  });
  const known = current !== null && nodes.some(({ key }) => key === current) ? current : null;
  return {
    current: known,
    to: (node: Node) => setCurrent(node.key),
    onKeyDown: (event: KeyboardEvent, node: Node) => {
      const next = neighbourOf(nodes, node, event.key);
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      wanted.current = next.key;
      bringIntoView(scroller.current, next);
      setCurrent(next.key);
    },
  };
}

function bringIntoView(element: HTMLDivElement | null, node: Node): void {
  if (!element) return;
  const [y, x] = [top(node), left(node)];
  const { scrollTop, clientHeight, scrollLeft, clientWidth } = element;
  if (y < scrollTop + HEAD) element.scrollTop = y - HEAD;
  else if (y + ROW > scrollTop + clientHeight) element.scrollTop = y + ROW - clientHeight;
  if (x < scrollLeft) element.scrollLeft = x;
  else if (x + COLUMN > scrollLeft + clientWidth) element.scrollLeft = x + COLUMN - clientWidth;
}
