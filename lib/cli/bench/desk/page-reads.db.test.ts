import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { makeEvidence, makeIncident, makePerson, makeSource } from "#lib/db/testing-people.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { countStatements } from "../statements.ts";
import { readIncidentScreen, readQueuePage, STATEMENTS } from "./page-reads.ts";

let db: TestDatabase;
let personId: string;
beforeAll(async () => {
  db = await testDatabase();
  ({ id: personId } = await makePerson(db, "analyst"));
});
afterAll(() => db.close());

const FRAME = "app/signed-in-layout.tsx";
const QUERY = /from "#lib\/queries\/([\w/-]+)\.ts"/g;
/** Asked by a page only of an address that leads elsewhere, or of one record of an incident that was merged away. */
const ELSEWHERE = ["evidence-at", "record-of-place"];

test.each(["app/(desk)/incidents/(queue)/page.tsx", "app/(desk)/incidents/[incidentId]/page.tsx"])(
  "every query of %s and of its frame is among those that are counted",
  async (page) => {
    const counted = await queriesOf("lib/cli/bench/desk/page-reads.ts");
    const asked = [...(await queriesOf(FRAME)), ...(await queriesOf(page))];
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((query) => !counted.includes(query) && !ELSEWHERE.includes(query))).toEqual(
      [],
    );
  },
);

test("one load of the queue costs no more statements than its budget, however many rows there are", async () => {
  const load = () => countStatements(db.urls.web, (web) => readQueuePage(web, personId));
  const few = await load();
  expect(few).toBeGreaterThan(3);
  expect(few).toBeLessThanOrEqual(STATEMENTS.queue);
  for (let row = 0; row < 20; row += 1) await makeIncident(db);
  expect(await load()).toBeLessThanOrEqual(STATEMENTS.queue);
});

test("one load of an incident costs no more statements than its budget, and none for each record", async () => {
  const { id } = await makeIncident(db);
  const source = await makeSource(db, `source-${randomUUID()}`);
  const load = () => countStatements(db.urls.web, (web) => readIncidentScreen(web, id, personId));
  await makeEvidence(db, { sourceId: source.id, incidentId: id, position: 1 });
  const one = await load();
  expect(one).toBeGreaterThan(10);
  expect(one).toBeLessThanOrEqual(STATEMENTS.incident);
  for (let position = 2; position < 20; position += 1)
    await makeEvidence(db, { sourceId: source.id, incidentId: id, position });
  expect(await load()).toBe(one);
  await summarise(db.worker, id);
  const summarised = await load();
  expect(summarised).toBeGreaterThanOrEqual(one);
  expect(summarised).toBeLessThanOrEqual(STATEMENTS.incident);
});

async function queriesOf(path: string): Promise<string[]> {
  return [...(await readFile(path, "utf8")).matchAll(QUERY)].map(([, name]) => name!);
}
