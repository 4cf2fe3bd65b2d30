import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import {
  type Desk,
  failedLogons,
  lines,
  LOGONS,
  openDesk,
  predicate,
  type Written,
} from "./testing.ts";

// each test starts the command, which takes a second on a busy machine
vi.setConfig({ testTimeout: 60_000 });

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
  desk.write("logons.ndjson", lines(...LOGONS));
  desk.write("claims.json", JSON.stringify({ claims: [failedLogons()] }));
});
afterAll(() => desk.close());

const standings = (...args: string[]) =>
  desk.judge(...args).verdicts.map(({ standing, refused }) => standing ?? `refused: ${refused}`);
const withClaims = (...claims: unknown[]) => {
  desk.write("these.json", JSON.stringify(claims));
  return standings("--events", "logons.ndjson", "--claims", "these.json");
};

describe("what is written", () => {
  test("has each claim's standing, checks, places, and the digests of what was judged", () => {
    const out = desk.judge("--events", "logons.ndjson", "--claims", "claims.json");
    const events = lines(...LOGONS);
    const [verdict] = out.verdicts;
    expect(out.verifier).toBe(VERIFIER_VERSION);
    expect(out.totals).toMatchObject({ claims: 1, supported: 1, refused: 0 });
    expect(out.events).toMatchObject({ records: 3, formats: { generic: 3 }, refused: [] });
    expect(out.events.files).toMatchObject([
      {
        file: "logons.ndjson",
        source: "logons",
        sha256: createHash("sha256").update(events).digest("hex"),
        by: "line",
        first: 1,
        last: 3,
      },
    ]);
    expect(out.claims).toMatchObject({ file: "claims.json", form: "object" });
    expect(verdict).toMatchObject({ number: 1, standing: "supported", uncovered: [] });
    expect(verdict?.checks.map((c) => c.check)).toContain("predicate");
    const [citation] = verdict?.citations ?? [];
    expect(citation).toMatchObject({ id: "E1", evidence: "E1" });
    const raw = JSON.stringify(LOGONS[0]);
    expect(raw.slice(citation?.start ?? 0, citation?.end ?? 0)).toBe("10.0.3.71");
  });

  test("names the words that no check covers, by their place", () => {
    const text = "2 failed logons for asmith from 10.0.3.71, quite a burglary.";
    desk.write("these.json", JSON.stringify([failedLogons({ text })]));
    const { verdicts } = desk.judge("--events", "logons.ndjson", "--claims", "these.json");
    expect(verdicts[0]?.standing).toBe("partial");
    const words = verdicts[0]?.uncovered.map((u) => u.text) ?? [];
    expect(words).toContain("burglary");
    for (const { start, end, text: word } of verdicts[0]?.uncovered ?? [])
      expect(text.slice(start, end)).toBe(word);
  });

  test("is the same to the byte when run again", () => {
    const args = ["--events", "logons.ndjson", "--claims", "claims.json", "--json", "-"];
    const first = desk.run(...args);
    expect(first.stdout).toBe(desk.run(...args).stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({ totals: { supported: 1 } });
    expect(first.stderr).toMatch(/1 supported/);
  });
});

describe("the numbers of records", () => {
  const cites = (id: string, quote: string) => failedLogons({ citations: [{ id, quote }] });
  /** Words that only the record of the nth logon has. */
  const words = (n: number) => `T02:2${n}:00Z","action":"logon"`;

  test("are lines: a blank or broken line keeps its number, and is nobody's", () => {
    desk.write("gaps.ndjson", lines("", LOGONS[0], "{broken", LOGONS[1], "", "", LOGONS[2]));
    const { events, verdicts } = (() => {
      const claims = [cites("E2", words(1)), cites("E4", words(2)), cites("E3", "10.0.3.71")];
      desk.write("these.json", JSON.stringify(claims));
      return desk.judge("--events", "gaps.ndjson", "--claims", "these.json");
    })();
    expect(events.files).toMatchObject([{ by: "line", first: 1, last: 7 }]);
    expect(events.refused).toMatchObject([{ number: 3, reason: /not valid JSON/ }]);
    expect(verdicts.map((v) => v.standing)).toEqual(["supported", "supported", "unsupported"]);
    expect(verdicts[0]?.citations[0]?.evidence).toBe("E2");
  });

  test("run on over several files, however these are written", () => {
    const [a, b, c] = LOGONS;
    desk.write("one.ndjson", lines(a, ""));
    desk.write("two.json", JSON.stringify([b], null, 2));
    desk.write("three.ndjson.gz", gzipSync(lines(c)));
    const claims = [cites("E1", "logon-1"), cites("E3", "logon-2"), cites("E4", "logon-3")];
    desk.write("these.json", JSON.stringify(claims));
    const events = ["--events", "one.ndjson", "two.json", "--events=three.ndjson.gz"];
    const { events: read, verdicts } = desk.judge(...events, "--claims", "these.json");
    expect(read.files.map(({ source, by, first, last }) => [source, by, first, last])).toEqual([
      ["one", "line", 1, 2],
      ["two", "order", 3, 3],
      ["three", "line", 4, 4],
    ]);
    for (const { citations } of verdicts)
      expect(citations).toMatchObject([{ start: expect.any(Number) as number }]);
  });

  test("count in an array, a wrapper and a pretty object by order", () => {
    const written = [
      JSON.stringify(LOGONS),
      `[\n${LOGONS.map((r) => JSON.stringify(r)).join(",\n")}\n]`,
      `{"value":[\n${LOGONS.map((r) => JSON.stringify(r)).join(",\n")}\n]}`,
      LOGONS.map((r) => JSON.stringify(r, null, 2)).join("\n"),
    ];
    desk.write("these.json", JSON.stringify([cites("E2", "logon-2")]));
    for (const content of written) {
      desk.write("some.json", content);
      const out = desk.judge("--events", "some.json", "--claims", "these.json");
      expect(out.events.files).toMatchObject([{ by: "order", first: 1, last: 3 }]);
      expect(out.verdicts[0]?.citations).toMatchObject([{ start: expect.any(Number) as number }]);
    }
  });

  test("may be the source's own ids, unless two records share one", () => {
    expect(withClaims(cites("logon-2", words(2)))).toEqual(["supported"]);
    desk.write("other.ndjson", lines({ ...LOGONS[1], host: "dc02" }));
    desk.write(
      "these.json",
      JSON.stringify([cites("logon-2", "10.0.3.71"), cites("logon-1", "10.0.3.71")]),
    );
    const both = ["--events", "logons.ndjson", "other.ndjson", "--claims", "these.json"];
    const { verdicts } = desk.judge(...both);
    expect(verdicts[0]?.checks).toContainEqual(
      expect.objectContaining({ check: "cited_id", effect: "unsupported", said: "logon-2" }),
    );
    expect(verdicts[1]?.citations[0]?.evidence).toBe("E1");
  });

  test("of a record that comes twice lead to the one that counts", () => {
    desk.write("twice.ndjson", lines(LOGONS[0], LOGONS[0], LOGONS[1]));
    desk.write("these.json", JSON.stringify([cites("E2", words(1))]));
    const { events, verdicts } = desk.judge("--events", "twice.ndjson", "--claims", "these.json");
    expect(events.duplicates).toEqual([{ number: 2, of: 1 }]);
    expect(verdicts[0]).toMatchObject({ standing: "supported" });
    expect(verdicts[0]?.citations[0]?.evidence).toBe("E1");
  });
});

describe("claims", () => {
  test("come as the model's answer, a list, one object, or one a line", () => {
    const claim = failedLogons();
    const forms: [string, string][] = [
      ["object", JSON.stringify({ claims: [claim] })],
      ["list", JSON.stringify([claim])],
      ["single", JSON.stringify(claim, null, 1)],
      ["lines", lines(claim, claim)],
    ];
    for (const [form, content] of forms) {
      desk.write("these.json", content);
      const out = desk.judge("--events", "logons.ndjson", "--claims", "these.json");
      expect(out.claims.form).toBe(form);
      expect(out.verdicts.every((v) => v.standing === "supported")).toBe(true);
    }
  });

  test("that are none are refused by name, and the others judged", () => {
    desk.write("these.jsonl", lines(failedLogons(), "{oops", "", "7", { text: 5 }, failedLogons()));
    const out = desk.judge("--events", "logons.ndjson", "--claims", "these.jsonl");
    expect(out.verdicts.map((v) => [v.number, v.standing ?? v.refused])).toEqual([
      [1, "supported"],
      [2, expect.stringMatching(/^not valid JSON: it breaks at position \d/)],
      [4, "not a claim but a number"],
      [5, expect.stringMatching(/^text: /)],
      [6, "supported"],
    ]);
    expect(out.totals).toMatchObject({ claims: 5, supported: 2, refused: 3 });
  });

  test("may be 10,000 at once", () => {
    const many = Array.from({ length: 10_000 }, (_, n) =>
      n % 2 === 0 ? failedLogons() : failedLogons({ text: `${n} failed logons for asmith.` }),
    );
    desk.write("many.jsonl", lines(...many));
    const { status, stdout } = desk.run("--events", "logons.ndjson", "--claims", "many.jsonl");
    expect(status).toBe(0);
    expect(stdout).toMatch(/10000 claims over 3 records: 5000 supported/);
    expect(stdout.split("\n").length).toBeLessThan(450);
  });

  test("leave out what they do not use", () => {
    const { text, citations, predicates } = failedLogons();
    const [{ op, where, cmp, n }] = predicates as [(typeof predicates)[0]];
    expect(withClaims({ text, citations, predicates: [{ op, where, cmp, n }] })).toEqual([
      "supported",
    ]);
  });
});

describe("bad claims", () => {
  const count = (more: object) => [{ ...failedLogons().predicates[0], ...more }];
  const named: [string, object, string, RegExp][] = [
    [
      "an unknown id",
      { citations: [{ id: "E99", quote: "10.0.3.71" }] },
      "unsupported",
      /^cited_id: E99: /,
    ],
    ["no citation", { citations: [] }, "unsupported", /^cited_id: .*: the claim cites nothing/],
    ["an empty quote", { citations: [{ id: "E1", quote: "" }] }, "unsupported", /^quote: /],
    [
      "a quote of 2,001 characters",
      { citations: [{ id: "E1", quote: "x".repeat(2001) }] },
      "unsupported",
      /^quote: .*: a quote has at most 2000/,
    ],
    [
      "an unknown field",
      { predicates: count({ where: "mood=grim" }) },
      "unsupported",
      /^predicate: .*no such field: mood/,
    ],
    ["no number", { predicates: count({ n: null }) }, "unsupported", /^predicate: .*NaN/],
    ["a negative count", { predicates: count({ n: -2 }) }, "unsupported", /^predicate: .*-2/],
    [
      "predicates that contradict each other",
      { predicates: [...count({}), ...count({ n: 3 })] },
      "contradicted",
      /^predicate: 3 of .*: 2$/,
    ],
    ["a text of a megabyte", { text: "a".repeat(1_000_000) }, "unsupported", /^text: /],
    [
      "1,000 predicates",
      { predicates: Array(1000).fill(count({})[0]) },
      "unsupported",
      /^predicate: 1000 predicates: /,
    ],
    ["an empty text", { text: "" }, "unsupported", /^text: /],
  ];
  let judged: Written["verdicts"] = [];
  beforeAll(() => {
    const claims = named.map(([, more]) => ({ ...failedLogons(), ...more }));
    desk.write("bad.json", JSON.stringify(claims));
    judged = desk.judge("--events", "logons.ndjson", "--claims", "bad.json").verdicts;
  });

  test.each(named.map((row, at) => [...row, at] as const))(
    "with %s get a named check",
    (_name, _more, standing, check, at) => {
      const failed = judged[at]?.checks.filter((c) => c.effect !== "supported") ?? [];
      expect(judged[at]?.standing).toBe(standing);
      const said = failed.map((c) => `${c.check}: ${c.said}: ${c.found}`);
      expect(said).toContainEqual(expect.stringMatching(check));
    },
  );

  test("with an unknown operation or kind are refused by name", () => {
    const [unknown, kind] = withClaims(
      failedLogons({ predicates: [{ ...predicate("field", {}), op: "nearly" as "field" }] }),
      failedLogons({ kind: "rumour" as "count" }),
    );
    expect(unknown).toMatch(/^refused: predicates\.0\.op: /);
    expect(kind).toMatch(/^refused: kind: /);
  });
});

describe("the exit code", () => {
  const code = (...args: string[]) =>
    desk.run("--events", "logons.ndjson", "--claims", "these.json", ...args).status;

  test("is 0 whatever the standings, and 1 when asked to fail on them", () => {
    desk.write(
      "these.json",
      JSON.stringify([failedLogons({ text: "9 failed logons for asmith." })]),
    );
    expect([code(), code("--fail-on", "contradicted"), code("--fail-on=partial")]).toEqual([
      0, 1, 1,
    ]);
    desk.write("these.json", JSON.stringify([failedLogons()]));
    expect([code("--fail-on", "partial")]).toEqual([0]);
    desk.write("these.json", JSON.stringify([7]));
    expect([code("--fail-on", "unsupported"), code("--fail-on", "contradicted")]).toEqual([1, 0]);
  });
});

describe("events that are capped", () => {
  test("leave exact counts and absence open", () => {
    desk.write("these.json", JSON.stringify([failedLogons()]));
    const args = ["--events", "logons.ndjson", "--claims", "these.json"];
    expect([standings(...args), standings(...args, "--capped")]).toEqual([
      ["supported"],
      ["partial"],
    ]);
  });
});
