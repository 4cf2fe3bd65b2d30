import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  type DraftClaim,
  PREDICATE_OPS,
  type Predicate,
  UNUSED,
} from "#lib/domain/summary/claim.ts";
import { buildDictionary } from "./dictionary.ts";
import { indexEvidence } from "./evidence-index.ts";
import { extractEntities } from "./extract.ts";
import { normalise, toRaw } from "./normalise.ts";
import { fixture } from "./rules-fixtures.ts";
import { type Evidence, verifyClaims } from "./verify-claim.ts";

vi.setConfig({ testTimeout: 60_000 });

const made = fixture([
  {
    time: "2026-03-01T02:14:07.000Z",
    fields: {
      host: "ws-014.contoso.com",
      user: "jdoe",
      "destination.ip": "203.0.113.9",
      "destination.host": "bad-domain.example",
      "file.path": "C:\\Temp\\frm-1.txt",
    },
  },
  {
    time: "2026-03-01T02:15:07.000Z",
    fields: { host: "dc01", user: "asmith", "source.ip": "10.0.3.71" },
  },
]);
const evidence: Evidence = { ...made, capped: false };
function about(text: string, predicates: Predicate[]): DraftClaim {
  return {
    text,
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: "E1", quote: "203.0.113.9" }],
    predicates,
  };
}

const FACTS: [string, string][] = [
  ["destination.ip", "203.0.113.9"],
  ["destination.host", "bad-domain.example"],
  ["host", "ws-014.contoso.com"],
];

/** Spellings that do not change what is named. */
const DISGUISES: ((value: string) => string)[] = [
  (v) => v.replaceAll(".", "[.]"),
  (v) => v.replaceAll(".", "(dot)"),
  (v) => v.replace(".", "\u200b.\u2060"),
  (v) => v.replaceAll("-", "\u2010"),
  (v) => v.replaceAll("-", "\u2011"),
  (v) => v.toUpperCase(),
  (v) => [...v].join("\u00ad"),
  (v) => v.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d))),
];

function statement(field: string, spelling: string, value: string): DraftClaim {
  const predicate: Predicate = { ...UNUSED, op: "field", evidence: ["E1"], field, value };
  const citations = [{ id: "E1", quote: value }];
  return { ...about(`The log contains ${spelling}.`, [predicate]), citations };
}

describe("what a true name may look like", () => {
  test("disguised spellings are the same thing", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FACTS),
        fc.constantFrom(...DISGUISES),
        ([field, value], disguise) => {
          const [verified] = verifyClaims([statement(field, disguise(value), value)], evidence);
          expect(verified?.standing).toBe("supported");
        },
      ),
    );
  });

  test("one changed character is never supported, with a hint where one helps", () => {
    const at = fc.nat(40);
    const by = fc.constantFrom(..."0123456789abcdefghijklmnopqrstuvwxyz");
    fc.assert(
      fc.property(fc.constantFrom(...FACTS), at, by, ([field, value], index, c) => {
        const i = index % value.length;
        fc.pre(/[a-z0-9]/.test(value[i] ?? "") && value[i] !== c);
        const typo = value.slice(0, i) + c + value.slice(i + 1);
        const [verified] = verifyClaims([statement(field, typo, value)], evidence);
        expect(verified?.standing).not.toBe("supported");
      }),
      { numRuns: 300 },
    );
    const [near] = verifyClaims(
      [statement("destination.ip", "203.0.113.6", "203.0.113.9")],
      evidence,
    );
    expect(near?.checks.map((c) => c.found).join()).toContain("203.0.113.9 is, in E1");
  });
});

describe("any input", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "203.0.113.9",
      "not",
      "all",
      "3",
      "after",
      "started",
      "E1",
      '"',
      "jdoe",
      "\\\\",
      "T1059",
      "host=",
      "[",
    ),
  );
  const number = fc.oneof(
    fc.integer(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300),
  );
  const predicate = fc.record({
    op: fc.oneof(fc.constantFrom(...PREDICATE_OPS), fc.constant("nonsense" as "count")),
    evidence: fc.array(fc.oneof(fc.constantFrom("E1", "E2", "E99"), word), { maxLength: 3 }),
    where: fc.oneof(
      fc.constantFrom("", "host=dc01", "user=* & host!=x", "nothing=1", "time>=x"),
      word,
    ),
    field: fc.oneof(fc.constantFrom("host", "user", "time", "__proto__", "constructor"), word),
    value: word,
    cmp: fc.constantFrom("eq" as const, "gte" as const, "lte" as const, "none" as const),
    n: number,
    within_s: number,
  });

  test("gets a standing and a reason, never an exception", () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 12 }),
        fc.array(predicate, { maxLength: 4 }),
        (words, predicates) => {
          const [verified] = verifyClaims([about(words.join(" "), predicates)], evidence);
          expect(verified?.checks.length).toBeGreaterThan(0);
          for (const [start, end] of verified?.uncovered ?? []) expect(start <= end).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("the map leads back to the raw text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (raw) => {
        const text = normalise(raw);
        expect(text.map.length).toBe(text.text.length);
        expect(toRaw(text, 0, text.text.length)[1]).toBe(raw.length);
      }),
    );
    const raw = "to bad\u2010domain[.]example now";
    const text = normalise(raw);
    const at = text.text.indexOf("bad-domain.example");
    expect(raw.slice(...toRaw(text, at, at + 18))).toBe("bad\u2010domain[.]example");
  });

  test("time grows with the length of the text, whatever it is", () => {
    const dictionary = buildDictionary(indexEvidence(evidence.records));
    const cost = (text: string) => {
      const started = performance.now();
      extractEntities(normalise(text).text, dictionary, [{ value: "jdoe", type: "user" }]);
      return performance.now() - started;
    };
    const units = [
      "a",
      "a.",
      "1.",
      "a-",
      "\\a",
      "/a",
      ":a",
      '"',
      "[.]",
      "1 ",
      "and ",
      "0x",
      "%",
      "user ",
      "1:",
      "h",
      "@a.",
      "\u200b",
      "five ",
      "1,",
      "a\\",
      "S-1-",
      "é",
    ];
    const plain = cost("the quick brown fox ".repeat(5000)) + 20;
    for (const unit of units) {
      const spent = cost(unit.repeat(Math.ceil(100_000 / unit.length)));
      expect(spent / plain, JSON.stringify(unit)).toBeLessThan(60);
    }
  }, 60_000);
});

describe("bad claims", () => {
  const good = about("The log contains 203.0.113.9.", [
    { ...UNUSED, op: "field", evidence: ["E1"], field: "destination.ip", value: "203.0.113.9" },
  ]);
  test.each<[string, Partial<DraftClaim>, string]>([
    ["no citation", { citations: [] }, "cited_id"],
    ["an unknown id", { citations: [{ id: "E77", quote: "203.0.113.9" }] }, "cited_id"],
    ["an empty quote", { citations: [{ id: "E1", quote: "" }] }, "quote"],
    [
      "a quote of 2,001 characters",
      { citations: [{ id: "E1", quote: "x".repeat(2001) }] },
      "quote",
    ],
    ["no text", { text: " " }, "text"],
    ["too much text", { text: "a ".repeat(5000) }, "text"],
    [
      "a field that does not exist",
      { predicates: [{ ...UNUSED, op: "field", evidence: ["E1"], field: "nope", value: "1" }] },
      "predicate",
    ],
    [
      "a negative count",
      { predicates: [{ ...UNUSED, op: "count", n: -1, cmp: "eq" }] },
      "predicate",
    ],
    [
      "a predicate on an unknown record",
      { predicates: [{ ...UNUSED, op: "field", evidence: ["E9"], field: "host", value: "x" }] },
      "predicate",
    ],
  ])("%s is unsupported by name", (_, change, name) => {
    const [verified] = verifyClaims([{ ...good, ...change }], evidence);
    expect(verified?.standing).toBe("unsupported");
    expect(verified?.checks.find((c) => c.effect === "unsupported")?.check).toBe(name);
  });

  test("contradictory predicates conflict", () => {
    const predicates = [
      ...good.predicates,
      { ...UNUSED, op: "absent" as const, where: "destination.ip=203.0.113.9" },
    ];
    expect(verifyClaims([{ ...good, predicates }], evidence)[0]?.standing).toBe("contradicted");
  });

  test("quotes are found in escaped raw text, and the span is the raw one", () => {
    const raw = made.rawText("r1");
    const [verified] = verifyClaims(
      [{ ...good, citations: [{ id: "E1", quote: "C:\\Temp\\frm-1.txt" }] }],
      evidence,
    );
    const [place] = verified?.resolved ?? [];
    expect(raw.slice(place?.start ?? 0, place?.end ?? 0)).toBe("C:\\\\Temp\\\\frm-1.txt");
  });
});
