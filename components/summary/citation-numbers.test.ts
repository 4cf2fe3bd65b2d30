import { describe, expect, test } from "vitest";
import type { CitationView, ClaimView } from "#lib/contracts/views.ts";
import { citationNumbers, distinctCitations } from "./citation-numbers.ts";

describe("the numbers of citations", () => {
  test("count records in the order of first mention, the same record always by the same number", () => {
    const numbers = citationNumbers([claim(["E12", "E3"]), claim(["E3", "E40"])]);
    expect([...numbers]).toEqual([
      ["E12", 1],
      ["E3", 2],
      ["E40", 3],
    ]);
  });

  test("leave two places in one record apart and take one place once", () => {
    const one = claim(["E1", "E1", "E1"]);
    one.citations = [cite("E1", 4), cite("E1", 9), cite("E1", 4)];
    expect(distinctCitations(one).map((each) => each.start)).toEqual([4, 9]);
  });
});

function claim(labels: string[]): ClaimView {
  return {
    id: labels.join(),
    ordinal: 0,
    front: true,
    text: "text",
    kind: "observation",
    standing: "supported",
    verifier: "2",
    before: null,
    checks: [],
    predicates: [],
    uncovered: [],
    citations: labels.map((label) => cite(label, 0)),
    reviews: [],
  };
}

function cite(label: string, start: number): CitationView {
  return { evidenceId: label, label, quote: "words", start, end: start + 5 };
}
