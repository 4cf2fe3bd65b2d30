import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { Db } from "#lib/db/prisma.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { pictureAttack } from "#lib/queries/picture-attack.ts";
import { pictureGraph } from "#lib/queries/picture-graph.ts";
import { pictureProcesses } from "#lib/queries/picture-processes.ts";
import { percentile, round } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { ScratchServer } from "../scratch-database.ts";
import { windowsEvents } from "./events.ts";
import { makeSource } from "./ingest.ts";
import { readIncidentScreen } from "./desk/page-reads.ts";

const NOBODY = "00000000-0000-7000-8000-000000000010";

/** The incident page and the rules summary at ten thousand events. */
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
  const pages = await timed(20, () => readIncidentScreen(database.web, id, NOBODY));
  const pictures = await benchPictures(database.web, id, events);
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

function figure(id: string, value: number, unit: string, n: number, note: string): Figure {
  return { id, value, unit, n, target: null, holds: null, note };
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
