import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FIELD_NAMES } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import {
  findRecord,
  indexEvidence,
  possibleMatches,
  type Selection,
  selectWhere,
} from "./evidence-index.ts";
import { seenElsewhere } from "./lookalikes.ts";
import {
  matches3,
  PSEUDO_FIELDS,
  parseWhere,
  queryValues,
  type Term,
  whereAll,
  whereKnown,
  whereTerm,
  whereUnknown,
} from "./query.ts";
import { randomIncident } from "./rules-arbitrary.ts";
import { fixture } from "./rules-fixtures.ts";
import { parseTime } from "./stored-time.ts";

const FIELDS = [...FIELD_NAMES, ...PSEUDO_FIELDS];
const ORDERED = new Set(["time", "destination.port", "network.bytes_out", "process.pid"]);
const OTHER_SPELLINGS = [
  "FABRIKAM\\asmith",
  "asmith@corp.example",
  "ws-014.fabrikam.com",
  "T1003",
  "T1003.001.1",
  "2026-03-01",
  "2026-03-01T02:14Z",
  "443.0",
  "E1",
];

/** A term about a field some record has, with one of its values or one that it nearly has. */
function randomTerm(records: EvidenceRecord[]): fc.Arbitrary<string> {
  const known = FIELDS.filter((f) => records.some((r) => queryValues(r, f).length > 0));
  return fc
    .record({
      field: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...known) },
        fc.constantFrom(...FIELDS),
      ),
      at: fc.nat(),
      other: fc.option(fc.constantFrom(...OTHER_SPELLINGS), { freq: 4 }),
      op: fc.constantFrom("eq", "ne", "gte", "lte", "known", "unknown"),
    })
    .map(({ field, at, other, op }) => {
      if (op === "known") return whereKnown(field);
      if (op === "unknown") return whereUnknown(field);
      const values = records.flatMap((r) => queryValues(r, field));
      const value = other ?? values[at % Math.max(1, values.length)] ?? "none";
      if (op === "eq" || op === "ne") return whereTerm(field, value, op);
      return whereTerm(field, value, ORDERED.has(field) ? (op as "gte" | "lte") : "eq");
    });
}

const asked = randomIncident.chain(({ records }) =>
  fc.record({
    records: fc.constant(records),
    wheres: fc.array(
      fc.array(randomTerm(records), { maxLength: 3 }).map((terms) => whereAll(...terms)),
      { minLength: 1, maxLength: 8 },
    ),
  }),
);

describe("the index answers what a plain scan answers", () => {
  test("which records match for certain, and which might", () => {
    let found = 0;
    let maybe = 0;
    fc.assert(
      fc.property(asked, ({ records, wheres }) => {
        const index = indexEvidence(records);
        for (const where of wheres) {
          const parsed = parseWhere(where);
          const selection: Selection = selectWhere(index, where);
          expect(selection.ok).toBe(parsed.ok);
          if (!parsed.ok || !selection.ok) continue;
          expect(selection.records).toEqual(
            records.filter((r) => matches3(r, parsed.terms) === true),
          );
          const possible = possibleMatches(index, parsed.terms);
          expect(possible).toEqual(scanPossible(records, parsed.terms));
          found += selection.records.length;
          maybe += possible.length;
        }
      }),
      { numRuns: 400 },
    );
    expect(Math.min(found, maybe)).toBeGreaterThan(10);
  });

  test("ids and labels, wherever a record stands", () => {
    const { records } = fixture([{ fields: {} }, { fields: {} }, { fields: {} }]);
    for (const order of [records, records.toReversed(), records.slice(1)]) {
      const index = indexEvidence(order);
      for (const id of ["E1", " e2 ", "E3", "r3", "E0", "E01", "E4", "r4", "", "E-1", "E1e0"]) {
        const bare = id.trim().toUpperCase();
        const there = order.find((r) => r.id === id || `E${r.position}` === bare) ?? null;
        expect(findRecord(index, id), id).toBe(there);
      }
    }
  });

  test("a value is found by any spelling of it, in the first record that has it", () => {
    const { records } = fixture([
      { fields: { host: "dc01" } },
      { fields: { technique: ["T1003.001", "T1059"] } },
      { fields: { host: "WS-014.contoso.com", "source.ip": "::ffff:10.0.0.1" } },
    ]);
    const index = indexEvidence(records);
    const where = (type: "host" | "ip" | "technique", text: string) =>
      seenElsewhere({ type, text, start: 0, end: text.length }, index)?.position ?? null;
    expect(where("host", "ws-014$")).toBe(3);
    expect(where("host", "ws-014.fabrikam.com")).toBe(null);
    expect(where("ip", "10.0.0.1")).toBe(3);
    expect(where("technique", "T1003")).toBe(2);
    expect(where("technique", "T1059.001")).toBe(null);
  });
});

describe("a stored time", () => {
  const date = fc.date({
    min: new Date("0001-01-01T00:00:00.000Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  test("is read as Date.parse reads it", () => {
    fc.assert(
      fc.property(date, (d) => {
        expect(parseTime(d.toISOString())).toBe(d.getTime());
      }),
      { numRuns: 2000 },
    );
  });
  test.each([
    "2026-02-29T00:00:00.000Z",
    "2024-02-29T00:00:00.000Z",
    "2026-13-01T00:00:00.000Z",
    "2026-01-01T24:00:00.000Z",
    "2026-01-01T25:00:00.000Z",
    "2026-01-01T00:00:60.000Z",
    "2026-01-01 00:00:00.000Z",
    "2026-01-01T00:00:00,000Z",
    "2026-01-01T00:00:00.0000",
    "20x6-01-01T00:00:00.000Z",
    "2026-01-01",
    "",
  ])("%s too", (text) => {
    expect(parseTime(text)).toBe(Date.parse(text));
    expect(parseTime(null)).toBe(Number.NaN);
  });
});

/** As `possibleMatches` is described, record by record. */
function scanPossible(records: EvidenceRecord[], terms: Term[]): EvidenceRecord[] {
  const shape = (r: EvidenceRecord) => {
    const code = r.fields["event.code"] ?? r.fields["event.class"] ?? r.fields.action ?? "";
    return `${r.format}|${r.kind}|${String(code)}`;
  };
  const has = (r: EvidenceRecord, field: string) => queryValues(r, field).length > 0;
  const anchors = terms.filter((t) => t.op === "eq" && ["kind", "source"].includes(t.field));
  return records.filter(
    (record) =>
      matches3(record, anchors) === true &&
      matches3(record, terms) === "unknown" &&
      terms.every(
        ({ field }) =>
          has(record, field) || records.some((r) => shape(r) === shape(record) && has(r, field)),
      ),
  );
}
