import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CSV_COLUMNS, csvCell, csvEntry, csvHeader } from "./csv.ts";
import { buildLine, FIRST_PREV } from "./line.ts";

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])(
  "%j is no formula any more",
  (text) => expect(csvCell(text)).toMatch(/^"'/),
);

const hostile = fc
  .array(fc.constantFrom(...'""=+-@\t\r\n,\';aé\u2028\u0000'))
  .map((characters) => characters.join(""));

test("a cell reads back as what it was, but for the mark of a formula", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const inner = /^"((?:[^"]|"")*)"$/.exec(csvCell(text))?.[1];
      const back = inner?.replaceAll('""', '"') ?? null;
      const isText = back === text || back === `'${text}`;
      expect(isText && !/^[=+\-@\t\r]/.test(back)).toBe(true);
    }),
  );
});

test("an entry is a row with a cell for each column", () => {
  const line = buildLine({
    actor: "model:=cmd",
    at: "2026-03-01T02:14:07.000000Z",
    incident: null,
    incidentPrev: null,
    incidentSeq: null,
    kind: "note.added",
    payload: "0".repeat(64),
    prev: FIRST_PREV,
    role: "countersign_web",
    seq: 7,
    v: 1,
  });
  const row = csvEntry({ line, leaf: "ab", payload: '{"a":"b"}' });
  expect(row).toBe(
    '"7","2026-03-01T02:14:07.000000Z","note.added","model:=cmd","countersign_web","","{""a"":""b""}","ab"\r',
  );
  expect(csvHeader().split(",")).toHaveLength(CSV_COLUMNS.length);
  expect(() => csvEntry({ line: "{}", leaf: "", payload: "" })).toThrow(/trail:/);
});
