import type { FieldName, FieldValue } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { PSEUDO_FIELDS, queryValues } from "./query.ts";
import { canonicalValue, valueType } from "./values.ts";

/** What stands in one field: which records, and their values, side by side. */
export type Cells = { at: number[]; values: (FieldValue | (string | number)[])[] };

/**
 * One field of all records: every distinct value is kept once and has a number, so that what is
 * true of a value is worked out once and not once per record.
 */
export type Column = {
  field: string;
  /** By record: the number of its value, `NONE`, or `-2 - k` for the k-th of `lists`. */
  codes: Int32Array;
  /** The distinct values in order of first appearance. */
  values: (string | number)[];
  lists: number[][];
  keys: Keys | null;
};

/** The distinct values by their canonical form, and which records have them. */
export type Keys = {
  /** Distinct canonical forms in order of first appearance. */
  texts: string[];
  byText: Map<string, number>;
  /** By number of a value: the number of its key, and for sub-techniques that of their parent. */
  own: Int32Array;
  parent: Int32Array | null;
  /** Key k is had by the records `at[starts[k]]` to `at[starts[k + 1] - 1]`, in their order. */
  starts: Uint32Array;
  at: Int32Array;
};

export const NONE = -1;

/**
 * Turns the records on their side, in one walk: what costs is to reach a record, not to note one
 * more of its fields.
 */
export function readCells(records: EvidenceRecord[]): Map<string, Cells> {
  const cells = new Map<string, Cells>();
  // Records of one kind have their fields in one order: the last record's cells mostly serve again.
  const names: string[] = [];
  const row: Cells[] = [];
  for (let at = 0; at < records.length; at++) {
    const fields = records[at]?.fields ?? {};
    let i = 0;
    for (const name in fields) {
      const value = fields[name as FieldName];
      if (value === undefined) continue;
      let cell = names[i] === name ? row[i] : cells.get(name);
      if (!cell) cells.set(name, (cell = { at: [], values: [] }));
      names[i] = name;
      row[i++] = cell;
      cell.at.push(at);
      cell.values.push(value);
    }
  }
  return cells;
}

/** Numbers the values of a field. `cells` are its own, for a field of the normal form. */
export function makeColumn(
  records: EvidenceRecord[],
  field: string,
  cells: Cells | undefined,
): Column {
  const codes = new Int32Array(records.length).fill(NONE);
  const column: Column = { field, codes, values: [], lists: [], keys: null };
  const { at, values } = isOutside(field) ? cellsBeside(records, field) : (cells ?? NO_CELLS);
  const numbers = new Map<string | number, number>();
  let last: unknown;
  let lastCode = NONE;
  const codeOf = (value: string | number): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, column.values.length);
    return column.values.push(value) - 1;
  };
  for (let i = 0; i < at.length; i++) {
    const value = values[i] ?? "";
    // Neighbouring records often have the same value.
    if (value !== last) {
      last = value;
      lastCode = Array.isArray(value) ? codeOfList(column, value.map(codeOf)) : codeOf(value);
    }
    codes[at[i] ?? 0] = lastCode;
  }
  return column;
}

/** The values of one record as numbers of the column. */
export function codesAt(column: Column, at: number): number[] {
  const code = column.codes[at] ?? NONE;
  if (code === NONE) return [];
  return code >= 0 ? [code] : (column.lists[-2 - code] ?? []);
}

/** The canonical forms of a column's values and the records of each; worked out once. */
export function keysOf(column: Column): Keys {
  if (column.keys) return column.keys;
  const type = valueType(column.field);
  const texts: string[] = [];
  const byText = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = byText.get(text);
    if (known !== undefined) return known;
    byText.set(text, texts.length);
    return texts.push(text) - 1;
  };
  const own = new Int32Array(column.values.length);
  const parent = type === "technique" ? new Int32Array(column.values.length).fill(NONE) : null;
  for (let code = 0; code < own.length; code++) {
    const text = canonicalValue(type, column.values[code] ?? "").key;
    own[code] = numberOf(text);
    const dot = parent ? text.indexOf(".") : -1;
    if (parent && dot >= 0) parent[code] = numberOf(text.slice(0, dot));
  }
  column.keys = { texts, byText, own, parent, ...layOut(column, texts.length, own, parent) };
  return column.keys;
}

/** The records that have a key, in their order. */
export function recordsWith(keys: Keys, key: number): Int32Array {
  return keys.at.subarray(keys.starts[key] ?? 0, keys.starts[key + 1] ?? 0);
}

const NO_CELLS: Cells = { at: [], values: [] };

/** What stands beside the fields of a record, or may. */
function isOutside(field: string): boolean {
  return field === "severity" || (PSEUDO_FIELDS as readonly string[]).includes(field);
}

function cellsBeside(records: EvidenceRecord[], field: string): Cells {
  const cells: Cells = { at: [], values: [] };
  for (let at = 0; at < records.length; at++) {
    const record = records[at];
    const values = record ? queryValues(record, field) : [];
    if (values.length === 0) continue;
    cells.at.push(at);
    cells.values.push(values.length === 1 ? (values[0] ?? "") : values);
  }
  return cells;
}

function codeOfList(column: Column, codes: number[]): number {
  if (codes.length < 2) return codes[0] ?? NONE;
  return -1 - column.lists.push(codes);
}

/** Lays the records of each key side by side: counted first, then filled in. */
function layOut(
  column: Column,
  size: number,
  own: Int32Array,
  parent: Int32Array | null,
): { starts: Uint32Array; at: Int32Array } {
  const starts = new Uint32Array(size + 1);
  const { codes } = column;
  const keysAt = keysPerRecord(column, own, parent);
  for (let record = 0; record < codes.length; record++) {
    const code = codes[record] ?? NONE;
    if (code === NONE) continue;
    if (!keysAt) count(starts, (own[code] ?? 0) + 1, 1);
    else for (const key of keysAt(code)) count(starts, key + 1, 1);
  }
  for (let key = 0; key < size; key++) count(starts, key + 1, starts[key] ?? 0);
  const next = starts.slice();
  const at = new Int32Array(starts[size] ?? 0);
  for (let record = 0; record < codes.length; record++) {
    const code = codes[record] ?? NONE;
    if (code === NONE) continue;
    if (!keysAt) at[count(next, own[code] ?? 0, 1)] = record;
    else for (const key of keysAt(code)) at[count(next, key, 1)] = record;
  }
  return { starts, at };
}

/** Adds, and answers what was there before. */
function count(counts: Uint32Array, at: number, by: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + by;
  return before;
}

/** The different keys of a record with such a code; null when each code has just its own. */
function keysPerRecord(
  { lists }: Column,
  own: Int32Array,
  parent: Int32Array | null,
): ((code: number) => Set<number>) | null {
  if (lists.length === 0 && !parent) return null;
  const known = new Map<number, Set<number>>();
  return (code) => {
    const before = known.get(code);
    if (before) return before;
    const codes = code >= 0 ? [code] : (lists[-2 - code] ?? []);
    const keys = new Set(codes.flatMap((c) => [own[c] ?? NONE, parent?.[c] ?? NONE]));
    keys.delete(NONE);
    known.set(code, keys);
    return keys;
  };
}
