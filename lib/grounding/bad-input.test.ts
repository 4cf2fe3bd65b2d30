import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { ClaimCheck, DraftClaim, Predicate, Standing } from "#lib/domain/summary/claim.ts";
import { claim, count, FAILED, is, p, rawText, records, TRUE } from "./verify-fixtures.ts";
import { verifyClaims } from "./verify-claim.ts";

vi.setConfig({ testTimeout: 120_000 });

const good = TRUE["count"] as DraftClaim;

function judge(draft: DraftClaim, capped = false): { standing: Standing; checks: ClaimCheck[] } {
  const [verified] = verifyClaims([draft], { records, rawText, capped });
  if (!verified) throw new Error("no claim");
  return verified;
}

const withPredicates = (...predicates: Predicate[]): DraftClaim => ({
  ...good,
  predicates: [...good.predicates, ...predicates],
});
const withCitations = (citations: DraftClaim["citations"]): DraftClaim => ({ ...good, citations });

/** What is wrong, the check that names it, what it says, and the standing it leaves. */
const BAD: [string, DraftClaim, string, RegExp, Standing][] = [
  [
    "an unknown id",
    withCitations([{ id: "E99", quote: "10.0.3.71" }]),
    "cited_id",
    /not in this incident/,
    "unsupported",
  ],
  [
    "another incident's evidence",
    withCitations([{ id: "0198f000-0000-7000-8000-000000000001", quote: "10.0.3.71" }]),
    "cited_id",
    /not in this incident/,
    "unsupported",
  ],
  ["no citation", withCitations([]), "cited_id", /cites nothing/, "unsupported"],
  [
    "an empty quote",
    withCitations([{ id: "E3", quote: "" }]),
    "quote",
    /at least 4/,
    "unsupported",
  ],
  [
    "a quote of 2,001 characters",
    withCitations([{ id: "E3", quote: "x".repeat(2001) }]),
    "quote",
    /at most 2000/,
    "unsupported",
  ],
  [
    "10,000 citations",
    withCitations(Array.from({ length: 10_000 }, () => ({ id: "E3", quote: "10.0.3.71" }))),
    "cited_id",
    /10000 citations; only 100 are read/,
    "unsupported",
  ],
  [
    "a field that does not exist",
    withPredicates(is("E3", "no.such.field", "1")),
    "predicate",
    /no such field: no.such.field/,
    "unsupported",
  ],
  [
    "a query over a field that does not exist",
    withPredicates(count("nope=1", 1)),
    "predicate",
    /no such field: nope/,
    "unsupported",
  ],
  [
    "a count that is not a number",
    withPredicates(count(FAILED, Number.NaN)),
    "predicate",
    /n is NaN, which is no number/,
    "unsupported",
  ],
  [
    "an infinite count",
    withPredicates(count(FAILED, Number.POSITIVE_INFINITY)),
    "predicate",
    /n is Infinity, which is no number/,
    "unsupported",
  ],
  [
    "a negative count",
    withPredicates(count(FAILED, -3)),
    "predicate",
    /n is -3; nothing is counted below zero/,
    "unsupported",
  ],
  [
    "a number too large to compare",
    withPredicates(count(FAILED, Number.MAX_SAFE_INTEGER + 2)),
    "predicate",
    /n is too large/,
    "unsupported",
  ],
  [
    "a time limit below zero",
    withPredicates(p("order", { evidence: ["E3", "E5"], within_s: -1 })),
    "predicate",
    /within_s is -1/,
    "unsupported",
  ],
  [
    "10,000 records named",
    withPredicates({
      ...is("E3", "host", "dc01"),
      evidence: Array.from({ length: 10_000 }, () => "E3"),
    }),
    "predicate",
    /10000 records named; a predicate names at most 1000/,
    "unsupported",
  ],
  [
    "61 predicates",
    withPredicates(...Array.from({ length: 60 }, () => count(FAILED, 3))),
    "predicate",
    /at most 60/,
    "unsupported",
  ],
  [
    "an unknown kind of predicate",
    withPredicates(p("guess" as "count", {})),
    "predicate",
    /no such kind of predicate/,
    "unsupported",
  ],
  [
    "a query that is none",
    withPredicates(count("host", 1)),
    "predicate",
    /not a query term/,
    "unsupported",
  ],
  [
    "all of nothing",
    withPredicates(p("all", { where: "host=nowhere", field: "user", value: "x" })),
    "predicate",
    /no record matches the query/,
    "unsupported",
  ],
  ["no text", { ...good, text: "  " }, "text", /says nothing/, "unsupported"],
  [
    "151 named things",
    { ...good, text: "10.0.3.71 ".repeat(151) },
    "text",
    /at most 150 things/,
    "unsupported",
  ],
  ["4,001 characters", { ...good, text: "a".repeat(4001) }, "text", /at most 4000/, "unsupported"],
];

describe("bad input has its named check and standing", () => {
  test.each(BAD)("%s", (_, draft, name, found, standing) => {
    const verified = judge(draft);
    expect(verified.standing).toBe(standing);
    const named = verified.checks.filter((c) => c.check === name && c.effect === standing);
    expect(named.map((c) => c.found).join("\n")).toMatch(found);
  });
});

/** Two predicates that cannot both hold; on cut-off evidence neither may be refuted by a recount. */
const PAIRS: [string, Predicate, Predicate][] = [
  ["two counts of one query", count(FAILED, 3), count(FAILED, 4)],
  [
    "the same query in another order",
    count("host=dc01 & outcome=failure", 3),
    count("outcome=failure & host=DC01", 2),
  ],
  [
    "at least five and at most four",
    { ...count(FAILED, 5), cmp: "gte" },
    { ...count(FAILED, 4), cmp: "lte" },
  ],
  ["two values of one field", is("E3", "host", "dc01"), is("E3", "host", "ws-014")],
  [
    "two times of one record",
    is("E3", "time", "2026-03-01T02:20Z"),
    is("E3", "time", "2026-03-01T03:20Z"),
  ],
  ["none and some", p("absent", { where: FAILED }), p("exists", { where: FAILED })],
  ["none and three", p("absent", { where: FAILED }), count(FAILED, 3)],
  [
    "two beginnings",
    p("first_seen", { where: FAILED, value: "2026-03-01T02:20Z" }),
    p("first_seen", { where: FAILED, value: "2026-03-01T02:21Z" }),
  ],
  [
    "two onlys",
    p("only", { where: FAILED, field: "host", value: "dc01" }),
    p("only", { where: FAILED, field: "host", value: "ws-014" }),
  ],
];

describe("predicates that exclude each other", () => {
  test.each(PAIRS)("%s", (_, one, other) => {
    for (const capped of [false, true]) {
      const verified = judge({ ...good, predicates: [one, other] }, capped);
      expect(verified.standing).toBe("contradicted");
      expect(verified.checks.map((c) => c.check)).toContain("contradictory");
    }
  });

  test("a list field may have two values, and two spellings are one", () => {
    const title = [is("E8", "alert.title", "Suspicious PowerShell download blocked")];
    const draft = claim(
      "Alert.",
      ["E8"],
      [...title, is("E8", "host", "ws-014"), is("E8", "host", "ws-014.contoso.com")],
    );
    expect(judge(draft).checks.map((c) => c.check)).not.toContain("contradictory");
  });
});

describe("amounts", () => {
  test("10,000 claims take ten times as long as 1,000", () => {
    const time = (n: number): number => {
      const drafts = Array.from({ length: n }, (_, i) => ({
        ...good,
        text: good.text.replace("3 failed", `${(i % 7) + 1} failed`),
      }));
      const started = process.cpuUsage();
      const judged = verifyClaims(drafts, { records, rawText, capped: false });
      expect(judged.every((c) => (c.standing === "supported") === c.text.startsWith("3 "))).toBe(
        true,
      );
      return process.cpuUsage(started).user;
    };
    time(500);
    expect(time(10_000) / time(1000)).toBeLessThan(25);
  });

  test("whatever the predicates are, each leaves a check that says what was found", () => {
    const number = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.constantFrom(Number.NaN, -0, 2 ** 53, Infinity),
    );
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom("host", "user", "E3", "__proto__", "time", "kind"),
    );
    const predicate = fc.record({
      op: fc.constantFrom(
        "field",
        "count",
        "distinct",
        "exists",
        "absent",
        "order",
        "chain",
        "first_seen",
        "last_seen",
        "duration",
        "sum",
        "all",
        "only",
      ) as fc.Arbitrary<Predicate["op"]>,
      evidence: fc.array(word, { maxLength: 3 }),
      where: fc.oneof(
        word,
        fc.constantFrom("", "host=dc01", "host=*", "kind=event & user!=*", "time>=2026"),
      ),
      field: word,
      value: word,
      cmp: fc.constantFrom<Predicate["cmp"]>("eq", "gte", "lte", "none"),
      n: number,
      within_s: number,
    });
    fc.assert(
      fc.property(fc.array(predicate, { maxLength: 6 }), fc.boolean(), (predicates, capped) => {
        const { checks } = judge({ ...good, predicates }, capped);
        const own = checks.filter((c) => c.check === "predicate");
        expect(own.length).toBe(predicates.length);
        expect(own.every((c) => c.found !== "" && c.said !== "")).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
