import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareClaims } from "./compare.ts";
import type { ComparableClaim } from "./compare.ts";
import { UNUSED } from "./claim.ts";

let made = 0;

function claim(text: string, more: Partial<ComparableClaim> = {}): ComparableClaim {
  made += 1;
  return {
    id: `claim-${made}`,
    text,
    kind: "observation",
    standing: "supported",
    labels: [],
    predicates: [],
    ...more,
  };
}

/** `left words > right words: change`, for reading at a glance. */
function told(left: ComparableClaim[], right: ComparableClaim[]): string[] {
  return compareClaims(left, right).map(
    (pair) => `${pair.change}: ${pair.left?.text ?? "-"} > ${pair.right?.text ?? "-"}`,
  );
}

describe("two claims are one claim told twice", () => {
  test.each([
    ["the same words", "5 failed sign-ins on ws-1.", "5 failed sign-ins on ws-1.", "same"],
    [
      "spaces, case and hidden characters aside",
      "A  burst on WS-1",
      "A burst\u200b on ws-1",
      "same",
    ],
    [
      "with another number",
      "There are 7 failed sign-ins on ws-114.",
      "There are 5 failed sign-ins on ws-114.",
      "reworded",
    ],
    [
      "in another order of words",
      "The account j.doe signed in to ws-114 from 10.0.3.17.",
      "From 10.0.3.17, j.doe signed in to ws-114.",
      "reworded",
    ],
  ])("%s", (_, before, after, change) => {
    expect(told([claim(before)], [claim(after)])).toEqual([`${change}: ${before} > ${after}`]);
  });

  test("when they cite the same record, although one spells an address wrongly", () => {
    const before = claim("A sign-in came from 10.0.3.17.", {
      labels: ["E4"],
      standing: "unsupported",
    });
    const after = claim("A sign-in came from 10.0.3.71.", { labels: ["E4"] });
    expect(compareClaims([before], [after])).toEqual([
      { change: "moved", left: before, right: after },
    ]);
  });

  test("when they make the same test on the same records in quite other words", () => {
    const predicates = [{ ...UNUSED, op: "count" as const, where: "host=ws-1", n: 5 }];
    const before = claim("5 records name ws-1.", { labels: ["E1", "E5"], predicates });
    const after = claim("Host ws-1 occurs in five of them.", {
      labels: ["E1", "E5"],
      predicates: [{ ...predicates[0]!, n: 6 }],
    });
    expect(compareClaims([before], [after])[0]?.change).toBe("reworded");
  });
});

describe("two claims stay two", () => {
  test("when they say the same of different things", () => {
    expect(
      told(
        [claim("An alert on ws-1.", { labels: ["E1"] })],
        [claim("An alert on ws-2.", { labels: ["E2"] })],
      ),
    ).toEqual(["dropped: An alert on ws-1. > -", "added: - > An alert on ws-2."]);
  });

  test("when one tells of a gap in the evidence", () => {
    const text = "No event from the host ws-1 is in this data";
    expect(
      compareClaims([claim(text, { kind: "gap" })], [claim(`${text}!!`)]).map(
        ({ change }) => change,
      ),
    ).toEqual(["dropped", "added"]);
  });
});

describe("a comparison", () => {
  test("says that a standing moved before it says that words did", () => {
    const [pair] = compareClaims(
      [claim("7 sign-ins on ws-1 failed.", { standing: "contradicted" })],
      [claim("5 sign-ins on ws-1 failed.")],
    );
    expect(pair?.change).toBe("moved");
  });

  test("prefers the most alike where several would do", () => {
    const left = [
      claim("mail.exe started cmd.exe on ws-1"),
      claim("cmd.exe started whoami.exe on ws-1"),
    ];
    const right = [
      claim("cmd.exe started whoami.exe on ws-1, twice"),
      claim("mail.exe started cmd.exe on ws-1"),
    ];
    expect(told(left, right)).toEqual([
      "reworded: cmd.exe started whoami.exe on ws-1 > cmd.exe started whoami.exe on ws-1, twice",
      "same: mail.exe started cmd.exe on ws-1 > mail.exe started cmd.exe on ws-1",
    ]);
  });

  test("keeps the order of the right side, and a dropped claim after what it followed", () => {
    const left = ["first thing", "second item", "third matter"].map((text) => claim(text));
    const right = ["third matter", "wholly new", "first thing"].map((text) => claim(text));
    expect(told(left, right)).toEqual([
      "same: third matter > third matter",
      "added: - > wholly new",
      "same: first thing > first thing",
      "dropped: second item > -",
    ]);
  });

  test("names every claim of both sides exactly once, whatever they are", () => {
    const claims = fc.array(
      fc.record({
        text: fc.oneof(
          fc.string({ unit: "grapheme", maxLength: 40 }),
          fc.constantFrom("5 sign-ins on ws-1", "6 sign-ins on ws-1", "an alert on ws-2", ""),
        ),
        kind: fc.constantFrom("observation" as const, "gap" as const),
        standing: fc.constantFrom("supported" as const, "partial" as const),
        labels: fc.array(fc.constantFrom("E1", "E2", "E3"), { maxLength: 3 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(claims, claims, (a, b) => {
        const left = a.map(({ text, ...more }) => claim(text, more));
        const right = b.map(({ text, ...more }) => claim(text, more));
        const pairs = compareClaims(left, right);
        expect(pairs.flatMap((pair) => pair.right ?? [])).toEqual(right);
        expect(new Set(pairs.flatMap((pair) => pair.left ?? []))).toEqual(new Set(left));
        expect(pairs.flatMap((pair) => pair.left ?? [])).toHaveLength(left.length);
        for (const { change, left: before, right: after } of pairs) {
          expect(change === "dropped").toBe(after === null);
          expect(change === "added").toBe(before === null);
        }
      }),
    );
  });

  test("of a list with itself finds nothing changed", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 20 }), (texts) => {
        const left = texts.map((text) => claim(text));
        const pairs = compareClaims(left, left);
        expect(pairs.map(({ change }) => change)).toEqual(texts.map(() => "same"));
      }),
    );
  });

  test("of two thousand claims with two thousand others takes no time to speak of", () => {
    const many = (seed: number) =>
      Array.from({ length: 2000 }, (_, n) =>
        claim(
          `Host ws-${n} made ${n + seed} connections to 10.0.${n % 200}.${n % 7} in this data.`,
          {
            labels: [`E${n}`],
          },
        ),
      );
    const [left, right] = [many(0), many(1)];
    const begun = performance.now();
    const pairs = compareClaims(left, right);
    expect(pairs.every(({ change }) => change === "reworded")).toBe(true);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});
