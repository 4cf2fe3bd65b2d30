import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { transportEnv } from "#lib/env.ts";
import type { TakenExport } from "#lib/commands/exports/move-export.ts";
import type { FsckResult } from "#lib/trail/fsck.ts";
import { ExportFault } from "./exports/export-fault.ts";
import type { Progress, WriteOptions, Written } from "./exports/write-export.ts";

/**
 * What goes over the whole trail is done in a process of its own with little memory. The garbage of millions of rows is
 * collected late by a process that may grow to gigabytes, as the worker's may, and no setting of one that runs changes that.
 */
export type ApartJob =
  | { kind: "export"; databaseUrl: string; asked: TakenExport; options: ExportPlace }
  | { kind: "check"; databaseUrl: string };
export type ExportPlace = Omit<WriteOptions, "signal" | "progress">;
/** One a line; `fault` is a sentence for whoever asked, `failed` what is tried again. */
export type ApartMessage =
  | { progress: Progress }
  | { written: Written }
  | { results: FsckResult[] }
  | { fault: string }
  | { failed: string };

/** Of V8, in MiB: without them the same work had half as much memory again, and more the longer it took. */
export const LEAN = ["--max-old-space-size=192", "--max-semi-space-size=4"];
/** A bundle of a part keeps a proof of each of its entries until they are written. */
const WITH_PROOFS = ["--max-old-space-size=1024", "--max-semi-space-size=4"];

/** Writes an export there, and throws what writing it here would throw. */
export async function writeExportApart(
  databaseUrl: string,
  asked: TakenExport,
  { signal, progress, ...options }: WriteOptions,
): Promise<Written> {
  const done = await work({ kind: "export", databaseUrl, asked, options }, signal, (told) => {
    Object.assign(progress, told);
  });
  if (!("written" in done)) throw new Error("The process that writes exports wrote none.");
  return done.written;
}

/** Checks the whole trail there. */
export async function checkTrailApart(
  databaseUrl: string,
  signal: AbortSignal,
): Promise<FsckResult[]> {
  const done = await work({ kind: "check", databaseUrl }, signal);
  if (!("results" in done)) throw new Error("The process that checks the trail checked nothing.");
  return done.results;
}

async function work(
  job: ApartJob,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<ApartMessage> {
  signal.throwIfAborted();
  const child = spawn(
    process.execPath,
    [...memoryOf(job), join(import.meta.dirname, "apart-process.ts")],
    {
      // none of this process's secrets; the job names the one it needs
      env: { ...transportEnv(), NODE_ENV: "production" },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const ended = endOf(child);
  const kill = () => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  // it may be gone before it has read all of the job: how it ended is told below
  child.stdin.on("error", () => undefined);
  // left open: that it closes tells the child that this process is gone
  child.stdin.write(`${JSON.stringify(job)}\n`);
  try {
    let last: ApartMessage | null = null;
    for await (const line of createInterface({ input: child.stdout })) {
      last = JSON.parse(line) as ApartMessage;
      if ("progress" in last) onProgress?.(last.progress);
    }
    const how = await ended;
    signal.throwIfAborted();
    if (last === null || "progress" in last) throw new Error(`The work apart ended with ${how}.`);
    if ("fault" in last) throw new ExportFault(last.fault);
    if ("failed" in last) throw new Error(last.failed);
    return last;
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
    await ended;
  }
}

function memoryOf(job: ApartJob): string[] {
  const isPart =
    job.kind === "export" && job.asked.format === "bundle" && job.asked.scope.kind !== "log";
  return isPart ? WITH_PROOFS : LEAN;
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
