import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { say } from "./progress.ts";

/** One measured number. `target` is what it must hold, as a sentence; `holds` null means there is no target. */
export type Figure = {
  id: string;
  value: number;
  unit: string;
  n: number;
  target: string | null;
  holds: boolean | null;
  note: string;
};

/** A number that is told and has no target. */
export function told(id: string, value: number, n: number, note = "", unit = ""): Figure {
  return { id, value, unit, n, target: null, holds: null, note };
}

/** A number that must be none. */
export function none(id: string, value: number, n: number, note: string): Figure {
  return { id, value, unit: "", n, target: "0", holds: value === 0, note };
}

/** A number that must not be above `most`; it is judged before it is rounded. */
export function atMost(
  id: string,
  value: number,
  most: number,
  { n, note, unit = "ms" }: { n: number; note: string; unit?: string },
): Figure {
  return { id, value: round(value), unit, n, target: `<= ${most}`, holds: value <= most, note };
}

/** Prints the figures as a table, writes them to `--json FILE` when asked, and sets exit code 1 when one misses. */
export function publish(command: string, figures: Figure[]): void {
  const { values } = parseArgs({ options: { json: { type: "string" } }, strict: false });
  say(`\n${command}`);
  say(table(figures));
  const missed = figures.filter((figure) => figure.holds === false);
  if (missed.length > 0) say(`\nMissed: ${missed.map((figure) => figure.id).join(", ")}`);
  if (typeof values["json"] === "string") {
    const report = { at: new Date().toISOString(), commit: commit(), machine: machine(), figures };
    writeFileSync(values["json"], `${JSON.stringify(report, null, 2)}\n`);
  }
  process.exitCode = missed.length > 0 ? 1 : 0;
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** How much `y` grows with each `x`: the line of least squares. 0 where all stand at one `x`. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const together = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return spread === 0 ? 0 : together / spread;
}

/** Three significant figures: what a run on a shared machine can honestly say. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

function table(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.holds === false ? "MISS" : figure.holds ? "ok" : "",
    figure.id,
    `${figure.value} ${figure.unit}`,
    `n=${figure.n}`,
    figure.target ?? "",
    figure.note,
  ]);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

function machine(): string {
  const [first] = cpus();
  return `${cpus().length} x ${first?.model.trim() ?? "cpu"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}
