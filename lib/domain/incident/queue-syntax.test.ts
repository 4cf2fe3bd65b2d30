import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQueue, valuesOf, withoutTerm, withValues, writeValue } from "./queue-syntax.ts";
import { readSpan } from "./queue-time.ts";

function read(text: string) {
  const parsed = parseQueue(text);
  if (!parsed.ok) throw new Error(parsed.fault.sentence);
  return parsed.terms.map(({ start: _start, end: _end, ...term }) => term);
}

function faultOf(text: string) {
  const parsed = parseQueue(text);
  if (parsed.ok) throw new Error(`"${text}" was read`);
  return parsed.fault;
}

test.each([
  ["severity:high,Critical", { kind: "severity", values: ["high", "critical"], not: false }],
  ["-status:on-hold", { kind: "status", values: ["on_hold"], not: true }],
  ["verdict:none", { kind: "verdict", values: ["none"], not: false }],
  ['user:"j doe"', { kind: "observable", type: "user", values: ["j doe"], not: false }],
  ["HOST:WS-014", { kind: "observable", type: "host", values: ["ws-014"], not: false }],
  ["domain:evil[.]com", { kind: "observable", type: "domain", values: ["evil.com"], not: false }],
  ["sha256:ABCD*", { kind: "observable", type: "hash", values: ["abcd*"], not: false }],
  ["event.code:4625", { kind: "record", name: "event.code", values: ["4625"], not: false }],
  [
    'rule:"Spray, many"',
    { kind: "record", name: "rule.name", values: ["Spray, many"], not: false },
  ],
  ["technique:t1110.003", { kind: "record", name: "technique", values: ["T1110.003"], not: false }],
  ["is:breached,due_soon", { kind: "is", values: ["breached", "due_soon"], not: false }],
  ["watch:Me", { kind: "watch", values: ["me"], not: false }],
  ["INC-000123", { kind: "number", values: [123], not: false }],
  ["123", { kind: "number", values: [123], not: false }],
  ["hxxp://evil[.]com/a,b", { kind: "text", values: ["hxxp://evil[.]com/a,b"], not: false }],
  ["https://evil.com", { kind: "text", values: ["https://evil.com"], not: false }],
  [
    String.raw`C:\Windows\x.exe`,
    { kind: "text", values: [String.raw`C:\Windows\x.exe`], not: false },
  ],
  ["2001:db8::1", { kind: "text", values: ["2001:db8::1"], not: false }],
  ["dead:beef::1", { kind: "text", values: ["dead:beef::1"], not: false }],
  ['"severity:high"', { kind: "text", values: ["severity:high"], not: false }],
  ['"say ""no"""', { kind: "text", values: ['say "no"'], not: false }],
  ["-", { kind: "text", values: ["-"], not: false }],
])("%s is read", (text, term) => {
  expect(read(text)).toEqual([term]);
});

test("a number beside other words is a word", () => {
  expect(read("port 445").map(({ kind }) => kind)).toEqual(["text", "text"]);
});

test.each<[text: string, at: [number, number], sentence: RegExp]>([
  ["severity:hig", [0, 12], /one of informational, .*critical, not "hig"/],
  ["watch:ana", [0, 9], /watch: is one of me, not "ana"/],
  ["beacon colour:red", [7, 17], /no filter called colour/],
  ['host:"ws 014', [5, 12], /quotation mark is not closed/],
  ["host:", [0, 5], /Write what host: is to be/],
  ["host:a,,b", [0, 9], /Write what host: is to be/],
  ["host:*", [0, 6], /asterisk/],
  ["host:a*b", [0, 8], /asterisk/],
  ["technique:spray", [0, 15], /ATT&CK id/],
  ["opened:yesterday", [0, 16], /a time such as/],
  ["age:>900000w", [0, 12], /a time such as/],
  ["a b c d e f g h i j k l m", [24, 25], /at most 12 terms/],
  ["x".repeat(401), [400, 401], /at most 400 characters/],
  ["a\u0000", [0, 2], /null character/],
  ["a\uD800", [0, 2], /broken character/],
  ['a"b"', [1, 2], /space before/],
  ['"a"b', [3, 4], /space after/],
])("%s is refused at its place", (text, [start, end], sentence) => {
  expect(faultOf(text)).toMatchObject({ start, end, sentence: expect.stringMatching(sentence) });
});

test.each([
  ["<24h", { from: { minutesAgo: 1440 }, to: null }],
  [">=2w", { from: null, to: { minutesAgo: 20_160 } }],
  [
    "2026-11-01",
    { from: { at: "2026-11-01T00:00:00.000Z" }, to: { at: "2026-11-02T00:00:00.000Z" } },
  ],
  [
    "2026-11-01..2026-11-03",
    { from: { at: "2026-11-01T00:00:00.000Z" }, to: { at: "2026-11-04T00:00:00.000Z" } },
  ],
  ["<=2026-11-01", { from: null, to: { at: "2026-11-02T00:00:00.000Z" } }],
  [">2026-11-01", { from: { at: "2026-11-02T00:00:00.000Z" }, to: null }],
  ["2026-02-30", null],
  ["2026-11-03..2026-11-01", null],
  ["9999-01-01", null],
])("%s is a span of time, or none", (text, span) => {
  expect(readSpan(text)).toEqual(span);
});

test("whatever a value holds, it is read back as it was written", () => {
  const value = fc
    .string({ unit: "binary", minLength: 1, maxLength: 60 })
    .filter((text) => text.trim() === text && text !== "" && !text.includes("\u0000"));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
      expect(read(`source:${values.map(writeValue).join(",")}`)).toEqual([
        { kind: "source", values, not: false },
      ]);
    }),
  );
});

test("no text of any kind throws, and a fault lies within it", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "severity:",
      "-",
      '"',
      ",",
      ":",
      " ",
      "host",
      "*",
      "age:<",
      "7d",
      "is:breached",
      "\u2028",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join("");
      const parsed = parseQueue(text);
      const places = parsed.ok ? parsed.terms : [parsed.fault];
      for (const { start, end } of places) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(text.slice(start, end).trim()).not.toBe("");
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a menu writes its values where they stood and leaves the rest", () => {
  expect(withValues("", "severity", ["high"])).toBe("severity:high");
  expect(withValues("beacon severity:low host:a", "severity", ["high", "low"])).toBe(
    "beacon severity:high,low host:a",
  );
  expect(withValues("beacon severity:low", "severity", [])).toBe("beacon");
  expect(withValues("-severity:low", "severity", ["high"])).toBe("-severity:low severity:high");
  expect(valuesOf("beacon severity:low,high", "severity")).toEqual(["low", "high"]);
  expect(valuesOf("-severity:low", "severity")).toEqual([]);
  expect(withoutTerm("a host:b c", { start: 2, end: 8 })).toBe("a c");
});
