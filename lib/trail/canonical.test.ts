import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical.ts";

test("keys are sorted by UTF-16 code unit at every depth", () => {
  expect(canonicalJson({ b: [{ z: 1, a: "x" }], a: null, "€": true, "\u{1F600}": false })).toBe(
    '{"a":null,"b":[{"a":"x","z":1}],"€":true,"\u{1F600}":false}',
  );
});

test("strings are spelled as JSON.stringify spells them", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
      expect(canonicalJson(text)).toBe(JSON.stringify(text));
    }),
  );
});

test("a value survives being written, read and written again", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("any"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (any) => {
      const once = canonicalJson(any);
      const read: unknown = JSON.parse(once);
      expect(canonicalJson(read)).toBe(once);
    }),
  );
});

test("flat values without nested order equal JSON.stringify", () => {
  for (const value of [
    0,
    -0,
    1,
    -17,
    Number.MAX_SAFE_INTEGER,
    "",
    "é\n\u2028",
    true,
    false,
    null,
    [],
    {},
    [1, "a", null],
  ]) {
    expect(canonicalJson(value)).toBe(JSON.stringify(value));
  }
});

const REFUSED: [string, unknown][] = [
  ["a fraction", 1.5],
  ["not a number", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["2^53", 2 ** 53],
  ["a bigint", 1n],
  ["undefined", undefined],
  ["undefined in an object", { a: undefined }],
  ["a hole in an array", [1, , 2]], // oxlint-disable-line no-sparse-arrays
  ["a lone surrogate", "\uD800"],
  ["a lone surrogate in a key", { "\uDC00": 1 }],
  ["a date", new Date(0)],
  ["a function", () => 1],
  ["a map", new Map()],
];

test.each(REFUSED)("%s is refused", (_name, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});

test("nesting without end is refused, not a broken stack", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  expect(() => canonicalJson(cyclic)).toThrow("nested deeper");
});
