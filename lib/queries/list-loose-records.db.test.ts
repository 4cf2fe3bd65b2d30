import { afterAll, beforeAll, expect, test } from "vitest";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { makeSource } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { listLooseRecords } from "./list-loose-records.ts";

const RECORDS = 7;

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const source = await makeSource(database);
  const records = Array.from({ length: RECORDS }, (_, index) => ({
    index,
    bytes: Buffer.from(
      JSON.stringify({
        id: `loose-${index}`,
        kind: "event",
        title: `event ${index}`,
        host: `lone-${index}`,
        "source.ip": "203.0.113.9",
      }),
    ),
  }));
  await ingestRecords(database.web, {
    source,
    format: "generic",
    incidentKey: null,
    records,
    normalise,
  });
});
afterAll(() => database.close());

test("telemetry that joined nothing is listed page by page, each record once", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listLooseRecords(database.web, {}, cursor, 3);
    seen.push(...page.records.map((record) => record.id));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toHaveLength(RECORDS);
  expect(new Set(seen).size).toBe(RECORDS);
});

test("it is found by words of the title and by a value, defanged or not", async () => {
  const titles = async (q: string) =>
    (await listLooseRecords(database.web, { q }, null)).records.map((record) => record.title);
  expect(await titles("event 3")).toEqual(["event 3"]);
  expect(await titles("lone-5")).toEqual(["event 5"]);
  expect(await titles("203[.]0[.]113[.]9")).toHaveLength(RECORDS);
  expect(await titles("nothing%")).toEqual([]);
});

test("opening one is on the trail", async () => {
  const { records } = await listLooseRecords(database.web, {}, null, 1);
  const id = records[0]!.id;
  await recordEvidenceRead(
    database.web,
    { incidentId: null, evidenceId: id },
    { kind: "system", id: "test" },
  );
  const { rows } = await database.pools.auditor.query(
    "SELECT incident_id FROM trail.entry WHERE kind = 'evidence.read'",
  );
  expect(rows).toEqual([{ incident_id: null }]);
});
