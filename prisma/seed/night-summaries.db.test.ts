/** Every claim the rules write about the demo night matches the evidence, as the worker writes them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitBody } from "#lib/connectors/sources/split.ts";
import { makeSource } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { NIGHT } from "./night/all-night.ts";

const START = new Date("2026-03-01T22:00:00Z");

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const sources = new Map<string, { id: string; name: string }>();
  for (const { source, incidentKey, body } of NIGHT.flatMap((story) => story.requests(START))) {
    const known = sources.get(source) ?? (await makeSource(database, source));
    sources.set(source, known);
    await ingestRecords(database.web, {
      source: known,
      format: "auto",
      incidentKey: incidentKey ?? null,
      records: splitBody(new TextEncoder().encode(body)),
      normalise,
    });
  }
}, 60_000);
afterAll(() => database.close());

test("all nine incidents have a rules summary, and each of its claims matches the evidence", async () => {
  const incidents = await database.web.incident.findMany({ where: { mergedIntoId: null } });
  expect(incidents).toHaveLength(9);
  for (const { id, title } of incidents) {
    await summarise(database.worker, id);
    const claims = await database.web.claim.findMany({ where: { summary: { incidentId: id } } });
    expect(claims.length, title).toBeGreaterThan(8);
    const others = claims.filter((claim) => claim.standing !== "supported");
    expect(others.map((claim) => [claim.standing, claim.text])).toEqual([]);
  }
}, 60_000);

test("the spray is told as one: how many failures, from where, for how many accounts", async () => {
  const claims = await database.web.claim.findMany({
    where: { text: { contains: "accounts" }, front: true },
  });
  expect(claims.map((claim) => claim.text).join("\n")).toMatch(
    /failed logons from 198\.51\.100\.23 for \d+ accounts/,
  );
});
