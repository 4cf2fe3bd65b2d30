import { type EvidenceRecord, FORMATS, HAND_FORMATS } from "#lib/domain/evidence/record.ts";
import {
  type Cells,
  type Column,
  keysOf,
  makeColumn,
  NONE,
  readCells,
  recordsWith,
} from "./columns.ts";
import { parseWhere, type Term } from "./query.ts";
import { FALSE, makeTest, type Table, testAll, TRUE, UNKNOWN } from "./terms.ts";
import { parseTime } from "./stored-time.ts";
import { canonicalValue, valueType } from "./values.ts";

/** Built per incident, field by field as it is asked: 50 claims over 100,000 records in under a second. */
export type EvidenceIndex = Table & {
  /** By id, and by label: "E12". */
  byId: RecordLookup;
  selections: Map<string, Selection>;
  /** How many records the remembered selections hold; see `MAX_REMEMBERED`. */
  remembered: number;
  /** field -> which shapes of records have the field known at least once; by number of the shape. */
  shapes: { of: Int32Array; having: Map<string, Set<number>> } | null;
};

export type RecordLookup = {
  get: (id: string) => EvidenceRecord | undefined;
  has: (id: string) => boolean;
};

export type Selection =
  | { ok: true; terms: Term[]; records: EvidenceRecord[] }
  | { ok: false; reason: string };

/** Ten thousand claims with ten thousand wide queries must not fill the memory. */
const MAX_REMEMBERED = 20_000_000;
const KINDS = ["alert", "event", "incident"];
const LABEL = /^E([1-9]\d{0,8})$/;

export function indexEvidence(records: EvidenceRecord[]): EvidenceIndex {
  const columns = new Map<string, Column>();
  let cells: Map<string, Cells> | null = null;
  let times: Float64Array | null = null;
  const column = (field: string): Column => {
    const known = columns.get(field);
    if (known) return known;
    cells ??= readCells(records);
    const made = makeColumn(records, field, cells.get(field));
    columns.set(field, made);
    return made;
  };
  return {
    records,
    column,
    times: () => (times ??= Float64Array.from(records, (r) => parseTime(r.time))),
    byId: lookupOf(records),
    selections: new Map(),
    remembered: 0,
    shapes: null,
  };
}

/** A record of this incident by id or label, or null. */
export function findRecord(index: EvidenceIndex, id: string): EvidenceRecord | null {
  return index.byId.get(id) ?? index.byId.get(id.trim().toUpperCase()) ?? null;
}

/** The records that match a `where`, remembered per query text. */
export function selectWhere(index: EvidenceIndex, where: string): Selection {
  const known = index.selections.get(where);
  if (known) return known;
  const parsed = parseWhere(where);
  const selection: Selection = parsed.ok
    ? { ok: true, terms: parsed.terms, records: runQuery(index, parsed.terms) }
    : parsed;
  index.remembered += selection.ok ? selection.records.length : 0;
  if (index.remembered > MAX_REMEMBERED) {
    index.selections.clear();
    index.remembered = 0;
  }
  index.selections.set(where, selection);
  return selection;
}

/**
 * Records that might match: some term's field is unknown on them although records of the same
 * shape (format, kind, event code) do have it. A process event has no destination port to be
 * unknown; a logon whose address the source left out does.
 */
export function possibleMatches(index: EvidenceIndex, terms: Term[]): EvidenceRecord[] {
  const tests = terms.map((t) => makeTest(index, t));
  const known = terms.map((t) => makeTest(index, { field: t.field, op: "known", value: "" }));
  const anchored = candidates(
    index,
    terms.filter((t) => isAnchor(t)),
  );
  return pick(index, anchored, (at) => {
    if (testAll(tests, at) !== UNKNOWN) return false;
    return terms.every((t, i) => known[i]?.(at) === TRUE || applies(index, at, t.field));
  });
}

/** How many records have a value of a field at most, in any spelling: no query finds more. */
export function recordsAtMost(index: EvidenceIndex, field: string, value: string): number {
  if (field === "time") return index.records.length;
  const keys = keysOf(index.column(field));
  const key = keys.byText.get(canonicalValue(valueType(field), value).key);
  return key === undefined ? 0 : recordsWith(keys, key).length;
}

function isAnchor(term: Term): boolean {
  return term.op === "eq" && (term.field === "kind" || term.field === "source");
}

function runQuery(index: EvidenceIndex, terms: Term[]): EvidenceRecord[] {
  if (terms.length === 0) return index.records;
  const tests = terms.map((t) => makeTest(index, t));
  return pick(index, candidates(index, terms), (at) => testAll(tests, at) === TRUE);
}

/** The shortest list of records among the equality terms; null, for all, when there is none. */
function candidates(index: EvidenceIndex, terms: Term[]): Int32Array | null {
  let best: Int32Array | null = null;
  for (const term of terms) {
    if (term.op !== "eq" || term.field === "time") continue;
    const keys = keysOf(index.column(term.field));
    const key = keys.byText.get(canonicalValue(valueType(term.field), term.value).key);
    const list = key === undefined ? new Int32Array() : recordsWith(keys, key);
    if (!best || list.length < best.length) best = list;
  }
  return best;
}

function pick(
  index: EvidenceIndex,
  from: Int32Array | null,
  test: (at: number) => boolean,
): EvidenceRecord[] {
  const found: EvidenceRecord[] = [];
  const length = from ? from.length : index.records.length;
  for (let i = 0; i < length; i++) {
    const at = from ? (from[i] ?? 0) : i;
    const record = index.records[at];
    if (record && test(at)) found.push(record);
  }
  return found;
}

function applies(index: EvidenceIndex, at: number, field: string): boolean {
  index.shapes ??= { of: shapesOf(index), having: new Map() };
  const { of, having } = index.shapes;
  let shapes = having.get(field);
  if (!shapes) {
    shapes = new Set();
    const known = makeTest(index, { field, op: "known", value: "" });
    for (let i = 0; i < of.length; i++) if (known(i) !== FALSE) shapes.add(of[i] ?? NONE);
    having.set(field, shapes);
  }
  return shapes.has(of[at] ?? NONE);
}

const SHAPE_FIELDS = ["event.code", "event.class", "action"];

const ALL_FORMATS: readonly string[] = [...FORMATS, ...HAND_FORMATS];

/** Records of one format, kind and event code (else class, else action) have one shape. */
function shapesOf(index: EvidenceIndex): Int32Array {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text);
    if (known === undefined) numbers.set(text, numbers.size);
    return known ?? numbers.size - 1;
  };
  const named = SHAPE_FIELDS.map((field) => {
    const { codes, values, lists } = index.column(field);
    const ones = values.map((v) => numberOf(String(v)));
    const many = lists.map((list) => numberOf(list.map((c) => String(values[c])).join()));
    return {
      codes,
      numberAt: (code: number) => (code >= 0 ? ones[code] : many[-2 - code]) ?? NONE,
    };
  });
  return Int32Array.from(index.records, ({ format, kind }, at) => {
    const field = named.find(({ codes }) => codes[at] !== NONE);
    const code = field ? field.numberAt(field.codes[at] ?? NONE) : NONE;
    return (
      ((code + 1) * ALL_FORMATS.length + ALL_FORMATS.indexOf(format)) * 8 + KINDS.indexOf(kind)
    );
  });
}

/** Labels are places, nearly always; the map of ids is made when something else is asked for. */
function lookupOf(records: EvidenceRecord[]): RecordLookup {
  let ids: Map<string, EvidenceRecord> | null = null;
  const get = (id: string): EvidenceRecord | undefined => {
    const position = Number(LABEL.exec(id)?.[1] ?? 0);
    const there = records[position - 1];
    if (there?.position === position) return there;
    ids ??= mapOf(records);
    return ids.get(id);
  };
  return { get, has: (id) => get(id) !== undefined };
}

function mapOf(records: EvidenceRecord[]): Map<string, EvidenceRecord> {
  const ids = new Map<string, EvidenceRecord>();
  for (const record of records) ids.set(record.id, record);
  for (const record of records) ids.set(`E${record.position}`, record);
  return ids;
}
