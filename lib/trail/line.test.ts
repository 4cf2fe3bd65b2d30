import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { buildLine, exportLine, parseExportLine, parseLine, type TrailLine } from "./line.ts";

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const words = fc.oneof(
  fc.stringMatching(/^(?:person|system):[a-z0-9-]{1,36}$/),
  fc.string({ unit: "grapheme", minLength: 1 }),
);
const count = fc.maxSafeNat();
const chain = fc.oneof(
  fc.constant({ incident: null, incidentPrev: null, incidentSeq: null }),
  fc.record({ incident: fc.uuid(), incidentPrev: hash, incidentSeq: count }),
);
const line: fc.Arbitrary<TrailLine> = fc
  .tuple(
    chain,
    fc.record({
      actor: words,
      at: fc.constant("2026-03-01T02:14:07.120000Z"),
      kind: fc.constantFrom("note.added", "decision.took_effect"),
      onBehalf: fc.constantFrom(null, "person:0190b6f0-0000-7000-8000-000000000001"),
      payload: hash,
      prev: hash,
      role: words,
      seq: count,
      session: fc.constantFrom(null, "0123456789abcdef"),
      v: fc.constant(2 as const),
    }),
  )
  .map(([of, told]) => ({ ...told, ...of }))
  .filter(({ actor, onBehalf }) => onBehalf === null || !actor.startsWith("person:"));

test("a line is read as it was written, however it is read", () => {
  fc.assert(
    fc.property(line, (value) => {
      expect(parseLine(buildLine(value))).toEqual({ ok: true, value });
    }),
  );
});

test("whatever is read as a line, or as a line of an export, is the one canonical form of what was read", () => {
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.nat({ max: 2 }),
    put: fc.oneof(
      fc.string({ maxLength: 2 }),
      fc.constantFrom("0", "-0", "1.0", '"', "\\u0061", "\\ud800", "\n", " ", ',"v":2'),
    ),
  });
  let read = 0;
  fc.assert(
    fc.property(line, hash, edit, fc.boolean(), (value, salt, { at, cut, put }, isExport) => {
      const inner = buildLine(value);
      const whole = isExport
        ? exportLine({ leaf: value.payload, line: inner, payload: '{"é":"\\n"}', salt })
        : inner;
      const place = at % whole.length;
      const text = whole.slice(0, place) + put + whole.slice(place + cut);
      const parsed = isExport ? parseExportLine(text) : parseLine(text);
      if (!parsed.ok) return;
      read += 1;
      expect(parsed.value).toEqual(JSON.parse(text));
      expect(canonicalJson(parsed.value)).toBe(text);
    }),
    { numRuns: 5_000 },
  );
  expect(read).toBeGreaterThan(0);
});
