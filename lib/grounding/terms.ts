import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { type Column, NONE, codesAt, keysOf } from "./columns.ts";
import { parseInstant } from "./instants.ts";
import { fieldHas, type Term } from "./query.ts";
import { canonicalValue, sameCanonical, valueType } from "./values.ts";

/** What a term comes to on one record. `query.ts` says the same about a record without an index. */
export type Held = 0 | 1 | 2;
export const FALSE: Held = 0;
export const TRUE: Held = 1;
export const UNKNOWN: Held = 2;

/** A term made ready to be asked of many records by their place. */
export type Test = (at: number) => Held;

/** The records and what was read of them; `times` are milliseconds, NaN where there is none. */
export type Table = {
  records: EvidenceRecord[];
  column: (field: string) => Column;
  times: () => Float64Array;
};

export function makeTest(table: Table, term: Term): Test {
  if (term.op === "known" || term.op === "unknown") return knownTest(table, term);
  if (term.field === "time") return timeTest(table, term);
  const column = table.column(term.field);
  const test =
    term.op === "gte" || term.op === "lte"
      ? numberTest(column, term)
      : valueTest(table, column, term);
  return (at) => {
    const code = column.codes[at] ?? NONE;
    if (code === NONE) return UNKNOWN;
    const held = code >= 0 ? test(code, at) : anyOf(codesAt(column, at), at, test);
    return term.op !== "ne" || held === UNKNOWN ? held : held === TRUE ? FALSE : TRUE;
  };
}

/** All of them: false if one is, else unknown if one is. */
export function testAll(tests: Test[], at: number): Held {
  let all: Held = TRUE;
  for (const test of tests) {
    const held = test(at);
    if (held === FALSE) return FALSE;
    if (held === UNKNOWN) all = UNKNOWN;
  }
  return all;
}

type ValueTest = (code: number, at: number) => Held;

function knownTest(table: Table, { field, op }: Term): Test {
  const [yes, no]: [Held, Held] = op === "known" ? [TRUE, FALSE] : [FALSE, TRUE];
  if (field === "time") {
    return (at) => ((table.records[at]?.time ?? null) === null ? no : yes);
  }
  const { codes } = table.column(field);
  return (at) => (codes[at] === NONE ? no : yes);
}

function timeTest(table: Table, { op, value }: Term): Test {
  const limit = parseInstant(value);
  if (!limit) return () => UNKNOWN;
  const times = table.times();
  const { start, end } = limit;
  return (at) => {
    const ms = times[at] ?? Number.NaN;
    if (Number.isNaN(ms)) return UNKNOWN;
    if (op === "gte") return ms >= start ? TRUE : FALSE;
    if (op === "lte") return ms < end ? TRUE : FALSE;
    const within = ms >= start && ms < end;
    return within === (op === "eq") ? TRUE : FALSE;
  };
}

function numberTest(column: Column, { op, value }: Term): ValueTest {
  const limit = Number(canonicalValue("number", value).key);
  return remember(column, (code) => {
    const n = Number(canonicalValue("number", column.values[code] ?? "").key);
    return (op === "gte" ? n >= limit : n <= limit) ? TRUE : FALSE;
  });
}

/** Equal keys are enough unless the term names a domain, which for users only the record may know. */
function valueTest(table: Table, column: Column, { field, value }: Term): ValueTest {
  const type = valueType(field);
  const want = canonicalValue(type, value);
  const { own, parent, byText } = keysOf(column);
  const key = byText.get(want.key) ?? NONE;
  if (key === NONE) return () => FALSE;
  if (want.qualifier === null) {
    return (code) => (own[code] === key || parent?.[code] === key ? TRUE : FALSE);
  }
  if (type === "user") {
    return (code, at) => {
      const record = table.records[at];
      if (own[code] !== key || !record) return FALSE;
      const has = fieldHas(record, field, value);
      return has === "unknown" ? UNKNOWN : has ? TRUE : FALSE;
    };
  }
  return remember(column, (code) => {
    const same = sameCanonical(canonicalValue(type, column.values[code] ?? ""), want);
    return same === "unknown" ? UNKNOWN : same ? TRUE : FALSE;
  });
}

function anyOf(codes: number[], at: number, test: ValueTest): Held {
  let any: Held = FALSE;
  for (const code of codes) {
    const held = test(code, at);
    if (held === TRUE) return TRUE;
    if (held === UNKNOWN) any = UNKNOWN;
  }
  return any;
}

/** Asks once per value, and only for the values that come up. */
function remember(column: Column, ask: (code: number) => Held): ValueTest {
  const known = new Map<number, Held>();
  return (code) => {
    const before = known.get(code);
    if (before !== undefined) return before;
    const made = ask(code);
    known.set(code, made);
    return made;
  };
}
