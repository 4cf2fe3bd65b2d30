/** One piece of work in a process of its own, so that its memory can be told; the job comes on standard input. */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { createClient, type Db } from "#lib/db/prisma.ts";
import { collectBundle } from "#lib/jobs/exports/collect-bundle.ts";
import { exportKey } from "#lib/jobs/exports/export-key.ts";
import { newestCheckpoint } from "#lib/queries/bundle-content.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { exportTable, exportTrail } from "#lib/queries/export-trail.ts";
import { ORGANISATION } from "./organisation.ts";
import { peakMb } from "./processor-time.ts";

export type Job = { kind: "bundle" | "jsonl" | "csv" | "fsck"; url: string; folder: string };
/** `entries`: how many it went through, of a check how many faults it found. */
export type Done = { entries: number; seconds: number; peakMb: number | null };

const job = JSON.parse(await text(process.stdin)) as Job;
const db = createClient(job.url, 2);
const startedAt = performance.now();
const entries = await run(db, job);
const seconds = (performance.now() - startedAt) / 1_000;
await db.$disconnect();
process.stdout.write(`${JSON.stringify({ entries, seconds, peakMb: peakMb() } satisfies Done)}\n`);

async function run(from: Db, { kind, folder }: Job): Promise<number> {
  switch (kind) {
    case "bundle":
      return bundle(from, folder);
    case "jsonl":
      return file(join(folder, "trail.jsonl"), exportTrail(from));
    case "csv":
      return (await file(join(folder, "trail.csv"), exportTable(from))) - 1;
    case "fsck":
      return (await checkWholeTrail(from)).filter(({ fault }) => fault !== null).length;
  }
}

async function bundle(from: Db, folder: string): Promise<number> {
  const sealed = await newestCheckpoint(from);
  if (!sealed) throw new Error("The log is not sealed.");
  const key = await exportKey(from, { directory: folder, organisation: ORGANISATION });
  const path = join(folder, "bundle");
  await mkdir(path);
  const withheld = { evidence: false, names: false, payloads: false };
  return collectBundle(
    from,
    {
      scope: { kind: "log" },
      withheld,
      askedBy: "system:bench",
      sealed,
      logKey: null,
      key,
      bytesMax: 2 ** 36,
    },
    path,
  );
}

async function file(path: string, lines: AsyncIterable<string>): Promise<number> {
  let count = 0;
  async function* counted() {
    for await (const line of lines) {
      count += 1;
      yield `${line}\n`;
    }
  }
  await pipeline(Readable.from(counted()), createWriteStream(path));
  return count;
}
