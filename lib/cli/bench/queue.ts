import pg from "pg";
import { QUEUE_SORTS, QUEUE_VIEWS } from "#lib/contracts/queue-words.ts";
import type { QueueSort, QueueView } from "#lib/contracts/queries.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import type { Db } from "#lib/db/prisma.ts";
import { queueCounts } from "#lib/queries/queue-counts.ts";
import { percentile, round } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { ScratchServer } from "../scratch-database.ts";
import { fillQueue } from "./queue-fill.ts";

const ROUNDS = 6;
const TARGET_MS = 50;
const PERSON = "00000000-0000-7000-8000-000000000010";
const SQL_BARE =
  "SELECT id, number, title, severity, status FROM incident WHERE merged_into_id IS NULL AND status <> 'closed' ORDER BY last_activity_at DESC, id DESC LIMIT 51";

/** What is typed: nothing, what is on the row, what is in its evidence, words; wide, rare, and none at all. */
const FILTERS = [
  "",
  "severity:high,critical",
  "severity:critical status:in_progress",
  "-status:on_hold -severity:informational",
  "status:on_hold",
  "verdict:security_risk",
  "verdict:security_risk severity:critical",
  "assignee:nobody",
  "source:entra",
  "watch:me",
  "source:cloudtrail severity:low",
  "is:breached",
  "is:due_soon",
  "age:<24h",
  "age:>90d severity:high",
  "active:<1h",
  "host:ws-14.corp.example",
  "host:ws-14",
  "host:ws-14*",
  "host:*4.corp*",
  "domain:cdn.example",
  "domain:cdn.example verdict:security_risk",
  "ip:10[.]0[.]0[.]4",
  "process:powershell.exe severity:critical",
  'rule:"Rule 17"',
  "technique:T1010 severity:high",
  "event.code:4625",
  "beacon",
  "beacon powershell",
  "volt typhoon",
  "ws-104",
  "scanner",
  "scanner severity:critical",
  "hxxp://nowhere[.]example",
  "INC-000777",
] as const;

type Timed = {
  view: QueueView;
  filter: string;
  sort: QueueSort;
  p50: number;
  p95: number;
  rows: number;
};

/** Every view by every sort under every filter, first and second page; prints the table. */
export async function benchQueue(server: ScratchServer, incidents: number): Promise<Figure[]> {
  const database = await server.database("bench_queue");
  await fillQueue(database.adminUrl, incidents);
  const table: Timed[] = [];
  const times: number[] = [];
  for (const filter of FILTERS)
    for (const view of QUEUE_VIEWS)
      for (const sort of QUEUE_SORTS) {
        const taken = await timePages(database.web, { view, sort, q: filter });
        times.push(...taken.times);
        const [p50, p95] = [percentile(taken.times, 0.5), percentile(taken.times, 0.95)];
        table.push({ view, filter, sort, p50, p95, rows: taken.rows });
      }
  print(table, incidents);
  const bare = await timeBare(database.adminUrl);
  const counts: number[] = [];
  for (let round = 0; round < 12; round += 1)
    counts.push(await timed(() => queueCounts(database.web, PERSON)));
  await database.close();
  const p95 = percentile(times, 0.95);
  const missed = table.filter((row) => row.p95 > TARGET_MS).length;
  const [slowest] = table.toSorted((a, b) => b.p95 - a.p95);
  return [
    {
      id: "queue.page_p95_ms",
      value: round(p95),
      unit: "ms",
      n: times.length,
      target: `<= ${TARGET_MS}`,
      holds: p95 <= TARGET_MS,
      note: `server time at ${incidents} incidents over ${table.length} combinations; ${missed} of them over ${TARGET_MS} ms; slowest ${slowest?.view} by ${slowest?.sort} "${slowest?.filter}" ${round(slowest?.p95 ?? 0)} ms`,
    },
    {
      id: "queue.page_to_bare_sql",
      value: round(percentile(times, 0.5) / bare),
      unit: "x",
      n: times.length,
      target: null,
      holds: null,
      note: "median page / the plainest SQL of the same list, in this run",
    },
    {
      id: "queue.counts_p95_ms",
      value: round(percentile(counts.slice(1), 0.95)),
      unit: "ms",
      n: counts.length - 1,
      target: null,
      holds: null,
      note: "the numbers beside the views",
    },
  ];
}

/** The first call of each is not counted: it fills caches that a desk in use has full. */
async function timePages(
  db: Db,
  filter: { view: QueueView; sort: QueueSort; q: string },
): Promise<{ times: number[]; rows: number }> {
  const times: number[] = [];
  let cursor: string | null = null;
  let rows = 0;
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    const startedAt = performance.now();
    const page = await listIncidents(db, { ...filter, personId: PERSON }, cursor);
    if (turn > 0) times.push(performance.now() - startedAt);
    if (turn === 0) rows = page.incidents.length;
    cursor = turn % 2 === 0 ? page.nextCursor : null;
  }
  return { times, rows };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

async function timeBare(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const times: number[] = [];
  for (let round = 0; round < 50; round += 1) times.push(await timed(() => client.query(SQL_BARE)));
  await client.end();
  return percentile(times, 0.5);
}

/** One line for each filter and view, with the sort that took longest. */
function print(table: readonly Timed[], incidents: number): void {
  console.log(`Queue at ${incidents} incidents; ms of the slowest sort, ${ROUNDS - 1} pages each`);
  console.log("| filter | view | rows | slowest sort | p50 | p95 |");
  console.log("|---|---|--:|---|--:|--:|");
  for (const filter of FILTERS)
    for (const view of QUEUE_VIEWS) {
      const [worst] = table
        .filter((row) => row.filter === filter && row.view === view)
        .toSorted((a, b) => b.p95 - a.p95);
      if (!worst) continue;
      const { rows, sort, p50, p95 } = worst;
      console.log(
        `| ${filter || "(none)"} | ${view} | ${rows} | ${sort} | ${round(p50)} | ${round(p95)}${p95 > TARGET_MS ? " !" : ""} |`,
      );
    }
}
