import { describe, expect, test } from "vitest";
import type { CandidateIncident, CorrelationInput } from "./correlate.ts";
import { type Given, incident, plan, shape } from "./correlate-fixtures.ts";

describe("stored incidents", () => {
  test.each<[sentence: string, given: Given[], rest: Partial<CorrelationInput>, expected: string]>([
    [
      "take an alert that shares a value",
      [{ keys: "host:a" }],
      { incidents: [incident("one", { keys: "host:a" })] },
      "one[0] |",
    ],
    [
      "that are closed take nothing by values",
      [{ keys: "host:a" }],
      { incidents: [incident("one", { keys: "host:a", closed: true })] },
      "[0] |",
    ],
    [
      "that are closed still take what their source gives them",
      [{ sourceIncidentId: "7" }],
      { incidents: [incident("one", { sourceKey: "7", closed: true })] },
      "one[0] |",
    ],
    [
      "of another key of the source take nothing by values",
      [{ keys: "host:a", sourceIncidentId: "8" }],
      { incidents: [incident("one", { keys: "host:a", sourceKey: "7" })] },
      "[0] |",
    ],
    [
      "full of alerts take no more by values",
      [{ keys: "host:a" }],
      { incidents: [incident("one", { keys: "host:a", alertCount: 2_000 })] },
      "[0] |",
    ],
    [
      "that share a ubiquitous value stay apart",
      [{ keys: "host:a" }],
      { incidents: [incident("one", { keys: "host:a" })], ubiquitous: new Set(["host:a"]) },
      "[0] |",
    ],
    [
      "equally near: the older takes it",
      [{ keys: "host:a" }],
      {
        incidents: [
          incident("two", { number: 2, keys: "host:a" }),
          incident("one", { keys: "host:a" }),
        ],
      },
      "one[0] |",
    ],
  ])("%s", (_sentence, given, rest, expected) => {
    expect(shape(given, rest)).toBe(expected);
  });

  const ROW: Given[] = [{ kind: "incident", sourceIncidentId: "7", alertIds: ["x", "y"] }];
  const HOMES = new Map([
    ["x", "one"],
    ["y", "two"],
  ]);

  test("that a row ties become one: the younger goes into the older", () => {
    const { groups } = plan(ROW, {
      alertHomes: HOMES,
      incidents: [incident("two", { number: 2 }), incident("one")],
    });
    expect(groups).toMatchObject([{ incidentId: "one", merge: ["two"], sourceKey: "7" }]);
  });

  test("stay two when somebody has worked on the younger", () => {
    const { groups } = plan(ROW, {
      alertHomes: HOMES,
      incidents: [incident("two", { number: 2, untouched: false }), incident("one")],
    });
    expect(groups).toMatchObject([{ incidentId: "one", merge: [] }]);
  });

  test("stay two when their source keeps them apart", () => {
    const { groups } = plan(ROW, {
      alertHomes: HOMES,
      incidents: [incident("two", { number: 2, sourceKey: "8" }), incident("one")],
    });
    expect(groups).toMatchObject([{ incidentId: "one", merge: [] }]);
  });

  test.each<
    [
      sentence: string,
      keys: [string, string],
      change: [Partial<CandidateIncident>, Partial<CandidateIncident>],
      merge: string[],
    ]
  >([
    ["one value each that suffices: one", ["host:a", "user:u"], [{}, {}], ["two"]],
    [
      "the younger has a key of its source: one",
      ["host:a", "user:u"],
      [{}, { sourceKey: "7" }],
      ["two"],
    ],
    [
      "the older has a key of another source: one",
      ["host:a", "user:u"],
      [{ keyed: true }, {}],
      ["two"],
    ],
    ["both have a key: two", ["host:a", "user:u"], [{ keyed: true }, { keyed: true }], []],
    ["somebody worked on the younger: two", ["host:a", "user:u"], [{}, { untouched: false }], []],
    ["somebody worked on the older: two", ["host:a", "user:u"], [{ untouched: false }, {}], []],
    ["the younger is big: two", ["host:a", "user:u"], [{}, { alertCount: 201 }], []],
    ["the younger holds many events: two", ["host:a", "user:u"], [{}, { eventCount: 5_001 }], []],
    ["the older is closed: two", ["host:a", "user:u"], [{ closed: true }, {}], []],
    ["hints that only add up: two", ["host:a", "hash:ab file:x"], [{}, {}], []],
  ])(
    "one alert ties two of them by values, %s",
    (_sentence, [one, two], [older, younger], merge) => {
      const incidents = [
        incident("two", { number: 2, keys: two, ...younger }),
        incident("one", { keys: one, ...older }),
      ];
      const { groups } = plan([{ keys: "host:a user:u hash:ab file:x" }], { incidents });
      expect(groups.flatMap((group) => group.merge)).toEqual(merge);
    },
  );

  test("a batch merges only so many by values", () => {
    const names = Array.from({ length: 60 }, (_, n) => `host:h${n}`);
    const incidents = names.map((keys, n) => incident(`i${n}`, { number: n + 1, keys }));
    const { groups } = plan([{ keys: names.join(" ") }], { incidents });
    expect(groups.map(({ incidentId, merge }) => [incidentId, merge.length])).toEqual([["i0", 50]]);
  });

  const KEYED: Given = { keys: "host:a user:u", sourceIncidentId: "7" };

  test.each<[sentence: string, change: Partial<CandidateIncident>, expected: string]>([
    ["that nobody touched becomes the source's own", {}, "one 7 shared_values"],
    ["that somebody works on stays as it is", { untouched: false }, "new 7 opened"],
    ["that another source keeps stays as it is", { keyed: true }, "new 7 opened"],
    ["that is closed stays as it is", { closed: true }, "new 7 opened"],
  ])(
    "an incident without a key %s when an alert of a new source incident shares its values",
    (_sentence, change, expected) => {
      const { groups } = plan([KEYED], {
        incidents: [incident("one", { keys: "host:a user:u", ...change })],
      });
      expect(
        groups.map(
          ({ incidentId, sourceKey, members }) =>
            `${incidentId ?? "new"} ${sourceKey} ${members[0]?.reason}`,
        ),
      ).toEqual([expected]);
    },
  );

  test("an incident without a key and the source's own become one when its alert ties them", () => {
    const incidents = [
      incident("two", { number: 2, sourceKey: "7" }),
      incident("one", { keys: "host:a user:u" }),
    ];
    expect(plan([KEYED], { incidents }).groups).toMatchObject([
      { incidentId: "one", sourceKey: "7", merge: ["two"] },
    ]);
  });

  test("of two source incidents only the first takes over the incident without a key", () => {
    const other: Given = { ...KEYED, sourceIncidentId: "8", hours: 0.1 };
    const incidents = [incident("one", { keys: "host:a user:u" })];
    expect(shape([KEYED, other], { incidents })).toBe("one[0] [1] |");
  });
});
