import pg from "pg";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentActivity } from "#lib/queries/incident-activity.ts";
import { threadGlimpse, threadOutline } from "#lib/queries/thread-outline.ts";
import { threadRecords } from "#lib/queries/thread-records.ts";
import { percentile, round } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { ScratchServer } from "../scratch-database.ts";
import { windowsEvents } from "./events.ts";
import { makeSource } from "./ingest.ts";
import { countStatements } from "./statements.ts";

const ROUNDS = 20;
const SCREEN = 160;

/** What the server does for the thread of one incident of so many events, and by what plan. */
export async function benchThread(server: ScratchServer, events: number): Promise<Figure[]> {
  const database = await server.database("bench_thread");
  try {
    const source = await makeSource(database.web);
    const { incidents } = await ingestRecords(database.web, {
      source,
      format: "auto",
      incidentKey: "bench",
      records: splitNdjsonStream(chunks(windowsEvents(events, new Date("2026-03-01T00:00:00Z")))),
      normalise,
    });
    const incidentId = incidents[0]!.id;
    await vacuum(database.adminUrl);
    const whole = { incidentId, filter: {} };
    const page = { ...whole, around: null, folded: true };
    const statements = (work: (db: Db) => Promise<unknown>) =>
      countStatements(database.webUrl, work);
    return [
      ...(await times(database.web, incidentId, events)),
      budget("thread.outline_statements", await statements((db) => threadOutline(db, whole)), 3),
      budget("thread.first_statements", await statements((db) => threadGlimpse(db, page)), 3),
      budget(
        "thread.screen_statements",
        await statements((db) => threadRecords(db, incidentId, [1, 2])),
        1,
      ),
      await heapReads(database.adminUrl, incidentId),
    ];
  } finally {
    await database.close();
  }
}

async function times(db: Db, incidentId: string, events: number): Promise<Figure[]> {
  const all = (filter: Parameters<typeof threadOutline>[1]["filter"]) => () =>
    threadOutline(db, { incidentId, filter });
  let next = 0;
  const screen = () => {
    next = (next * 7919 + 4099) % Math.max(1, events - SCREEN);
    return threadRecords(
      db,
      incidentId,
      Array.from({ length: SCREEN }, (_, n) => next + n + 1),
    );
  };
  const parts: [id: string, most: number, note: string, work: () => Promise<unknown>][] = [
    ["thread.screen_p95_ms", 50, `the words of ${SCREEN} lines`, screen],
    ["thread.outline_p95_ms", 400, "the whole thread by place", all({})],
    ["thread.entity_p95_ms", 600, "of one entity", all({ entity: "user:user12" })],
    ["thread.time_p95_ms", 400, "a stretch of time", all({ from: "2026-03-01T00:10:00Z" })],
    ["thread.text_p95_ms", 3_000, "a text that nine records hold", all({ q: "task 5555" })],
    [
      "thread.histogram_p95_ms",
      200,
      "as it is computed the first time",
      // of a number of records that nobody has, so that nothing is kept
      () => incidentActivity(db, { id: incidentId, evidenceCount: 0 }),
    ],
  ];
  const figures: Figure[] = [];
  for (const [id, most, note, work] of parts) {
    const taken = await timed(work);
    const value = percentile(taken, 0.95);
    figures.push({
      ...{ id, value: round(value), unit: "ms", n: taken.length },
      ...{ target: `<= ${most}`, holds: value <= most },
      note: `${note}, at ${events} events`,
    });
  }
  return figures;
}

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startedAt = performance.now();
    await work();
    if (round > 0) taken.push(performance.now() - startedAt);
  }
  return taken;
}

/** How many rows the outline reads beside its index: none, once the table was vacuumed. */
async function heapReads(url: string, incidentId: string): Promise<Figure> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ "QUERY PLAN": PlanRow[] }>(
    `explain (analyze, format json) select position, coalesce("time", received_at), kind, shape from evidence_item
     where incident_id = $1 order by coalesce("time", received_at), position limit 250001`,
    [incidentId],
  );
  await client.end();
  const scans = scansOf(rows[0]!["QUERY PLAN"][0]!.Plan);
  const alone = scans.length === 1 && scans[0]!["Node Type"] === "Index Only Scan";
  const value = scans.reduce((sum, scan) => sum + (scan["Heap Fetches"] ?? 0), 0);
  return {
    ...{ id: "thread.outline_heap_rows", value, unit: "rows", n: 1 },
    ...{ target: "0, by an index alone", holds: alone && value === 0 },
    note: scans.map((scan) => `${scan["Node Type"]} ${scan["Index Name"] ?? ""}`).join(", "),
  };
}

type Plan = { "Node Type": string; "Index Name"?: string; "Heap Fetches"?: number; Plans?: Plan[] };
type PlanRow = { Plan: Plan };

function scansOf(plan: Plan): Plan[] {
  const below = (plan.Plans ?? []).flatMap(scansOf);
  return plan["Node Type"].includes("Scan") ? [plan, ...below] : below;
}

function budget(id: string, value: number, most: number): Figure {
  return {
    ...{ id, value, unit: "statements", n: 1, target: `<= ${most}`, holds: value <= most },
    note: "SQL statements",
  };
}

async function vacuum(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("vacuum analyze evidence_item");
  await client.end();
}

async function* chunks(body: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* body;
}
