import { afterAll, beforeAll, expect, it } from "vitest";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitBody } from "#lib/connectors/sources/split.ts";
import { createDemoSource } from "#lib/db/seed-sources.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { NIGHT } from "./night/all-night.ts";
import { DEMO_SOURCES } from "./sources.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  for (const source of DEMO_SOURCES) await createDemoSource(database.owner, source);
});
afterAll(() => database.close());

const START = new Date("2026-03-01T22:00:00.000Z");

async function postStory(requests: (typeof NIGHT)[number]["requests"]) {
  const sums = { accepted: 0, duplicates: 0, rejected: 0 };
  for (const request of requests(START)) {
    const source = await database.web.source.findFirstOrThrow({ where: { name: request.source } });
    const result = await ingestRecords(database.web, {
      source: { id: source.id, name: source.name },
      format: DEMO_SOURCES.find(({ name }) => name === request.source)?.format ?? "auto",
      incidentKey: request.incidentKey ?? null,
      records: splitBody(new TextEncoder().encode(request.body)),
      normalise,
    });
    sums.accepted += result.accepted;
    sums.duplicates += result.duplicates;
    sums.rejected += result.rejected.length;
  }
  return sums;
}

async function openIncidents() {
  return database.web.incident.findMany({
    where: { mergedIntoId: null },
    orderBy: { number: "asc" },
    select: { number: true, title: true, severity: true, alertCount: true, eventCount: true },
  });
}

it("becomes one incident for each story, with nearly all of its records, and none twice", async () => {
  const stories: { name: string; open: number }[] = [];
  for (const { name, requests } of NIGHT) {
    const sums = await postStory(requests);
    expect(sums).toMatchObject({ duplicates: 0, rejected: 0 });
    stories.push({ name, open: (await openIncidents()).length });
  }
  expect(stories).toEqual(NIGHT.map(({ name }, i) => ({ name, open: i + 1 })));
  const loose = await database.web.evidenceItem.count({ where: { incidentId: null } });
  const all = await database.web.evidenceItem.count();
  expect(loose / all).toBeLessThan(0.02);
  const again = await postStory(NIGHT[1]!.requests);
  expect(again).toMatchObject({ accepted: 0, rejected: 0 });
}, 120_000);

it("has the intrusion as its worst incident and the false positive as its mildest", async () => {
  const open = await openIncidents();
  const high = open.filter(({ severity }) => severity === "high");
  const most = high.toSorted((a, b) => b.alertCount - a.alertCount)[0];
  expect(most?.title).toMatch(/Multi-stage incident/);
  const low = open.filter(({ severity }) => severity === "low" || severity === "informational");
  expect(low.toSorted((a, b) => a.eventCount - b.eventCount)[0]?.title).toMatch(/Struts/);
});
