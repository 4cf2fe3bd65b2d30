import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { Db } from "#lib/db/prisma.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { incidentActivity } from "#lib/queries/incident-activity.ts";
import { listDecisions } from "#lib/queries/list-decisions.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { listObservables } from "#lib/queries/list-observables.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";
import { listThread } from "#lib/queries/list-thread.ts";
import { pictureAttack } from "#lib/queries/picture-attack.ts";
import { pictureGraph } from "#lib/queries/picture-graph.ts";
import { pictureProcesses } from "#lib/queries/picture-processes.ts";
import { queueCounts } from "#lib/queries/queue-counts.ts";
import { percentile, round } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { ScratchServer } from "../scratch-database.ts";
import { windowsEvents } from "./events.ts";
import { makeSource } from "./ingest.ts";
import { countStatements } from "./statements.ts";

/** The incident page and the rules summary at ten thousand events, and how many statements each page costs. */
export async function benchIncident(server: ScratchServer, events: number): Promise<Figure[]> {
  const database = await server.database("bench_incident");
  const source = await makeSource(database.web);
  const { incidents } = await ingestRecords(database.web, {
    source,
    format: "auto",
    incidentKey: "bench",
    records: splitNdjsonStream(chunks(windowsEvents(events, new Date("2026-03-01T00:00:00Z")))),
    normalise,
  });
  const id = incidents[0]!.id;
  await summarise(database.worker, id);
  const summaries = await timed(3, async () => {
    await database.web
      .$executeRaw`UPDATE incident SET claims_hash = sha256(now()::text::bytea) WHERE id = ${id}::uuid`;
    await summarise(database.worker, id);
  });
  const pages = await timed(20, () => incidentPage(database.web, id));
  const pictures = await benchPictures(database.web, id, events);
  const queueStatements = await countStatements(database.webUrl, async (db) => {
    await Promise.all([
      listIncidents(db, { view: "all", personId: null }, null),
      queueCounts(db, null),
    ]);
  });
  const pageStatements = await countStatements(database.webUrl, (db) => incidentPage(db, id));
  await database.close();
  const page = percentile(pages, 0.95);
  const summary = percentile(summaries, 0.95) / 1000;
  return [
    {
      id: "incident.page_p95_ms",
      value: round(page),
      unit: "ms",
      n: pages.length,
      target: "<= 150",
      holds: page <= 150,
      note: `all queries of the page at ${events} events`,
    },
    {
      id: "summary.rules_seconds",
      value: round(summary),
      unit: "s",
      n: summaries.length,
      target: "<= 2",
      holds: summary <= 2,
      note: `${events} events: load, write, verify, store`,
    },
    figure(
      "summary.rules_ms_per_1000_events",
      round((summary * 1e6) / events),
      "ms",
      summaries.length,
      "the same, per 1,000 events",
    ),
    ...pictures,
    budget("queue.statements", queueStatements, 4),
    budget("incident.statements", pageStatements, 20),
  ];
}

const PICTURE_MS = 1000;

/** Pictures are asked for one at a time by whoever opens them. */
async function benchPictures(db: Db, id: string, events: number): Promise<Figure[]> {
  const readers = { graph: pictureGraph, processes: pictureProcesses, attack: pictureAttack };
  const figures: Figure[] = [];
  for (const [of, read] of Object.entries(readers)) {
    const took = await timed(5, () => read(db, id));
    const p95 = round(percentile(took, 0.95));
    figures.push({
      id: `picture.${of}_p95_ms`,
      value: p95,
      unit: "ms",
      n: took.length,
      target: `<= ${PICTURE_MS}`,
      holds: p95 <= PICTURE_MS,
      note: `at ${events} events; over 50,000 only the first 50,000 are drawn`,
    });
  }
  return figures;
}

async function incidentPage(db: Db, id: string): Promise<void> {
  await Promise.all([
    findIncident(db, id),
    listSummaries(db, id),
    listThread(db, id, {}, { after: null, before: null }),
    listDecisions(db, id),
    listObservables(db, id),
    incidentActivity(db, { id, evidenceCount: 0 }),
  ]);
}

function figure(id: string, value: number, unit: string, n: number, note: string): Figure {
  return { id, value, unit, n, target: null, holds: null, note };
}

function budget(id: string, value: number, most: number): Figure {
  return {
    id,
    value,
    unit: "statements",
    n: 1,
    target: `<= ${most}`,
    holds: value <= most,
    note: "SQL statements for one page",
  };
}

async function timed(rounds: number, run: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const startedAt = performance.now();
    await run();
    if (round > 0) times.push(performance.now() - startedAt);
  }
  return times;
}

async function* chunks(body: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* body;
}
