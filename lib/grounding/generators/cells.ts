import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { canonicalValue, type ValueType, valueType } from "../values.ts";
import { isShowable } from "./words.ts";

/** One value as a sentence says it, and the key under which its spellings meet. */
export type Cell = { text: string; key: string };

type Column = {
  type: ValueType;
  /** What each value came to; null for what is not fit to be said. */
  known: Map<string | number, Cell | null>;
};

const SHORT_NAMES = new Set<ValueType>(["host", "user"]);
const PLACEHOLDERS = new Set([
  "",
  "-",
  "n/a",
  "na",
  "none",
  "null",
  "unknown",
  "(empty)",
  "?",
  "0.0.0.0",
  "::",
]);
const LONGEST_PLACEHOLDER = 8;
/** Values that repeat are read once; above so many the memory is worth more than the time. */
const REMEMBERED_MAX = 200_000;

const columns = new Map<FieldName, Column>();
let remembered = 0;

/** Lets go of the values of an earlier incident. */
export function forgetCells(): void {
  columns.clear();
  remembered = 0;
}

/** The first value of a field that is fit to be said; null when there is none. */
export function firstCell(record: EvidenceRecord, field: FieldName): Cell | null {
  const value = valueOf(record, field);
  if (value === undefined) return null;
  if (!Array.isArray(value)) return cellOf(field, value);
  for (const one of value) {
    const cell = cellOf(field, one);
    if (cell) return cell;
  }
  return null;
}

/** Every value of a field that is fit to be said, in its order. */
export function cellsOf(record: EvidenceRecord, field: FieldName): Cell[] {
  const value = valueOf(record, field);
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => cellOf(field, one) ?? []);
  const cell = cellOf(field, value);
  return cell ? [cell] : [];
}

function valueOf(record: EvidenceRecord, field: FieldName) {
  if (field === "severity" && record.severity !== null) return record.severity;
  return record.fields[field];
}

function cellOf(field: FieldName, value: string | number): Cell | null {
  let column = columns.get(field);
  if (!column) columns.set(field, (column = { type: valueType(field), known: new Map() }));
  const known = column.known.get(value);
  if (known !== undefined) return known;
  if (remembered >= REMEMBERED_MAX) {
    for (const each of columns.values()) each.known.clear();
    remembered = 0;
  }
  const cell = readCell(column.type, value);
  column.known.set(value, cell);
  remembered += 1;
  return cell;
}

function readCell(type: ValueType, value: string | number): Cell | null {
  const text = String(value).trim();
  if (isPlaceholder(text) || !isShowable(text)) return null;
  const name = SHORT_NAMES.has(type) ? shortName(type, text) : text;
  return isPlaceholder(name) ? null : { text: name, key: canonicalValue(type, name).key };
}

function isPlaceholder(text: string): boolean {
  return text.length <= LONGEST_PLACEHOLDER && PLACEHOLDERS.has(text.toLowerCase());
}

function shortName(type: ValueType, text: string): string {
  const { key } = canonicalValue(type, text);
  const at = text.toLowerCase().indexOf(key);
  return at < 0 ? text : text.slice(at, at + key.length);
}
