import { createHash, randomUUID } from "node:crypto";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { pipeline } from "node:stream/promises";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitNdjsonStream } from "#lib/connectors/sources/split.ts";
import type { Db } from "#lib/db/prisma.ts";
import { round } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { ScratchServer } from "../scratch-database.ts";
import { windowsEvents } from "./events.ts";

/** What one batch of ingest writes, in an order that foreign keys allow. */
const TABLES = [
  "public.source",
  "public.incident",
  "public.evidence_item",
  "public.incident_observable",
  "public.incident_link",
  "public.outbox",
];

/**
 * Events per second through split, normalise and ingest, against COPY of the very rows it wrote, all
 * tables and indexes included, into an equal empty database on the same server.
 */
export async function benchIngest(server: ScratchServer, n: number): Promise<Figure[]> {
  const from = await server.database("bench_ingest");
  const to = await server.database("bench_copy");
  const source = await makeSource(from.web);
  const body = windowsEvents(n, new Date("2026-03-01T00:00:00Z"));
  const bytes = body.reduce((sum, chunk) => sum + chunk.byteLength, 0);

  const startedAt = performance.now();
  const result = await ingestRecords(from.web, {
    source,
    format: "auto",
    incidentKey: "bench",
    records: splitNdjsonStream(chunks(body)),
    normalise,
  });
  const ingestSeconds = (performance.now() - startedAt) / 1000;
  if (result.accepted !== n) throw new Error(`ingest took ${result.accepted} of ${n}`);

  const copySeconds = await copyAll(from.adminUrl, to.adminUrl);
  await Promise.all([from.close(), to.close()]);
  const ratio = copySeconds / ingestSeconds;
  return [
    {
      id: "ingest.events_per_second",
      value: Math.round(n / ingestSeconds),
      unit: "events/s",
      n,
      target: null,
      holds: null,
      note: `${(bytes / n / 1000).toFixed(1)} kB a record; one stream, one process`,
    },
    {
      id: "ingest.copy_rows_per_second",
      value: Math.round(n / copySeconds),
      unit: "events/s",
      n,
      target: null,
      holds: null,
      note: "COPY of the same rows into the same tables, triggers off",
    },
    {
      id: "ingest.share_of_copy",
      value: round(ratio),
      unit: "x COPY",
      n,
      target: ">= 0.25",
      holds: ratio >= 0.25,
      note: "both in this run; ingest also splits, parses, hashes and correlates",
    },
  ];
}

export async function makeSource(db: Db): Promise<{ id: string; name: string }> {
  const sha256 = new Uint8Array(createHash("sha256").update(randomUUID()).digest());
  return db.source.create({
    data: { name: `bench ${randomUUID()}`, format: "auto", tokenSha256: sha256 },
    select: { id: true, name: true },
  });
}

async function* chunks(body: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* body;
}

async function copyAll(fromUrl: string, toUrl: string): Promise<number> {
  const reader = new pg.Client({ connectionString: fromUrl });
  const writer = new pg.Client({ connectionString: toUrl });
  await Promise.all([reader.connect(), writer.connect()]);
  let seconds = 0;
  try {
    for (const table of TABLES) {
      const rows: Buffer[] = [];
      const out = reader.query(copyTo(`COPY ${table} TO STDOUT (FORMAT binary)`));
      for await (const chunk of out) rows.push(chunk as Buffer);
      await writer.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      const startedAt = performance.now();
      await pipeline(rows, writer.query(copyFrom(`COPY ${table} FROM STDIN (FORMAT binary)`)));
      seconds += (performance.now() - startedAt) / 1000;
    }
  } finally {
    await Promise.all([reader.end(), writer.end()]);
  }
  return seconds;
}
