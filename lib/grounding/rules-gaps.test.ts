import { describe, expect, test } from "vitest";
import { attachQuotes } from "./quotes.ts";
import { alert, at, fixture, type FixtureRecord, flow, shell, word } from "./rules-fixtures.ts";
import { MAX_FRONT, writeRulesSummary } from "./rules-summary.ts";
import { summarise, told } from "./rules-testing.ts";
import { verifyClaims } from "./verify-claim.ts";

describe("20 gaps", () => {
  test("fields, times, zones and years that the sources left out", () => {
    const given: FixtureRecord[] = [
      { ...flow("02:00:00", 1), timeQuality: "assumed_utc" },
      { ...flow("02:01:00", 1), timeQuality: "assumed_year" },
      { fields: { host: "WS-014", user: "asmith" } },
    ];
    const gaps = told("gap", given);
    expect(gaps).toContain("The host is unknown in 2 of 3 events.");
    expect(gaps).toContain("The user is unknown in 2 of 3 events.");
    expect(gaps).toContain("The time is unknown in 1 of 3 records.");
    expect(gaps).toContain("In 1 of 3 records the time zone is unknown and read as UTC.");
    expect(gaps).toContain(
      "In 1 of 3 records the year of the time is unknown and read from the date of receipt.",
    );
    expect(gaps).toContain("No alert is in this data.");
    expect(gaps).toContain("No command line is in this data.");
  });

  test("no telemetry from the host an alert names", () => {
    const gaps = told("gap", [
      alert("02:00:00"),
      { time: at("02:01:00"), fields: { host: "DC01" } },
    ]);
    expect(gaps).toContain("No event from the host WS-014 is in this data.");
  });

  test("a connected source that has no record here", () => {
    const { records, rawText } = fixture([alert("02:00:00")]);
    const sources = [{ name: "edr" }, { name: "proxy" }];
    const claims = attachQuotes(writeRulesSummary(records, { sources, capped: false }), rawText);
    const [silent, ...others] = claims.filter((c) => c.text.includes("from the source"));
    expect(silent?.text).toBe('No record from the source "proxy" is in this data.');
    expect(others).toEqual([]);
    const [judged] = verifyClaims(silent ? [silent] : [], { records, rawText, capped: false });
    expect(judged?.standing).toBe("supported");
  });

  test("alerts that the source incident lists and that are not here", () => {
    const incident: FixtureRecord = {
      kind: "incident",
      recordId: "inc-1",
      alertIds: ["alert-0001", "alert-0002"],
      fields: { "ticket.id": "38" },
      raw: '{"AlertIds":"[\\"alert-0001\\",\\"alert-0002\\"]","IncidentNumber":"38"}',
    };
    expect(told("gap", [incident, { ...alert("02:00:00"), recordId: "alert-0001" }])).toContain(
      'No record here has the id "alert-0002", which the source incident lists.',
    );
  });

  test("a source that fell silent, paused, or keeps another time", () => {
    const minute = (n: number) => `02:${String(n).padStart(2, "0")}:00`;
    const early = Array.from({ length: 20 }, (_, n) => flow(minute(n), 1));
    const gaps = told("gap", [...early, alert("09:00:00"), flow("08:00:00", 1)]);
    expect(gaps).toContain(
      'No record from the source "sensor" is between 2026-03-01 02:19:01 UTC and 2026-03-01 07:59:59 UTC.',
    );
    const silent = told("gap", [
      ...early,
      { ...alert("09:00:00"), fields: { "host.ip": "10.0.3.17" } },
    ]);
    expect(silent).toContain(
      'The last record from the source "sensor" is at 2026-03-01 02:19:00 UTC; the last record in this data is at 2026-03-01 09:00:00 UTC.',
    );
    expect(silent).toContain(
      'Records from the source "sensor" are from 2026-03-01 02:00:00 UTC to 2026-03-01 02:19:00 UTC; records from the source "edr" are from 2026-03-01 09:00:00 UTC to 2026-03-01 09:00:00 UTC.',
    );
  });

  test("a source with fewer than 20 records, or with long intervals as a rule, has no gap", () => {
    const clock = (n: number) =>
      `${String(Math.floor(n / 3) + 1).padStart(2, "0")}:${(n % 3) * 2}0:00`;
    const between = (given: FixtureRecord[]) =>
      told("gap", given).filter((text) => text.includes("is between"));
    const few = Array.from({ length: 18 }, (_, n) => flow(`02:${String(n + 10)}:00`, 1));
    expect(between([...few, flow("08:00:00", 1)])).toEqual([]);
    const slow = Array.from({ length: 30 }, (_, n) => flow(clock(n), 1));
    expect(between([...slow, flow("13:50:00", 1)])).toEqual([]);
    expect(between([...slow, flow("14:50:00", 1)])).toEqual([
      'No record from the source "sensor" is between 2026-03-01 10:40:01 UTC and 2026-03-01 14:49:59 UTC.',
    ]);
  });

  test("a host that a high alert names and that told of nothing for long", () => {
    const event = (clock: string, host: string): FixtureRecord => ({
      time: at(clock),
      fields: { host, action: "beat" },
    });
    const steady = Array.from({ length: 20 }, (_, n) => [
      event(`02:${n + 10}:00`, "WS-014"),
      event(`02:${n + 10}:30`, "DC01"),
    ]).flat();
    const others = Array.from({ length: 30 }, (_, n) =>
      event(`0${3 + Math.floor(n / 10)}:${(n % 10) * 5 + 10}:00`, "DC01"),
    );
    expect(
      told("gap", [...steady, ...others, event("06:00:00", "WS-014"), alert("06:01:00")]),
    ).toContain(
      "No event from the host WS-014 is between 2026-03-01 02:29:01 UTC and 2026-03-01 05:59:59 UTC.",
    );
  });

  test("a source that fell silent is in front of all fields left out, however full the front is", () => {
    const given = Array.from({ length: 16 }, (_, n) => ({
      ...alert(`02:${n + 10}:00`, { "alert.title": `Finding number ${n}`, user: `user${n}` }),
    }));
    const { records } = fixture([...given, word, shell, flow("02:50:00", 1)]);
    const sources = [{ name: "proxy" }, { name: "mail" }];
    const claims = writeRulesSummary(records, { sources, capped: false }).claims;
    const gaps = claims.filter((c) => c.front && c.family === "gap").map((c) => c.text);
    expect(gaps.slice(0, 2)).toEqual([
      'No record from the source "proxy" is in this data.',
      'No record from the source "mail" is in this data.',
    ]);
    expect(claims.filter((c) => c.front).length).toBeLessThanOrEqual(MAX_FRONT);
  });

  test("capped input leaves only lower bounds and single records", () => {
    const claims = summarise(fixture([alert("02:00:00"), alert("02:01:00"), word, shell]), true);
    const texts = claims.map((c) => c.text);
    expect(texts).toContain("At least 2 events and at least 2 alerts.");
    expect(texts).toContain("The severity is high in at least 2 alerts.");
    expect(texts).toContain(
      'At least 2 alerts with severity high and the title "Credential dumping".',
    );
    expect(texts).toContain("The input was capped: this summary read at least 4 records.");
    expect(texts.some((t) => /first|last|No /.test(t))).toBe(false);
  });
});
