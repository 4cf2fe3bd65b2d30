/** The queue as a table: every row once and in order, bounded, and nothing that a spreadsheet runs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { addSource, ingest } from "#lib/commands/ingest-fixtures.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { exportQueue } from "./export-queue.ts";
import { listIncidents } from "./list-incidents.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  const source = await addSource(db.web, "=SOURCE()");
  for (let n = 0; n < 7; n += 1) {
    const title = n === 3 ? '=HYPERLINK("http://evil.example"),\n"x"' : `Alert ${n}`;
    await ingest(db.web, source, [{ recordId: `${n}`, title }], `${n}`);
  }
});
afterAll(() => db.close());

const VIEW = { view: "all", sort: "opened", personId: null } as const;

async function lines(q: string, max?: number): Promise<string[]> {
  return Array.fromAsync(exportQueue(db.web, { ...VIEW, q }, max));
}

test("each incident of the view is a row, in its order, below the names of the columns", async () => {
  const { incidents } = await listIncidents(db.web, VIEW);
  const [names, ...rows] = await lines("");
  expect(names).toMatch(/^"number","title","severity",.*"waiting_for"\r$/);
  expect(rows.map((row) => row.slice(1, 11))).toEqual(incidents.map(({ number }) => number));
  const cells = names!.split(",").length;
  for (const row of rows) expect(row.match(/"(?:[^"]|"")*"/g)).toHaveLength(cells);
});

test("what a stranger wrote is text, quotation marks with it", async () => {
  const [, row] = await lines("hyperlink");
  expect(row).toContain(`"'=HYPERLINK(""http://evil.example""), ""x"""`);
  expect(row).toContain(`"'=SOURCE()"`);
});

test("it ends where it may end, and says so only when something was left out", async () => {
  const cut = await lines("", 5);
  expect(cut).toHaveLength(7);
  expect(cut.at(-1)).toMatch(/^"Ends after 5 rows; there are more","",/);
  expect(await lines("", 7)).toHaveLength(8);
});
