import { COLUMN, left, NODE, top } from "./graph-geometry.ts";

type Place = { column: number; row: number };
export type DrawnEdge = { from: Place; to: Place; look: "plain" | "cited" | "chosen" | "faded" };
type Window = { x: number; y: number; width: number; height: number };
export type Colours = { plain: string; cited: string; chosen: string };

/** Draws the edges that cross the window onto a canvas of the window's size. Cited and chosen ones lie on top. */
export function drawEdges(
  canvas: HTMLCanvasElement,
  edges: readonly DrawnEdge[],
  window: Window,
  colours: Colours,
): void {
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(window.width * scale);
  canvas.height = Math.round(window.height * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(scale, 0, 0, scale, -window.x * scale, -window.y * scale);
  for (const look of ["faded", "plain", "cited", "chosen"] as const) {
    context.beginPath();
    for (const edge of edges) if (edge.look === look && crosses(edge, window)) trace(context, edge);
    context.strokeStyle = colours[look === "faded" ? "plain" : look];
    context.globalAlpha = { faded: 0.12, plain: 0.45, cited: 0.9, chosen: 1 }[look];
    context.lineWidth = look === "plain" || look === "faded" ? 1 : 2;
    context.stroke();
  }
}

function crosses({ from, to }: DrawnEdge, { y, height }: Window): boolean {
  const [upper, lower] = from.row < to.row ? [from, to] : [to, from];
  return top(lower) + NODE >= y && top(upper) <= y + height;
}

function trace(context: CanvasRenderingContext2D, { from, to }: DrawnEdge): void {
  const forward = from.column < to.column;
  const same = from.column === to.column;
  const x1 = left(from) + (same || forward ? COLUMN : 0);
  const x2 = left(to) + (same || !forward ? COLUMN : 0);
  const [y1, y2] = [top(from) + NODE / 2, top(to) + NODE / 2];
  const bend = same ? 26 : (x2 - x1) / 2;
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1, same ? x2 + bend : x2 - bend, y2, x2, y2);
}
