/** A queue that is longer than any look: all pages together are what plain SQL finds, in its order, nothing twice. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fillQueue } from "#lib/cli/bench/queue-fill.ts";
import type { QueueSort, QueueView } from "#lib/contracts/queries.ts";
import { countStatements } from "#lib/cli/bench/statements.ts";
import { adminQuery, testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { listIncidents } from "./list-incidents.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await fillQueue(db.adminUrl, 8_000);
});
afterAll(() => db.close());

async function allPages(view: QueueView, q: string, sort: QueueSort): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listIncidents(db.web, { view, q, sort, personId: null }, cursor, 100);
    ids.push(...page.incidents.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

const CLOSED = "status = 'closed'";
const OPEN = "status <> 'closed'";
const OPENED = "opened_at DESC, id DESC";
const WORST = "severity_rank DESC, id DESC";
const LATEST = "last_activity_at DESC, id DESC";

test.each<[view: QueueView, q: string, sort: QueueSort, sql: string]>([
  ["closed", "process:powershell.exe", "opened", `${CLOSED} ORDER BY ${OPENED}`],
  ["closed", "-severity:low", "severity", `${CLOSED} AND severity <> 'low' ORDER BY ${WORST}`],
  ["closed", "powershell", "sla", `${CLOSED} ORDER BY ${LATEST}`],
  ["closed", "scanner", "activity", `${CLOSED} AND title ILIKE '%scanner%' ORDER BY ${LATEST}`],
  ["closed", "scanner severity:critical", "severity", "false"],
  ["all", "scanner", "age", "false"],
  [
    "all",
    "beacon -verdict:security_risk",
    "age",
    `${OPEN} AND title ILIKE '%beacon%' AND verdict IS DISTINCT FROM 'security_risk' ORDER BY opened_at, id`,
  ],
  [
    "unassigned",
    "source:entra",
    "activity",
    `${OPEN} AND assignee_id IS NULL AND source_names @> '{Entra}' ORDER BY ${LATEST}`,
  ],
  [
    "closed",
    "domain:cdn.example verdict:benign",
    "opened",
    `${CLOSED} AND verdict = 'benign' AND EXISTS (SELECT FROM incident_observable o WHERE o.incident_id = i.id AND o.value = 'cdn.example') ORDER BY ${OPENED}`,
  ],
])("%s with %s by %s", async (view, q, sort, sql) => {
  const { rows } = await adminQuery(db.adminUrl, `SELECT id FROM incident i WHERE ${sql}`);
  expect(await allPages(view, q, sort)).toEqual(rows.map(({ id }) => id));
});

test.each([
  ["", 1],
  // BEGIN, its bounds, the look, COMMIT.
  ["severity:high", 4],
  ["scanner severity:critical", 9],
])("a page with %j costs at most %i statements", async (q, most) => {
  const work = (web: TestDatabase["web"]) =>
    listIncidents(web, { view: "closed", q, personId: null });
  expect(await countStatements(db.urls.web, work)).toBeLessThanOrEqual(most);
});

test("a search that takes too long is ended, and says so", async () => {
  await adminQuery(
    db.adminUrl,
    `CREATE FUNCTION public.slow(text, text, text, text[]) RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[] FROM pg_sleep(60)';
     DROP INDEX incident_facets_idx; DROP FUNCTION incident_facets;
     ALTER FUNCTION slow RENAME TO incident_facets`,
  );
  await expect(
    listIncidents(db.web, { view: "closed", q: "verdict:security_risk", personId: null }),
  ).rejects.toMatchObject({ code: "search_too_wide", status: 503 });
});
