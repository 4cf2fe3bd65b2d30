/** What a long log costs: a proof, its exports, its check, and the verification of its bundle. */
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { loginUrl } from "#lib/db/provision.ts";
import { LEAN } from "#lib/jobs/apart.ts";
import { exportKey } from "#lib/jobs/exports/export-key.ts";
import { trailProof } from "#lib/queries/trail-proof.ts";
import { verifierKey } from "#lib/trail/checkpoint.ts";
import { none, percentile, round, told, type Figure } from "../../figures.ts";
import type { ScratchDatabase, ScratchServer } from "../../scratch-database.ts";
import { madeEntries } from "./made-entries.ts";
import type { Done, Job } from "./measured.ts";
import { ORGANISATION } from "./organisation.ts";
import { childrenMs } from "./processor-time.ts";
import { searchFigures } from "./search.ts";
import { logKey, passwordOf, seal } from "./sealed-log.ts";
import { writeLog } from "./write-log.ts";

export type WholeLogSize = {
  entries: number;
  proofs: number;
  /** Entries of the log that verify.sh is given. */
  scriptEntries: number;
};
type Note = (text: string) => void;

const PROOF_MS = 10;
const EXPORT_MB = 300;
const VERIFY_MB = 300;
const SHARE_MIN = 0.3;
const ROUNDS = 3;

export async function benchWholeLog(
  server: ScratchServer,
  size: WholeLogSize,
  note: Note,
): Promise<Figure[]> {
  const place = await mkdtemp(join(tmpdir(), "countersign-bench-trail-"));
  try {
    note(`writing ${size.entries} entries`);
    const long = await makeLog(server, "long_log", { entries: size.entries, place });
    const figures = await proofFigures(long.database, size.proofs, long.size);
    note("searching it");
    figures.push(...(await searchFigures(long.database, long.size)));
    figures.push(...(await exportFigures(long, note)));
    await long.database.close();
    note("verifying the bundle");
    figures.push(...(await verifyFigures(long)));
    note(`verifying ${size.scriptEntries} entries with verify.sh`);
    const small = await makeLog(server, "short_log", { entries: size.scriptEntries, place });
    await measured({ kind: "bundle", url: small.workerUrl, folder: small.folder });
    await small.database.close();
    return [...figures, await scriptFigure(small)];
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

type Log = {
  database: ScratchDatabase;
  workerUrl: string;
  /** Entries, those of a new database and the export key's among them. */
  size: number;
  /** Where its exports go. */
  folder: string;
  keyFile: string;
};

async function makeLog(
  server: ScratchServer,
  name: string,
  { entries, place }: { entries: number; place: string },
): Promise<Log> {
  const database = await server.database(name);
  const folder = join(place, name);
  await mkdir(folder);
  await writeLog(database.adminUrl, madeEntries(entries));
  await exportKey(database.worker, { directory: folder, organisation: ORGANISATION });
  const log = logKey(`countersign/${ORGANISATION}/trail`);
  const size = await seal(database, log);
  const keyFile = join(folder, "log.key.pub");
  await writeFile(keyFile, `${verifierKey(log)}\n`);
  const workerUrl = loginUrl(database.adminUrl, "worker", passwordOf(database.webUrl));
  return { database, workerUrl, size, folder, keyFile };
}

async function proofFigures({ web }: ScratchDatabase, n: number, size: number): Promise<Figure[]> {
  const took: number[] = [];
  for (let done = 0; done < n; done += 1) {
    const seq = Math.floor(Math.random() * size);
    const startedAt = performance.now();
    const proof = await trailProof(web, seq);
    took.push(performance.now() - startedAt);
    if (proof.state !== "sealed") throw new Error(`Entry ${seq} has no proof.`);
  }
  const [p50, p99] = [round(percentile(took, 0.5)), round(percentile(took, 0.99))];
  return [
    told("proof.p50", p50, n, `inclusion, of any of ${size} entries`, "ms"),
    {
      ...told("proof.p99", p99, n, `the longest took ${round(Math.max(...took))} ms`, "ms"),
      ...{ target: `<= ${PROOF_MS} ms`, holds: p99 <= PROOF_MS },
    },
  ];
}

async function exportFigures({ workerUrl: url, size, folder }: Log, note: Note): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of ["jsonl", "csv", "bundle"] as const) {
    note(`exporting: ${kind}`);
    const { entries, seconds, peakMb } = await measured({ kind, url, folder });
    if (entries !== size) throw new Error(`The ${kind} has ${entries} entries of ${size}.`);
    figures.push(
      memory(`export.${kind}.peak`, { peakMb, n: size, max: EXPORT_MB }),
      told(`export.${kind}`, Math.round(size / seconds), size, "", "entries/s"),
    );
  }
  note("checking all of it (fsck)");
  const { entries: faults, seconds, peakMb } = await measured({ kind: "fsck", url, folder });
  return [
    ...figures,
    none("fsck.faults", faults, size, "in the log that was written"),
    memory("fsck.peak", { peakMb, n: size, max: EXPORT_MB }),
    told("fsck", Math.round(size / seconds), size, "", "entries/s"),
  ];
}

function memory(
  id: string,
  { peakMb, n, max }: { peakMb: number | null; n: number; max: number },
): Figure {
  if (peakMb === null) return told(id, 0, n, "not measured: there is no /proc here", "MB");
  const figure = told(id, peakMb, n, "most memory resident, of the whole process", "MB");
  return { ...figure, target: `<= ${max} MB`, holds: peakMb <= max };
}

async function measured(job: Job): Promise<Done> {
  const child = spawn(process.execPath, [...LEAN, join(import.meta.dirname, "measured.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(job));
  const said = await text(child.stdout);
  if (said === "") throw new Error(`The ${job.kind} could not be made.`);
  return JSON.parse(said) as Done;
}

/** Each in turn over the same files, which both have read before. */
async function verifyFigures({ folder, keyFile, size }: Log): Promise<Figure[]> {
  const bundle = join(folder, "bundle");
  const names = (await readdir(bundle)).map((name) => join(bundle, name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(name)).size));
  const bytes = sizes.reduce((sum, each) => sum + each, 0);
  const sums: Took[] = [];
  const runs: Took[] = [];
  let peak = 0;
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    sums.push(await timed("sha256sum", names));
    const run = await timed(process.execPath, [
      "--import",
      join(import.meta.dirname, "say-peak.ts"),
      join(bundle, "verify.mjs"),
      bundle,
      "--log-key",
      keyFile,
    ]);
    if (!run.output.includes("Every check that was made holds."))
      throw new Error(`The bundle does not verify:\n${run.output}`);
    peak = Math.max(peak, Number(/^peak (\d+)$/m.exec(run.output)?.[1] ?? 0));
    runs.push(run);
  }
  const [sum, run] = [median(sums, "ms"), median(runs, "ms")];
  const share = round(sum / run);
  const processor = round(median(sums, "processorMs") / median(runs, "processorMs"));
  const rate = (ms: number) => Math.round(bytes / 1e6 / (ms / 1_000));
  return [
    told("bundle.bytes", Math.round(bytes / 1e6), size, "its files together", "MB"),
    told("bundle.sha256sum", rate(sum), ROUNDS, "the same files; median", "MB/s"),
    told(
      "bundle.verify",
      rate(run),
      ROUNDS,
      `verify.mjs, ${Math.round(size / (run / 1_000))} entries/s; median`,
      "MB/s",
    ),
    {
      ...told("bundle.share", share, ROUNDS, `of sha256sum; by processor time ${processor}`, "x"),
      ...{ target: `>= ${SHARE_MIN}`, holds: share >= SHARE_MIN },
    },
    memory("bundle.verify.peak", { peakMb: peak || null, n: size, max: VERIFY_MB }),
  ];
}

/** It makes files of all lines, and processes for each entry: for a part of a log, not for a million. */
async function scriptFigure({ folder, keyFile, size }: Log): Promise<Figure> {
  const bundle = join(folder, "bundle");
  const { ms } = await timed("sh", [join(bundle, "verify.sh"), bundle, "--log-key", keyFile]);
  return told("bundle.verify_sh", Math.round(size / (ms / 1_000)), size, "verify.sh", "entries/s");
}

type Took = { ms: number; processorMs: number; output: string };

async function timed(command: string, args: string[]): Promise<Took> {
  const used = childrenMs() ?? 0;
  const startedAt = performance.now();
  const { stdout } = await promisify(execFile)(command, args);
  const ms = performance.now() - startedAt;
  return { ms, processorMs: (childrenMs() ?? 0) - used, output: stdout };
}

function median(took: Took[], what: "ms" | "processorMs"): number {
  return percentile(
    took.map((each) => each[what]),
    0.5,
  );
}
