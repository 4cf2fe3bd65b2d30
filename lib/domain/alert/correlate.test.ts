import { describe, expect, test } from "vitest";
import { type Given, plan, shape } from "./correlate-fixtures.ts";

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
