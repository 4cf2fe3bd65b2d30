import { describe, expect, test } from "vitest";
import { constructClaims } from "./constructed-claims.ts";
import { isTrue } from "./oracle.ts";
import { openingOf, quoteOf } from "./quoting.ts";
import { generatedIncident } from "./load-incidents.ts";
import { HOME } from "./testing-incident.ts";

const generated = generatedIncident(120);

describe("the constructor", () => {
  test("tells many relations, each with a predicate its oracle finds true", () => {
    const claims = [...constructClaims(HOME, 4), ...constructClaims(generated, 4)];
    const relations = new Set(claims.map(({ relation }) => relation));
    expect(relations.size).toBeGreaterThan(12);
    for (const { incident, claim } of claims) {
      const { records } = incident === "home" ? HOME : generated;
      expect(claim.predicates.length).toBeGreaterThan(0);
      for (const p of claim.predicates) expect(isTrue(p, records)).toBe(true);
    }
  });

  test("quotes word for word, 4 to 100 characters", () => {
    for (const { claim } of constructClaims(HOME, 4)) {
      expect(claim.citations.length).toBeGreaterThan(0);
      for (const { id, quote } of claim.citations) {
        const raw = HOME.raws.get(`home#${id.slice(1)}`) ?? "";
        expect(raw).toContain(quote);
        expect(quote.length).toBeGreaterThanOrEqual(4);
        expect(quote.length).toBeLessThanOrEqual(100);
      }
    }
  });

  test("writes the same claims every time", () => {
    expect(constructClaims(generated, 3)).toEqual(constructClaims(generatedIncident(120), 3));
  });

  test("says in the text what it asserts of values", () => {
    for (const { claim } of constructClaims(HOME, 4))
      for (const { op, field, value } of claim.predicates) {
        if (op !== "field" || ["time", "outcome"].includes(field)) continue;
        expect(claim.text.toLowerCase()).toContain(value.toLowerCase());
      }
  });
});

describe("a quote", () => {
  test("takes a short value with its key, also in JSON inside JSON", () => {
    expect(quoteOf('{"n":1,"EventID":1}', ["1"])).toBe('"EventID":1');
    expect(quoteOf('{"body":"{\\"EventID\\":\\"7\\"}"}', ["7"])).toContain("EventID");
  });
  test("finds a path in its escaped spelling", () => {
    expect(quoteOf('{"p":"C:\\\\Windows\\\\a.exe"}', ["C:\\Windows\\a.exe"])).toBe(
      "C:\\\\Windows\\\\a.exe",
    );
  });
  test("is not of another word, and none where no value stands", () => {
    expect(quoteOf('{"host":"ws-0141","name":"ws-014"}', ["ws-014"])).toBe('"name":"ws-014"');
    expect(quoteOf('{"a":"long enough"}', ["absent value"])).toBe(null);
    expect(openingOf('{"a":"long enough"}')).toBe('{"a":"long enough"}');
    expect(openingOf("{}")).toBe(null);
  });
  test("finds an IPv6 address with its zeros written out", () => {
    expect(quoteOf('{"ip":"fe80:0000:0000:0000:0000:0000:0000:0001"}', ["fe80::1"])).toContain(
      "fe80:0000",
    );
  });
});
