import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scanItems, type ScannedItem } from "./item-scanner.ts";

function scan(text: string, pieces: number[] = []): { items: ScannedItem[]; isWhole: boolean } {
  const items: ScannedItem[] = [];
  const scanner = scanItems((item) => items.push(item));
  let at = 0;
  for (const length of pieces) {
    scanner.push(text.slice(at, at + length));
    at += length;
  }
  scanner.push(text.slice(at));
  return { items, isWhole: scanner.isWhole() };
}

const A = { text: 'a "quoted" } ] , \\ brace', n: 1 };
const OK = (value: unknown) => ({ ok: true, value });

const READ: [string, string, unknown[], boolean][] = [
  ["the object", JSON.stringify({ claims: [A, A] }), [A, A], true],
  ["no claims", '{"claims":[]}', [], true],
  [
    "white space everywhere",
    ' {\n "claims" : [ \t{"a":1} ,\r\n{"a":2} ] } ',
    [{ a: 1 }, { a: 2 }],
    true,
  ],
  [
    "a code fence",
    '```json\n{"claims":[{"a":1}]}\n```\nDone {"claims":[{"b":1}]}',
    [{ a: 1 }],
    true,
  ],
  [
    "prose with brackets before it",
    'See [1] and {x} [{y}] {"z"}: {"claims":[{"a":1}]}',
    [{ a: 1 }],
    true,
  ],
  ["a list without its object", '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }], true],
  [
    "other members",
    '{"why":{"claims":[9]},"n":[1,"]"],"claims":[{"a":1}],"more":"}"}',
    [{ a: 1 }],
    true,
  ],
  ["another object first", '{"thought":"no"} {"claims":[{"a":1}]}', [{ a: 1 }], true],
  ["items that are no objects", '{"claims":[1,"two",null,[3]]}', [1, "two", null, [3]], true],
  ["cut in an item", '{"claims":[{"a":1},{"a":', [{ a: 1 }], false],
  ["cut between items", '{"claims":[{"a":1},', [{ a: 1 }], false],
  ["cut before the end of the object", '{"claims":[{"a":1}]', [{ a: 1 }], false],
  ["claims that are no list", '{"claims":{"a":1}}', [], false],
  ["nothing", "", [], false],
  ["prose", "I would rather tell a story about {curly} things.", [], false],
];

test.each(READ)("%s", (_name, text, values, isWhole) => {
  expect(scan(text)).toEqual({ items: values.map(OK), isWhole });
});

test("a broken item costs no other", () => {
  expect(scan('{"claims":[{"a":1},{a:2},{"a":3}]}')).toEqual({
    items: [OK({ a: 1 }), { ok: false, reason: "it is not JSON" }, OK({ a: 3 })],
    isWhole: true,
  });
});

test("an item that is too long or too deep is named and the rest is read", () => {
  const long = `{"a":"${"x".repeat(200_000)}"}`;
  const deep = `${"[".repeat(40)}${"]".repeat(40)}`;
  expect(scan(`{"claims":[${long},${deep},{"a":1}]}`).items).toEqual([
    { ok: false, reason: "it is too long" },
    { ok: false, reason: "it is nested too deeply" },
    OK({ a: 1 }),
  ]);
});

test("however an answer is cut into pieces, the same items come of it", { timeout: 30_000 }, () => {
  const item = fc.record({
    text: fc.string({ unit: "binary" }),
    more: fc.jsonValue({ maxDepth: 3 }),
  });
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 5 }),
      fc.constantFrom("", "Here:\n```json\n", "[x] {y} "),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
      (claims, before, pieces) => {
        const text = `${before}${JSON.stringify({ claims })}\n\`\`\``;
        const read = scan(text, pieces);
        const plain = JSON.parse(JSON.stringify(claims)) as unknown[];
        expect(read).toEqual({ items: plain.map(OK), isWhole: true });
      },
    ),
  );
});

test("whatever the text is, it is read to its end and nothing is thrown", () => {
  const piece = fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", '"claims"', "1", " ", "x");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
      const text = pieces.join("");
      expect(scan(text, [3, 1, 7])).toEqual(scan(text));
    }),
    { numRuns: 2000 },
  );
});

test("a million brackets cost no more than so many letters", { timeout: 30_000 }, () => {
  // what this thread computed, in ms, so that a busy machine changes nothing
  const cost = (text: string): number => {
    const before = process.threadCpuUsage();
    scan(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
  const letters = cost(`{"claims":["${"a".repeat(1_000_000)}"]}`);
  for (const hostile of ["[", "{", '{"a":', "[[],", '"', "{}", "[{", '{"x"'])
    expect(cost(`{"claims":[${hostile.repeat(1_000_000 / hostile.length)}`)).toBeLessThan(
      letters * 40 + 500,
    );
});
