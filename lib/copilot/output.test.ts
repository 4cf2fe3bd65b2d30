import { expect, test } from "vitest";
import { readClaim, repeats } from "./output.ts";
import { CANARY, testClaim } from "./testing.ts";

const KEY = "sk-desk-0001";
const PREDICATE = { op: "count", where: "host=ws-014", cmp: "eq", n: 48 };

test("a claim may leave out what it does not use", () => {
  const bare = { text: " A sentence. ", kind: "gap" };
  expect(readClaim({ ...bare, predicates: [PREDICATE], more: 1 }, CANARY, null)).toEqual({
    ok: true,
    claim: {
      text: "A sentence.",
      kind: "gap",
      polarity: "affirmed",
      citations: [],
      predicates: [{ ...PREDICATE, evidence: [], field: "", value: "", within_s: 0 }],
    },
  });
});

const REFUSED: [string, unknown, RegExp][] = [
  ["no object", "text", /^the item: /],
  ["another kind", testClaim("x", { kind: "opinion" }), /^kind: /],
  ["no text", testClaim("  "), /^text: /],
  ["a text without end", testClaim("x".repeat(1001)), /^text: /],
  [
    "half a number",
    testClaim("x", { predicates: [{ op: "count", n: 1.5 }] }),
    /^predicates\.0\.n: /,
  ],
  [
    "an unknown comparison",
    testClaim("x", { predicates: [{ op: "drop" }] }),
    /^predicates\.0\.op: /,
  ],
  [
    "a long quote",
    testClaim("x", { citations: [{ id: "E1", quote: "q".repeat(501) }] }),
    /quote: /,
  ],
  [
    "too many citations",
    testClaim("x", { citations: Array.from({ length: 31 }, () => ({ id: "E1" })) }),
    /^citations: /,
  ],
  ["the marker in a key", { ...testClaim("x"), [CANARY]: 1 }, /private marker/],
  ["the marker in a quote", testClaim("x", { citations: [{ id: "E1", quote: CANARY }] }), /marker/],
  ["the key in a sentence", testClaim(`It is ${KEY}.`), /repeats the key/],
  ["the key in a condition", testClaim("x", { predicates: [{ op: "count", where: KEY }] }), /key/],
];

test.each(REFUSED)("%s is no claim", (_name, item, reason) => {
  const read = readClaim(item, CANARY, KEY);
  expect(read).toMatchObject({ ok: false, reason: expect.stringMatching(reason) as string });
});

test("a key so short that it stands in words by chance is no reason", () => {
  expect(readClaim(testClaim("The keyboard."), CANARY, "keyboar")).toMatchObject({ ok: true });
  expect(readClaim(testClaim("The keyboard."), CANARY, "keyboard")).toMatchObject({ ok: false });
});

test("characters that Postgres cannot hold are replaced", () => {
  const citations = [{ id: "E\u0000", quote: "q\ud800" }];
  expect(readClaim(testClaim("a\u0000b\ud800c", { citations }), CANARY, null)).toMatchObject({
    claim: { text: "a\u2400b\uFFFDc", citations: [{ id: "E\u2400", quote: "q\uFFFD" }] },
  });
});

test("a quote gets back the hidden characters it was shown by name, a sentence keeps their names", () => {
  const shown = "inv\u27E8U+202E\u27E9fdp.exe";
  const citations = [{ id: "E1", quote: shown }];
  expect(readClaim(testClaim(shown, { citations }), CANARY, null)).toMatchObject({
    claim: { text: shown, citations: [{ id: "E1", quote: "inv\u202Efdp.exe" }] },
  });
});

test("a marker is the same in any spelling, and words beside it are not it", () => {
  expect(repeats(`x ${CANARY.slice(0, 12)} \n ${CANARY.slice(12).toUpperCase()}`, CANARY)).toBe(
    true,
  );
  expect(repeats(CANARY.slice(1), CANARY)).toBe(false);
});
