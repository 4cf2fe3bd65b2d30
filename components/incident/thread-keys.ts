import type { ThreadOutline } from "#lib/contracts/thread-views.ts";
import type { ThreadRows } from "#lib/domain/thread/thread-rows.ts";

/** The key of a record's line by its E12 as 12. */
export function recordKey(position: number): string {
  return `record:${position}`;
}

/** The E12 (as 12) of a record's line, or null for any other. */
export function positionOf(key: string | null): number | null {
  return key?.startsWith("record:") ? Number(key.slice("record:".length)) : null;
}

/** The E12 of the first record of a fold's line, or null for any other. */
export function foldOfKey(key: string | null): number | null {
  return key?.startsWith("fold:") ? Number(key.slice("fold:".length)) : null;
}

/** The key a line keeps however the thread grows; null for a heading and for what is not told yet. */
export function keyOfRow(outline: ThreadOutline, rows: ThreadRows, row: number): string | null {
  const line = rows.at(row);
  switch (line.kind) {
    case "record":
      return recordKey(line.position);
    case "fold":
      return `fold:${line.position}`;
    case "act": {
      const entry = outline.acts[line.act]?.entry;
      return entry ? `${entry.type}:${entry.id}` : null;
    }
    default:
      return null;
  }
}

/** Where the line of a key stands; a record that is folded away stands in its fold's line. */
export function rowOfKey(
  outline: ThreadOutline,
  rows: ThreadRows,
  key: string | null,
): number | null {
  if (key === null) return null;
  const head = foldOfKey(key);
  if (head !== null) {
    const fold = rows.foldOf(head);
    if (fold === undefined || outline.folds[fold]?.head !== head) return null;
    return rows.rowOfFold(fold) ?? null;
  }
  const position = positionOf(key);
  if (position !== null) return rows.rowOf(position) ?? null;
  const act = outline.acts.findIndex(({ entry }) => `${entry.type}:${entry.id}` === key);
  return act < 0 ? null : (rows.rowOfAct(act) ?? null);
}

/** The key `step` lines from `key` on, past headings; at an end it stays. Null where nothing is told. */
export function neighbour(
  outline: ThreadOutline,
  rows: ThreadRows,
  key: string | null,
  step: 1 | -1,
): string | null {
  const at = rowOfKey(outline, rows, key);
  let row = at === null ? (step > 0 ? 0 : rows.count - 1) : at + step;
  for (; row >= 0 && row < rows.count; row += step) {
    const found = keyOfRow(outline, rows, row);
    if (found !== null) return found;
  }
  return key;
}
