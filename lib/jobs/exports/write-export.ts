import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { bundleFolder } from "#lib/bundle/bundle-folder.ts";
import { packFolder } from "#lib/bundle/pack.ts";
import type { TakenExport } from "#lib/commands/exports/move-export.ts";
import type { Db } from "#lib/db/prisma.ts";
import { scopeCondition } from "#lib/queries/bundle-content.ts";
import { exported } from "#lib/queries/export-trail.ts";
import { countScope } from "#lib/queries/export-scope.ts";
import { ocsfLines } from "#lib/queries/ocsf-incidents.ts";
import { trailRows, trailSize, type TrailRow } from "#lib/queries/trail-rows.ts";
import { csvEntry, csvHeader } from "#lib/trail/csv.ts";
import { exportLine } from "#lib/trail/line.ts";
import { collectBundle } from "./collect-bundle.ts";
import { ExportFault } from "./export-fault.ts";
import { exportKey } from "./export-key.ts";
import { sealedBeyond } from "./sealed-beyond.ts";

export type Progress = { done: number; total: number | null };
export type WriteOptions = {
  /** An empty folder of its own. */
  place: string;
  /** Of what is inside, so that the file of a bundle is told from others too. */
  name: string;
  /** Where the export key lies. */
  keys: string;
  organisation: string;
  /** The log's verifier key, for a bundle. */
  logKey: string | null;
  bytesMax: number;
  sealMs: number;
  signal: AbortSignal;
  /** Kept up to date while it goes on. */
  progress: Progress;
};
/** Where the file lies inside `place`, and how many entries, or incidents, it holds. */
export type Written = { path: string; entries: number };

/** Writes an export, in memory that does not grow with it. Throws the signal's reason when it is told to stop. */
export async function writeExport(
  db: Db,
  asked: TakenExport,
  options: WriteOptions,
): Promise<Written> {
  if (asked.format === "bundle") return writeBundle(db, asked, options);
  const { place, bytesMax, progress } = options;
  const { scope, format } = asked;
  const end = await trailSize(db);
  const of = format === "ocsf" ? "incidents" : "entries";
  progress.total = await countScope(db, { scope, end, of });
  const lines = {
    jsonl: () => entryLines(db, asked, { end, line: (row) => exportLine(exported(row)) }),
    csv: () => entryLines(db, asked, { end, line: csvEntry, head: csvHeader() }),
    ocsf: () => ocsfLines(db, { scope, end }),
  }[format];
  // RFC 4180 has a row of names before the first entry
  const heads = format === "csv" ? 1 : 0;
  await bundleFolder(place, bytesMax).putLines("file", counted(lines(), options, heads));
  return { path: join(place, "file"), entries: progress.done };
}

type Lines = { end: number; line: (row: TrailRow) => string; head?: string };

async function* entryLines(
  db: Db,
  { scope }: TakenExport,
  { end, line, head }: Lines,
): AsyncGenerator<string> {
  if (head !== undefined) yield head;
  for await (const row of trailRows(db, { condition: scopeCondition(scope), end })) yield line(row);
}

async function* counted(
  lines: AsyncIterable<string>,
  { signal, progress }: WriteOptions,
  heads: number,
): AsyncGenerator<string> {
  let passed = 0;
  for await (const line of lines) {
    signal.throwIfAborted();
    passed += 1;
    progress.done = Math.max(0, passed - heads);
    yield line;
  }
}

async function writeBundle(
  db: Db,
  { scope, withheld, askedBy }: TakenExport,
  options: WriteOptions,
): Promise<Written> {
  const { place, name, keys, organisation, logKey, bytesMax, sealMs, signal, progress } = options;
  const key = await exportKey(db, { directory: keys, organisation });
  const size = Math.max(key.entry + 1, await trailSize(db));
  const sealed = await sealedBeyond(db, { size, waitMs: sealMs, signal }).catch((error: Error) => {
    signal.throwIfAborted();
    throw new ExportFault(error.message);
  });
  progress.total = await countScope(db, { scope, end: sealed.size, of: "entries" });
  const folder = join(place, "folder");
  await mkdir(folder, { mode: 0o700 });
  const order = { scope, withheld, askedBy: `person:${askedBy}`, sealed, logKey, key, bytesMax };
  const onProgress = (entries: number) => {
    progress.done = entries;
  };
  const entries = await collectBundle(db, { ...order, signal, onProgress }, folder);
  progress.done = entries;
  const path = join(place, "file");
  await packFolder(folder, { to: path, name, mtime: Date.now() });
  return { path, entries };
}
