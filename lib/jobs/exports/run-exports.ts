import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  completeExport,
  expireExports,
  failExport,
  leaveExport,
  noteExport,
  takeExport,
  wantedExports,
  type TakenExport,
} from "#lib/commands/exports/move-export.ts";
import { exportFile, exportFileBaseName, exportFolder } from "#lib/db/export-files.ts";
import type { Db } from "#lib/db/prisma.ts";
import { EXPORT_DAYS, exportFileName } from "#lib/domain/trail/export.ts";
import { scopeName } from "#lib/queries/export-scope.ts";
import { writeExportApart } from "../apart.ts";
import { every } from "../every.ts";
import type { WorkerLog } from "../worker-log.ts";
import { exportFault } from "./export-fault.ts";
import { fileSha256 } from "./record-bundle.ts";
import { writeExport, type Progress } from "./write-export.ts";

export type ExportClocks = {
  /** How long an export stays in the hand of a worker that says nothing. */
  leaseMs: number;
  /** How often it says how far it is. */
  beatMs: number;
  /** How long a bundle waits for its seal; the signer signs within a minute. */
  sealMs: number;
  keepSeconds: number;
};
export type ExportContext = {
  db: Db;
  /** The product's own folder. */
  home: string;
  organisation: string;
  /** Who takes exports; what stands in the row of one is this and what no other hand has. */
  worker: string;
  log: WorkerLog;
  signal: AbortSignal;
  /** The database by its address, for a process with little memory that writes each; without it, they are written here. */
  databaseUrl?: string | undefined;
  /** What one export may write. */
  bytesMax?: number;
  clocks?: Partial<ExportClocks>;
};

const CLOCKS: ExportClocks = {
  leaseMs: 30_000,
  beatMs: 1_000,
  sealMs: 90_000,
  keepSeconds: EXPORT_DAYS * 86_400,
};
const BYTES_MAX = 8 * 2 ** 30;
const MAKING = "making-";

/** Writes what waits, one after another, until nothing does. Returns how many became ready. */
export async function runExports(context: ExportContext): Promise<number> {
  const { leaseMs } = { ...CLOCKS, ...context.clocks };
  let ready = 0;
  while (!context.signal.aborted) {
    // an export may come back to the worker that lost it while its first hand still writes
    const worker = `${context.worker}/${randomUUID()}`;
    const taken = await takeExport(context.db, { worker, leaseMs });
    if (!taken) break;
    if (await runExport(taken, { ...context, worker })) ready += 1;
  }
  return ready;
}

/** Lets go what was kept its time, and removes the files that no row wants: of what expired, was cancelled or left by a crash. */
export async function dropExports({ db, home }: Pick<ExportContext, "db" | "home">): Promise<void> {
  while ((await expireExports(db)) > 0);
  const folder = exportFolder(home);
  const names = await readdir(folder).catch(() => []);
  const idOf = (name: string) => name.replace(MAKING, "").slice(0, UUID_LENGTH);
  const known = names.filter((name) => UUID.test(idOf(name)));
  const wanted = await wantedExports(db, known.map(idOf));
  const isWanted = (name: string) => {
    const id = idOf(name);
    const hand = wanted.get(id);
    if (hand === undefined) return false;
    return name.startsWith(MAKING) || name === exportFileBaseName({ id, hand });
  };
  for (const name of known.filter((one) => !isWanted(one)))
    await rm(join(folder, name), { recursive: true, force: true });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UUID_LENGTH = 36;

/** A folder of this hand alone, so that a hand that lost the export clears away nothing of the next; what earlier ones left goes. */
async function ownPlace(folder: string, id: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const left = (await readdir(folder)).filter((name) => name.startsWith(`${MAKING}${id}`));
  for (const name of left) await rm(join(folder, name), { recursive: true, force: true });
  return mkdtemp(join(folder, `${MAKING}${id}-`));
}

/** True when it is ready; else it failed, was cancelled, or waits for another attempt. */
async function runExport(taken: TakenExport, context: ExportContext): Promise<boolean> {
  const { db, log, worker } = context;
  const held = { id: taken.id, worker };
  const { signal, progress, lost, end } = watch(taken, context);
  const folder = exportFolder(context.home);
  let place: string | null = null;
  try {
    place = await ownPlace(folder, taken.id);
    const file = await write(taken, context, { place, signal, progress });
    const isReady = await completeExport(db, held, file);
    if (isReady) log.info({ exportId: taken.id, entries: file.entries }, "wrote an export");
    else await rm(exportFile(taken, context.home), { force: true });
    return isReady;
  } catch (error) {
    if (lost.aborted) return false;
    const sentence = exportFault(error);
    const { message: reason } = error as Error;
    if (sentence !== null) await failExport(db, held, sentence);
    else await leaveExport(db, held, !context.signal.aborted);
    log.warn({ exportId: taken.id, reason }, "did not come to the end of an export");
    return false;
  } finally {
    await end();
    if (place !== null) await rm(place, { recursive: true, force: true });
  }
}

/** Says how far it is, beside the work; `signal` aborts when nobody wants it here any more, or this worker is to stop. */
function watch({ id }: TakenExport, { db, log, worker, signal: stop, clocks }: ExportContext) {
  const { leaseMs, beatMs } = { ...CLOCKS, ...clocks };
  const progress: Progress = { done: 0, total: null };
  const lost = new AbortController();
  const ended = new AbortController();
  const beat = every(
    beatMs,
    "export progress",
    async () => {
      if (ended.signal.aborted) return;
      if (!(await noteExport(db, { id, worker }, { ...progress, leaseMs }))) lost.abort();
    },
    { log, signal: ended.signal },
  );
  return {
    progress,
    lost: lost.signal,
    signal: AbortSignal.any([stop, lost.signal]),
    end: async () => {
      ended.abort();
      await beat;
    },
  };
}

type Writing = { place: string; signal: AbortSignal; progress: Progress };

/** Writes the file and puts it, whole and on the disk, where downloads look for it. */
async function write(taken: TakenExport, context: ExportContext, writing: Writing) {
  const { home, organisation, databaseUrl, bytesMax = BYTES_MAX } = context;
  const { sealMs, keepSeconds } = { ...CLOCKS, ...context.clocks };
  const name = exportFileName(taken.format, scopeName(taken.scope), taken.id);
  const options = {
    ...writing,
    name: name.replace(/\..*$/, ""),
    keys: join(home, "exports"),
    organisation,
    logKey: await readFile(join(home, "signer", "log.key.pub"), "utf8").catch(() => null),
    ...{ bytesMax, sealMs },
  };
  const { path, entries } = await (databaseUrl === undefined
    ? writeExport(context.db, taken, options)
    : writeExportApart(databaseUrl, taken, options));
  const sha256 = await fileSha256(path);
  const handle = await open(path, "r+");
  await handle.sync();
  const { size: bytes } = await handle.stat();
  await handle.close();
  writing.signal.throwIfAborted();
  await rename(path, exportFile(taken, home));
  return { name, bytes, sha256, entries, keepSeconds };
}
