/** Worker processes killed at any moment: every run ends, once, with its effects once and its money settled once. */
import { setTimeout as pause } from "node:timers/promises";
import { honestAnswer } from "#e2e/fake-model/claims-from-evidence.ts";
import { startFakeModel, type FakeModel } from "#e2e/fake-model/server.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { Figure } from "../figures.ts";
import { auditRuns, endings, type Audit } from "./drill/audit.ts";
import { drillDatabase } from "./drill/database.ts";
import { drillDesk, type DrillDesk } from "./drill/desk.ts";
import type { DrillProcess } from "./drill/processes.ts";
import { seededRandom, waitFor } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";

export type WorkersSize = {
  jobs: number;
  kills: number;
  workers: number;
  /** Requests to the model at one time: fewer of them last longer. */
  concurrency: number;
  seed: number;
  seconds: number;
};
export type WorkersResult = Audit & {
  jobs: number;
  kills: number;
  /** Kills that left runs under way behind. */
  killsInRuns: number;
  /** Requests that reached the model more than once, byte for byte. */
  sentTwice: number;
  ended: Record<string, number>;
  seconds: number;
};

const SIZES: Record<ProofMode, WorkersSize> = {
  short: { jobs: 60, kills: 6, workers: 2, concurrency: 3, seed: 4, seconds: 120 },
  normal: { jobs: 400, kills: 40, workers: 2, concurrency: 6, seed: 4, seconds: 900 },
  long: { jobs: 2000, kills: 200, workers: 3, concurrency: 8, seed: 4, seconds: 5400 },
};

/** Kills workers over a queue of model summaries; see `WorkersResult`. */
export async function drillWorkers(db: TestDatabase, size: WorkersSize): Promise<WorkersResult> {
  const startedAt = performance.now();
  const fake = await startFakeModel({
    script: (request) => ({ ...honestAnswer(request), chunkChars: 40, chunkDelayMs: 100 }),
  });
  const workers: DrillProcess[] = [];
  try {
    const desk = await drillDesk(db, fake, { concurrency: size.concurrency });
    await desk.openIncidents(size.jobs, 3);
    for (let n = 0; n < size.workers; n += 1) workers.push(desk.worker());
    const killsInRuns = await killAgainAndAgain({ db, desk, workers, size });
    await waitFor("every run to end", () => isDone(db), size.seconds, 500);
    const [audit, ended] = await Promise.all([auditRuns(db), endings(db)]);
    const seconds = (performance.now() - startedAt) / 1000;
    const counts = { jobs: size.jobs, kills: size.kills, killsInRuns };
    return { ...audit, ...counts, sentTwice: sentTwice(fake), ended, seconds };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await fake.close();
  }
}

type Killing = { db: TestDatabase; desk: DrillDesk; workers: DrillProcess[]; size: WorkersSize };

/** Three of four kills look for a worker with runs under way; the others come at any moment of a worker's life. */
async function killAgainAndAgain({ db, desk, workers, size }: Killing): Promise<number> {
  const random = seededRandom(size.seed);
  let inRuns = 0;
  for (let n = 0; n < size.kills; n += 1) {
    // spread over the whole of the work: what is killed at once again and again comes to nothing
    await waitFor(
      "runs to end between kills",
      () => hasEnded(db, (n * size.jobs) / size.kills),
      size.seconds,
    );
    const wanted = random() < 0.75 ? await workerInRun(db, workers) : null;
    await pause(wanted === null ? random() * LIFE_MS : random() * IN_RUN_MS);
    const at = wanted ?? Math.floor(random() * workers.length);
    await workers[at]!.kill();
    if ((await runsOf(db, workers[at]!)) > 0) inRuns += 1;
    workers[at] = desk.worker();
  }
  return inRuns;
}

const LIFE_MS = 2500;
const IN_RUN_MS = 300;
const LOOK_MS = 20;
const LOOKS_A_CHECK = 50;

/** Which worker has a run under way; null when there is nothing left to do. */
async function workerInRun(db: TestDatabase, workers: DrillProcess[]): Promise<number | null> {
  for (let looks = 0; ; looks += 1) {
    for (const [at, worker] of workers.entries()) if ((await runsOf(db, worker)) > 0) return at;
    if (looks % LOOKS_A_CHECK === 0 && (await isDone(db))) return null;
    await pause(LOOK_MS);
  }
}

/** Have so many runs ended well, about? */
async function hasEnded(db: TestDatabase, runs: number): Promise<boolean> {
  const finished = await db.owner.modelRun.count({ where: { kind: "summary", state: "finished" } });
  return finished >= runs * 0.8;
}

/** A worker names itself by its host, its process id and a word of its own. */
function runsOf(db: TestDatabase, { pid }: DrillProcess): Promise<number> {
  return db.owner.modelRun.count({
    where: { state: "streaming", worker: { contains: `:${pid}:` } },
  });
}

async function isDone(db: TestDatabase): Promise<boolean> {
  const { open, unread, summariesWrong } = await auditRuns(db);
  return open + unread + summariesWrong === 0;
}

/** Each request has a fence of its own, so the same text twice is the same request sent twice. */
function sentTwice(fake: FakeModel): number {
  return fake.requests.length - new Set(fake.requests.map(({ text }) => text)).size;
}

/** The proof over a database of its own. */
export async function proveWorkers(mode: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const size = SIZES[mode];
    const result = await drillWorkers(db, size);
    return { figures: figuresOf(result), limits: limitsOf(result) };
  } finally {
    await db.close();
  }
}

const ZERO: [keyof WorkersResult, string][] = [
  ["open", "runs stuck"],
  ["withoutReason", "ended without an answer and without a reason"],
  ["withoutEnd", "ended without one last event"],
  ["disorder", "events lost, doubled or out of place"],
  ["summariesWrong", "summaries missing or written twice"],
  ["budgetsWrong", "budgets that do not add up"],
  ["trailWrong", "runs not on the trail exactly once"],
  ["unread", "incidents nobody answered for"],
  ["sentTwice", "requests sent twice"],
];

function figuresOf(result: WorkersResult): Figure[] {
  const { jobs, kills, killsInRuns, seconds } = result;
  const measured = { target: null, holds: null };
  return [
    { id: "jobs", value: jobs, unit: "", n: jobs, ...measured, note: "model summaries" },
    { id: "kills", value: kills, unit: "", n: kills, ...measured, note: "SIGKILL of a worker" },
    {
      id: "killsInRuns",
      value: killsInRuns,
      unit: "",
      n: kills,
      ...measured,
      note: "while runs were under way",
    },
    ...ZERO.map(([id, note]) => {
      const value = Number(result[id]);
      return { id, value, unit: "", n: jobs, target: "0", holds: value === 0, note };
    }),
    { id: "took", value: Math.round(seconds), unit: "s", n: 1, ...measured, note: "" },
  ];
}

function limitsOf({ ended }: WorkersResult): string {
  const how = Object.entries(ended).map(([state, count]) => `${count} ${state}`);
  return `How the runs ended: ${how.join(", ")}. A killed process is not a lost machine: the database and its disk stayed. The model is the fake one, on the same machine.`;
}
