import { parseLine } from "./line.ts";

/** The columns of the trail as a table, RFC 4180. A table is for reading: it cannot be verified. */
export const CSV_COLUMNS = [
  "seq",
  "at",
  "kind",
  "actor",
  "role",
  "incident",
  "payload",
  "leaf",
] as const;

/** A spreadsheet takes a cell that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvHeader(): string {
  return csvRow(CSV_COLUMNS);
}

/** `payload` is null when it was erased: its cell stays empty. */
type CsvEntry = { line: string; leaf: string; payload: string | null };

/** One entry as a row without its line end. Throws on a line that is not one of ours. */
export function csvEntry({ line, payload, leaf }: CsvEntry): string {
  const parsed = parseLine(line);
  if (!parsed.ok) throw new Error(`trail: ${parsed.reason}`);
  const { seq, at, kind, actor, role, incident } = parsed.value;
  return csvRow([String(seq), at, kind, actor, role, incident ?? "", payload ?? "", leaf]);
}

/** A row without its line end, of cells of any text. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => csvCell(cell)).join(",")}\r`;
}

/** Always in quotation marks; what would be a formula gets an apostrophe before it, as spreadsheets mark text. */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
