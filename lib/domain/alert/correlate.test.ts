import { describe, expect, test } from "vitest";
import type { Observable } from "#lib/domain/evidence/record.ts";
import { planIncidents } from "./correlate.ts";
import type { CandidateIncident, CorrelationInput, CorrelationRecord } from "./correlate.ts";
import { isUbiquitous, linkWeight, reachOf } from "./rules.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");
const HOUR = 3_600_000;

function observables(keys: string): Observable[] {
  return keys.split(" ").map((key) => {
    const colon = key.indexOf(":");
    return { type: key.slice(0, colon) as Observable["type"], value: key.slice(colon + 1) };
  });
}

type Given = Partial<CorrelationRecord> & { keys?: string; hours?: number };

function records(given: Given[]): CorrelationRecord[] {
  return given.map(({ keys, hours = 0, ...rest }, ref) => ({
    ref,
    kind: "alert",
    recordKey: `r${ref}`,
    at: NOON + hours * HOUR,
    sourceIncidentId: null,
    alertIds: [],
    observables: keys ? observables(keys) : [],
    rule: null,
    ...rest,
  }));
}

function plan(given: Given[], rest: Partial<CorrelationInput> = {}) {
  return planIncidents({
    requestKey: null,
    records: records(given),
    incidents: [],
    alertHomes: new Map(),
    namedBy: new Map(),
    ubiquitous: new Set(),
    ...rest,
  });
}

/** The refs of each group, and the loose ones: `[[0, 1], [2]] | [3]`. */
function shape(given: Given[], rest: Partial<CorrelationInput> = {}): string {
  const { groups, loose } = plan(given, rest);
  const inGroups = groups.map(
    ({ incidentId, members }) =>
      `${incidentId ?? ""}[${members
        .map(({ ref }) => ref)
        .toSorted((a, b) => a - b)
        .join(" ")}]`,
  );
  return `${inGroups.join(" ")} | ${loose.toSorted((a, b) => a - b).join(" ")}`.trim();
}

function incident(
  id: string,
  change: Partial<CandidateIncident> & { keys?: string } = {},
): CandidateIncident {
  const { keys, ...rest } = change;
  const hits = keys ? observables(keys).map((one) => ({ ...one, first: NOON, last: NOON })) : [];
  return {
    id,
    number: 1,
    sourceKey: null,
    keyed: (change.sourceKey ?? null) !== null,
    closed: false,
    untouched: true,
    alertCount: 1,
    eventCount: 0,
    hits,
    ...rest,
  };
}

describe("alerts of one batch", () => {
  test.each<[sentence: string, given: Given[], expected: string]>([
    [
      "on one host within an hour are one incident",
      [{ keys: "host:a" }, { keys: "host:a", hours: 1 }],
      "[0 1] |",
    ],
    [
      "on one host a day apart are two",
      [{ keys: "host:a" }, { keys: "host:a", hours: 24 }],
      "[0] [1] |",
    ],
    [
      "on one host by one account within a day are one",
      [{ keys: "host:a user:u" }, { keys: "host:a user:u", hours: 23 }],
      "[0 1] |",
    ],
    [
      "by one account seen as name, sid and mailbox a day apart are two",
      [
        { keys: "user:u sid:S-1-5-21-1 email:u@x.test" },
        { keys: "user:u sid:S-1-5-21-1 email:u@x.test", hours: 20 },
      ],
      "[0] [1] |",
    ],
    [
      "that share a private address are two",
      [{ keys: "ip:10.0.0.5" }, { keys: "ip:10.0.0.5" }],
      "[0] [1] |",
    ],
    [
      "that share both ends of a conversation are one",
      [{ keys: "ip:10.0.0.5 ip:10.0.0.9" }, { keys: "ip:10.0.0.9 ip:10.0.0.5", hours: 19 }],
      "[0 1] |",
    ],
    [
      "that share a file's hash and its host days apart are one",
      [{ keys: "hash:ab host:a" }, { keys: "hash:ab host:a", hours: 100 }],
      "[0 1] |",
    ],
    [
      "that share a file's hash alone are two",
      [{ keys: "hash:ab host:a" }, { keys: "hash:ab host:b", hours: 100 }],
      "[0] [1] |",
    ],
    [
      "of one rule about one private address are one",
      [
        { keys: "ip:10.0.0.5 ip:203.0.113.1", rule: "r 10.0.0.5" },
        { keys: "ip:10.0.0.5 ip:203.0.113.2", rule: "r 10.0.0.5", hours: 3 },
      ],
      "[0 1] |",
    ],
    [
      "of one rule about two private addresses are two",
      [
        { keys: "ip:10.0.0.5 ip:203.0.113.1", rule: "r 10.0.0.5" },
        { keys: "ip:10.0.0.6 ip:203.0.113.2", rule: "r 10.0.0.6" },
      ],
      "[0] [1] |",
    ],
    [
      "that share only who is nobody are two",
      [
        { keys: "user:system ip:127.0.0.1 process:cmd.exe" },
        { keys: "user:system ip:127.0.0.1 process:cmd.exe" },
      ],
      "[0] [1] |",
    ],
    [
      "that share nothing but a machine account are two",
      [{ keys: "user:ws-014$" }, { keys: "user:ws-014$" }],
      "[0] [1] |",
    ],
    [
      "without a time are tied by ids only",
      [
        { keys: "host:a", at: null },
        { keys: "host:a", at: null },
      ],
      "[0] [1] |",
    ],
    [
      "in a chain are one, whatever their order",
      [{ keys: "host:b", hours: 0.5 }, { keys: "host:a" }, { keys: "host:a host:b", hours: 0.2 }],
      "[0 1 2] |",
    ],
    [
      "of one source incident are one, though they share nothing",
      [
        { sourceIncidentId: "7", keys: "host:a" },
        { sourceIncidentId: "7", keys: "host:b" },
      ],
      "[0 1] |",
    ],
    [
      "of two source incidents are two, though they share everything",
      [
        { sourceIncidentId: "7", keys: "host:a user:u" },
        { sourceIncidentId: "8", keys: "host:a user:u" },
      ],
      "[0] [1] |",
    ],
    [
      "that a source-incident row names are one, row first or last",
      [
        { recordKey: "x" },
        { kind: "incident", sourceIncidentId: "9", alertIds: ["x", "y"] },
        { recordKey: "y" },
      ],
      "[0 1 2] |",
    ],
  ])("%s", (_sentence, given, expected) => {
    expect(shape(given)).toBe(expected);
  });
});

describe("events", () => {
  test.each<[sentence: string, given: Given[], expected: string]>([
    [
      "open no incident",
      [
        { kind: "event", keys: "host:a user:u" },
        { kind: "event", keys: "host:a user:u" },
      ],
      "| 0 1",
    ],
    [
      "join the alert on their host, before or after it in the batch",
      [
        { kind: "event", keys: "host:a", hours: -1 },
        { keys: "host:a" },
        { kind: "event", keys: "host:a", hours: 1 },
      ],
      "[0 1 2] |",
    ],
    [
      "of another hour stay loose",
      [{ keys: "host:a" }, { kind: "event", keys: "host:a", hours: 2 }],
      "[0] | 1",
    ],
    [
      "do not carry the incident further in time",
      [
        { keys: "host:a" },
        { kind: "event", keys: "host:a", hours: 1 },
        { kind: "event", keys: "host:a", hours: 2 },
      ],
      "[0 1] | 2",
    ],
    [
      "that saw the conversation bring their host, though its clock is off",
      [
        { keys: "ip:10.0.0.5 ip:10.0.0.9" },
        { kind: "event", keys: "ip:10.0.0.5 ip:10.0.0.9 host:mkt01", hours: -19 },
        { kind: "event", keys: "host:mkt01", hours: -19.5 },
      ],
      "[0 1 2] |",
    ],
    [
      "tied by a host alone bring nobody else",
      [
        { keys: "host:a" },
        { kind: "event", keys: "host:a user:u" },
        { kind: "event", keys: "user:u" },
      ],
      "[0 1] | 2",
    ],
  ])("%s", (_sentence, given, expected) => {
    expect(shape(given)).toBe(expected);
  });
});

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

test("a request with a key is one incident, whatever is in it", () => {
  const { groups, loose } = plan(
    [{ kind: "event", keys: "host:a" }, { sourceIncidentId: "8" }, { kind: "event", at: null }],
    { requestKey: "CASE" },
  );
  expect(groups).toMatchObject([{ incidentId: null, sourceKey: "CASE" }]);
  expect(groups[0]?.members).toHaveLength(3);
  expect(loose).toEqual([]);
});

test("a batch of two thousand alerts on two thousand hosts is planned in well under a second", () => {
  const given = Array.from({ length: 2_000 }, (_, n) => ({
    keys: `host:h${n} user:u${n} ip:203.0.113.${n % 250}`,
    hours: n * 30,
  }));
  const startedAt = performance.now();
  expect(plan(given).groups.length).toBeGreaterThan(200);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test.each<[value: string, reach: string]>([
  ["ip:203.0.113.9", "specific"],
  ["ip:192.168.1.4", "shared"],
  ["ip:fd00::1", "shared"],
  ["ip:0.0.0.0", "none"],
  ["ip:fe80::1", "none"],
  ["ip:255.255.255.255", "none"],
  ["user:alice", "specific"],
  ["user:Administrator", "shared"],
  ["user:DWM-3", "none"],
  ["sid:S-1-5-18", "none"],
  ["hash:d41d8cd98f00b204e9800998ecf8427e", "none"],
  ["host:-", "none"],
])("%s is %s", (value, reach) => {
  expect(reachOf(observables(value)[0]!)).toBe(reach);
});

test.each([
  [10, 50, false],
  [11, 50, true],
  [9, 9, false],
  [10, 10, true],
  [100, 500, false],
  [101, 500, true],
])("a value on %i of the %i newest incidents: ubiquitous %s", (seen, recent, expected) => {
  expect(isUbiquitous(seen, recent)).toBe(expected);
});

test("a weight falls with the time between two sightings", () => {
  const weights = [0, 2, 30, 24 * 8].map((hours) => linkWeight("host", "specific", hours * HOUR));
  expect(weights).toEqual([1, 0.6, 0.3, 0]);
});
