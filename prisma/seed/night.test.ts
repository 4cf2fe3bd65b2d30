import { describe, expect, it } from "vitest";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitBody } from "#lib/connectors/sources/split.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { NIGHT } from "./night/all-night.ts";
import { DEMO_PEOPLE } from "./people.ts";
import { DEMO_SOURCES } from "./sources.ts";

const START = new Date("2026-03-01T22:00:00.000Z");
const FORMATS = new Map(DEMO_SOURCES.map((source) => [source.name, source.format]));

function told(name: string): { source: string; record: NormalRecord }[] {
  const story = NIGHT.find((one) => one.name === name);
  return (story?.requests(START) ?? []).flatMap(({ source, body }) =>
    splitBody(new TextEncoder().encode(body)).map((raw) => {
      expect(raw.error).toBeUndefined();
      const result = normalise(raw.bytes, FORMATS.get(source) ?? "auto");
      if (!result.ok) throw new Error(`${name}: ${result.reason}`);
      return { source, record: result.record };
    }),
  );
}

describe.each(NIGHT.map(({ name }) => name))("%s", (name) => {
  const records = told(name);

  it("is read without loss, in the format its source speaks", () => {
    for (const { source, record } of records) {
      const format = FORMATS.get(source);
      expect(record.format).toBe(format === "auto" ? "generic" : format);
      expect(record.timeQuality).toBe("exact");
    }
  });

  it("brings an alert and a believable number of events within the night", () => {
    const alerts = records.filter(({ record }) => record.kind === "alert").length;
    const events = records.filter(({ record }) => record.kind === "event").length;
    expect(alerts).toBeGreaterThan(0);
    expect(events).toBeGreaterThanOrEqual(name === "noisy scanner" ? 1_900 : 20);
    expect(records.length).toBeLessThan(name === "noisy scanner" ? 3_000 : 170);
    for (const { record } of records) {
      const minutes = (Date.parse(record.time ?? "") - START.getTime()) / 60_000;
      expect(minutes).toBeGreaterThan(0);
      expect(minutes).toBeLessThan(9 * 60);
    }
  });

  it("is told the same way twice, and dated by the start of the night", () => {
    const story = NIGHT.find((one) => one.name === name);
    expect(story?.requests(START)).toEqual(story?.requests(START));
    const later = story?.requests(new Date(START.getTime() + 86_400_000));
    expect(later).not.toEqual(story?.requests(START));
  });

  it("gives no two records one id", () => {
    const ids = records.map(
      ({ source, record }) => record.recordId && `${source} ${record.recordId}`,
    );
    const known = ids.filter((id) => id !== null);
    expect(new Set(known).size).toBe(known.length);
  });
});

describe("the night as a whole", () => {
  it("has more than two thousand records of the scanner", () => {
    expect(told("noisy scanner").length).toBeGreaterThan(2_000);
  });

  it("uses only addresses and names set aside for examples", () => {
    const text = NIGHT.flatMap(({ requests }) => requests(START).map(({ body }) => body)).join(
      "\n",
    );
    const addresses = new Set(text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g));
    const versions = /^(?:4\.18\.|10\.20\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/;
    expect([...addresses].filter((address) => !versions.test(address))).toEqual([]);
  });

  it("keeps what an intruder wrote as text of the record", () => {
    const records = told("injected instructions");
    const agents = records.filter(({ record }) =>
      String(record.fields.user_agent).includes("IGNORE ALL PREVIOUS INSTRUCTIONS"),
    );
    expect(agents.length).toBeGreaterThan(10);
    expect(records.some(({ record }) => record.title.includes("</evidence>"))).toBe(false);
  });

  it("holds the two contradictions", () => {
    const records = told("two sources disagree").map(({ record }) => record);
    const process = records.filter((record) => record.fields["process.pid"] === 9_204);
    expect(new Set(process.map((record) => record.fields.user))).toEqual(
      new Set(["k.aalto", "r.salonen"]),
    );
    const signIns = records.filter(
      ({ fields }) =>
        fields["user.email"] === "k.aalto@nordfrakt.example" &&
        fields["source.ip"] === "198.51.100.77",
    );
    expect(new Set(signIns.map((record) => record.fields.outcome))).toContain("failure");
    expect(new Set(signIns.map((record) => record.fields.outcome))).toContain("success");
  });

  it("is worked by six people, two of them analysts and two admins, over one source of any format", () => {
    expect(DEMO_PEOPLE.map((person) => person.role).toSorted()).toEqual([
      "admin",
      "admin",
      "analyst",
      "analyst",
      "auditor",
      "lead",
    ]);
    expect(DEMO_SOURCES.filter((source) => source.format === "auto")).toHaveLength(1);
  });
});
