import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseWhere, whereAll, whereKnown, whereTerm, whereUnknown } from "#lib/grounding/query.ts";
import { FIELD_NAMES } from "./fields.ts";
import { whereSentence, whereWords } from "./where-words.ts";

test("a query reads as a sentence", () => {
  const sentence = (where: string) => whereSentence(whereWords(where)!);
  expect(sentence("host=WS-014 & outcome=failure")).toBe("host is WS-014 and outcome is failure");
  expect(sentence("source.ip!=10.0.3.17 & destination.port>=1024")).toBe(
    "source ip is not 10.0.3.17 and destination port is at least 1024",
  );
  expect(sentence("time>=2026-03-01T02:14Z & time<=2026-03-01T03Z")).toBe(
    "time from 2026-03-01T02:14Z and time until 2026-03-01T03Z",
  );
  expect(sentence("user=* & host!=*")).toBe("user is known and host is missing");
  expect(sentence("user=* & user=asmith & host=*")).toBe("user is asmith and host is known");
  expect(sentence("")).toBe("every record");
});

test("what is not a query has no words", () => {
  for (const text of ["nonsense", "shoe=42", "host=", "&", "host=a & ", '"x"']) {
    if (parseWhere(text).ok) continue;
    expect(whereWords(text), text).toBeNull();
  }
});

const value = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom("a & host=b", '"', "*", " x ", 'say "no"', '"a" & b', "C:\\x & y=z", "-enc A=="),
);
const term = fc.oneof(
  fc.tuple(fc.constantFrom(...FIELD_NAMES), value).map(([field, text]) => whereTerm(field, text)),
  fc
    .tuple(fc.constantFrom("kind", "source", "id"), value)
    .map(([f, text]) => whereTerm(f, text, "ne")),
  fc.constantFrom(...FIELD_NAMES).map((field) => whereKnown(field)),
  fc.constantFrom(...FIELD_NAMES).map((field) => whereUnknown(field)),
  fc.tuple(fc.constantFrom(...FIELD_NAMES), value).map(([field, text]) => `${field}=${text}`),
);

test("every query that the verifier reads has the same terms and values in words", () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
      const where = whereAll(...terms);
      const parsed = parseWhere(where);
      const words = whereWords(where);
      if (!parsed.ok) return;
      expect(words?.map((word) => word.value)).toEqual(parsed.terms.map(({ value: text }) => text));
      expect(words?.map((word) => word.field)).toEqual(
        parsed.terms.map(({ field }) => field.replaceAll(/[._]/g, " ")),
      );
    }),
    { numRuns: 2000 },
  );
});
