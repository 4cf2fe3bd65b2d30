/** The process that `apart.ts` starts: the job comes as the first line of standard input, what becomes of it goes out line by line. */
import { createInterface } from "node:readline";
import { createClient } from "#lib/db/prisma.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import type { ApartJob, ApartMessage } from "./apart.ts";
import { exportFault } from "./exports/export-fault.ts";
import { writeExport, type Progress } from "./exports/write-export.ts";

const PROGRESS_MS = 200;

// Whoever stops the desk signals all of its processes; this one ends when the one that started it says so or is gone.
process.on("SIGTERM", () => undefined);
process.on("SIGINT", () => undefined);
const input = createInterface({ input: process.stdin });
input.once("line", (line) => void run(JSON.parse(line) as ApartJob));
input.once("close", () => process.exit());

async function run(job: ApartJob): Promise<void> {
  const db = createClient(job.databaseUrl, 2);
  try {
    await tell(await doneOf(job, db));
  } catch (error) {
    const fault = exportFault(error);
    await tell(fault === null ? { failed: (error as Error).message } : { fault });
  }
  process.exit();
}

async function doneOf(job: ApartJob, db: ReturnType<typeof createClient>): Promise<ApartMessage> {
  if (job.kind === "check") return { results: await checkWholeTrail(db) };
  const progress: Progress = { done: 0, total: null };
  const telling = setInterval(() => void tell({ progress }), PROGRESS_MS);
  const { signal } = new AbortController();
  try {
    return { written: await writeExport(db, job.asked, { ...job.options, signal, progress }) };
  } finally {
    clearInterval(telling);
    await tell({ progress });
  }
}

function tell(message: ApartMessage): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve());
  });
}
