import { describe, expect, test, vi } from "vitest";
import type { Fields, FieldName } from "#lib/domain/evidence/fields.ts";
import { type DraftClaim, type Predicate, UNUSED } from "#lib/domain/summary/claim.ts";
import { attachQuotes } from "./quotes.ts";
import { alert, failedLogon, fixture, flow, logon, shell, word } from "./rules-fixtures.ts";
import { writeRulesSummary } from "./rules-summary.ts";
import { type Evidence, verifyClaims } from "./verify-claim.ts";

vi.setConfig({ testTimeout: 240_000 });

/** What has made one pattern or another slow: runs, near ends, escapes, invisible and odd letters. */
const UNITS = [
  "a",
  "a.",
  "a.a-",
  "1.1.1.1.",
  "(",
  "[.]",
  "\\",
  "C:\\a\\",
  "----",
  "\u200b",
  '{"a":',
  '"',
  "`",
  "a@a.",
  "/a",
  "and ",
  "a b ",
  "five ",
  "0x",
  "user ",
  "host=a & ",
  ":",
  "1:",
  "T1059.",
  "S-1-",
  "é",
  "\u0130",
  "\ud800",
  "not ",
  "2026-03-01 ",
  "https://",
  "\n",
  `${"a".repeat(50)}b`,
];
/** Twice the input may cost twice the time and a good deal of noise, but not four times. */
const MOST = 3.2;
/** Below this nothing can be told from noise, and nothing need be. */
const NOISE_MS = 12;
/** Processor time comes in steps of so much on some systems. */
const TICK_MS = 4;
const ATTEMPTS = 6;

const OTHER = { fields: { host: "ws-014", user: "jdoe", "source.ip": "10.0.0.1" } };
const FIELDS: FieldName[] = [
  "process.command_line",
  "host",
  "user",
  "file.path",
  "registry.key",
  "url.full",
  "source.ip",
  "alert.title",
  "destination.port",
  "technique",
];

type Work = { claims: DraftClaim[]; evidence: Evidence };

describe("time grows with the input, and no faster", () => {
  test.each(FIELDS)("a long %s in a record, its raw text, quotes and predicates", (field) => {
    const steep = tooSteep(30_000, (text) => ({
      claims: [
        claim(`Host ws-014 ran cmd.exe from 10.0.0.9 and ${text.slice(0, 300)} was seen.`, {
          quote: text.slice(5, 1800),
          predicates: [
            { ...UNUSED, op: "field", field, evidence: ["E1"], value: text.slice(0, 200) },
            { ...UNUSED, op: "distinct", field, cmp: "eq", n: 1 },
            { ...UNUSED, op: "absent", where: `${field}=zzz` },
          ],
        }),
        claim("The log contains the host ws-014.", {
          quote: `${text.slice(0, 900)}b${text.slice(0, 900)}`,
          predicates: [{ ...UNUSED, op: "field", field, evidence: ["E1"], value: `${text}b` }],
        }),
      ],
      evidence: evidenceOf([{ fields: { [field]: text } }, OTHER]),
    }));
    expect(steep).toEqual([]);
  });

  test("a claim as long as a claim may be", () => {
    const steep = tooSteep(
      1950,
      (text) => ({
        claims: [
          claim(text, {
            quote: "ws-014",
            predicates: [
              { ...UNUSED, op: "count", where: "host=ws-014", cmp: "eq", n: 1 },
              { ...UNUSED, op: "field", field: "user", evidence: ["E1"], value: "jdoe" },
            ],
          }),
        ],
        evidence: evidenceOf([OTHER, OTHER]),
      }),
      [...UNITS, "jdoe and ", "ws-014, ", "3 ", "jdoe ran ws-014. ", "all jdoe not 5 ", "it ran. "],
    );
    expect(steep).toEqual([]);
  });

  test("long queries, values and field names of a predicate", () => {
    const ops = (text: string): Partial<Predicate>[] => [
      { op: "count", where: text, cmp: "eq", n: 3 },
      { op: "absent", where: `host=${text}` },
      { op: "count", where: `message!=${JSON.stringify(text)} & host=ws-014` },
      { op: "distinct", field: text, cmp: "eq" },
      { op: "field", field: "host", evidence: ["E1"], value: text },
      { op: "first_seen", value: text },
    ];
    const steep = tooSteep(30_000, (text) => ({
      claims: [
        claim("3 events on host ws-014.", {
          quote: "ws-014",
          predicates: ops(text).map((p) => ({ ...UNUSED, ...p })),
        }),
      ],
      evidence: evidenceOf([OTHER, OTHER]),
    }));
    expect(steep).toEqual([]);
  });

  test("many records with long and odd names, and one record with many values", () => {
    const steep = tooSteep(30_000, (text) => {
      const names = Array.from({ length: text.length / 100 }, (_, i) => text.slice(0, 60) + i);
      const given = names.map((name): { fields: Fields } => ({
        fields: { host: name, "file.path": `C:\\${name}` },
      }));
      const all = { fields: { technique: names, user: names, "email.to": names } };
      return {
        claims: [
          claim(`${text.slice(0, 200)} on ws-014 wrote ${text.slice(0, 60)}x as jdoe, T1059.`, {
            quote: "ws-014",
            predicates: [
              { ...UNUSED, op: "distinct", field: "host", cmp: "eq", n: 3 },
              { ...UNUSED, op: "absent", where: "technique=T1059 & user!=jdoe" },
            ],
          }),
        ],
        evidence: evidenceOf([OTHER, all, ...given]),
      };
    });
    expect(steep).toEqual([]);
  });

  test("an incident with more records", () => {
    const cycle = [
      failedLogon("02:00:00"),
      logon("02:01:00"),
      word,
      shell,
      flow("02:02:00", 10),
      alert("02:03:00"),
    ];
    const make = (n: number): Work => {
      const given = Array.from({ length: n }, (_, i) => {
        const record = cycle[i % cycle.length] ?? word;
        const own = { "source.port": i, user: `user${i % 997}`, "process.pid": i };
        return { ...record, fields: { ...record.fields, ...own } };
      });
      const { records, rawText } = fixture(given);
      const rules = attachQuotes(
        writeRulesSummary(records, { sources: [], capped: false }),
        rawText,
      );
      const step = Math.max(1, Math.floor(rules.length / 50));
      const claims = rules.filter((_, i) => i % step === 0).slice(0, 50);
      expect(claims).toHaveLength(50);
      return { claims, evidence: { records, rawText, capped: false } };
    };
    expect(smallestRatio((n) => make(n * 8000))).toBeLessThan(MOST);
  });
});

describe("what is too long is refused by name", () => {
  const many = Array.from({ length: 50 }, () => "host=a").join(" & ");
  const huge = "a.".repeat(500_000);
  const exists = { ...UNUSED, where: "host=ws-014" };
  test.each<[string, DraftClaim, string, RegExp]>([
    ["a text", claim(huge, { quote: "ws-014", predicates: [] }), "text", /at most/],
    [
      "a quote",
      claim("Host ws-014.", { quote: huge, predicates: [exists] }),
      "quote",
      /at most 2000/,
    ],
    [
      "a query",
      claim("Host ws-014.", {
        quote: "ws-014",
        predicates: [{ ...UNUSED, where: `host=${huge}` }],
      }),
      "predicate",
      /too long/,
    ],
    [
      "a query's list of terms",
      claim("Host ws-014.", { quote: "ws-014", predicates: [{ ...UNUSED, where: many }] }),
      "predicate",
      /more than 40 terms/,
    ],
  ])("%s", (_, draft, name, found) => {
    const [verified] = verifyClaims([draft], evidenceOf([OTHER]));
    expect(verified?.standing).toBe("unsupported");
    const reason = verified?.checks.find((c) => c.check === name && c.effect === "unsupported");
    expect(reason?.found).toMatch(found);
  });
});

function claim(
  text: string,
  { quote, predicates }: { quote: string; predicates: Predicate[] },
): DraftClaim {
  const citations = [{ id: "E1", quote }];
  return { text, kind: "observation", polarity: "affirmed", citations, predicates };
}

function evidenceOf(given: Parameters<typeof fixture>[0]): Evidence {
  return { ...fixture(given), capped: false };
}

/** The units over which twice the length takes too much more time; there should be none. */
function tooSteep(length: number, make: (text: string) => Work, units = UNITS): string[] {
  return units.flatMap((unit) => {
    // Another end each time, so that nothing remembered from the last attempt helps.
    const text = (n: number, end: number) =>
      unit.repeat(Math.ceil(n / unit.length)).slice(0, n) + String(end);
    const ratio = smallestRatio((n, end) => make(text(n * length, end)));
    return ratio < MOST ? [] : [`${JSON.stringify(unit)}: ${ratio.toFixed(1)}`];
  });
}

/** The best of a few: noise makes a ratio large now and then, more than linear work always. */
function smallestRatio(make: (n: number, attempt: number) => Work): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ATTEMPTS && smallest >= MOST; i++) {
    const large = milliseconds(make(2, i));
    const ratio = large < NOISE_MS ? 1 : large / Math.max(milliseconds(make(1, i)), TICK_MS);
    smallest = Math.min(smallest, ratio);
  }
  return smallest;
}

/** Processor time of this thread alone. */
function milliseconds({ claims, evidence }: Work): number {
  const before = process.threadCpuUsage();
  verifyClaims(claims, evidence);
  const used = process.threadCpuUsage(before);
  return (used.user + used.system) / 1000;
}
