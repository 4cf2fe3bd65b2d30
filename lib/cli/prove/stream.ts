/** Readers thrown out again and again, web processes killed: what each reader got is what is stored, byte for byte. */
import { honestAnswer } from "#e2e/fake-model/claims-from-evidence.ts";
import { startFakeModel } from "#e2e/fake-model/server.ts";
import { freePort } from "#lib/db/embedded.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { percentile, round, type Figure } from "../figures.ts";
import { drillDatabase } from "./drill/database.ts";
import { drillDesk, type DrillDesk } from "./drill/desk.ts";
import type { DrillProcess } from "./drill/processes.ts";
import { latenciesOf, readRuns, type ReadRun } from "./drill/readers.ts";
import { waitFor } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";

export type StreamSize = {
  runs: number;
  /** How often each reader's connection is cut, after a few bytes. */
  cuts: number;
  readers: number;
  /** One of the two web processes is killed, and started again, this often; 0: never. */
  killWebMs: number;
  seed: number;
  seconds: number;
};
export type StreamResult = {
  runs: number;
  events: number;
  cuts: number;
  webKills: number;
  /** Runs whose reader got anything but the stored bytes, each event once and in order. */
  unequal: number;
  /** From the end of each claim on the model's wire to its event in a reader's hands, in ms. */
  latencies: number[];
  seconds: number;
};

const SIZES: Record<ProofMode, StreamSize> = {
  short: { runs: 12, cuts: 5, readers: 6, killWebMs: 1500, seed: 17, seconds: 90 },
  normal: { runs: 200, cuts: 5, readers: 8, killWebMs: 3000, seed: 17, seconds: 900 },
  long: { runs: 1000, cuts: 5, readers: 8, killWebMs: 4000, seed: 17, seconds: 3600 },
};
const CALM: Record<ProofMode, number> = { short: 5, normal: 40, long: 150 };
const ALERTS = 8;
const LATENCY_MS = 150;

/** Streams model summaries from a real worker through two web processes that come and go. */
export async function drillStream(db: TestDatabase, size: StreamSize): Promise<StreamResult> {
  const startedAt = performance.now();
  const fake = await startFakeModel({
    script: (request) => ({ ...honestAnswer(request, ALERTS), chunkChars: 120, chunkDelayMs: 15 }),
  });
  const over = new AbortController();
  const webs: DrillProcess[] = [];
  let worker: DrillProcess | null = null;
  try {
    const desk = await drillDesk(db, fake, { concurrency: 4 });
    const ports = [await freePort(), await freePort()];
    for (const port of ports) webs.push(desk.web(port));
    worker = desk.worker();
    await waitFor("the web processes", () => areUp(ports), 30);
    const killing = killWebs(desk, { ports, webs, everyMs: size.killWebMs, signal: over.signal });
    const opening = desk.openIncidents(size.runs, ALERTS);
    const read = await readRuns(db, { ports, ...size });
    await opening;
    over.abort();
    const webKills = await killing;
    const latencies = await latenciesOf(db, fake, read);
    const seconds = (performance.now() - startedAt) / 1000;
    return { ...summed(read), webKills, latencies, seconds };
  } finally {
    over.abort();
    await Promise.all([...webs, ...(worker ? [worker] : [])].map((one) => one.stop()));
    await fake.close();
  }
}

function summed(read: ReadRun[]) {
  return {
    runs: read.length,
    events: read.reduce((sum, { events }) => sum + events, 0),
    cuts: read.reduce((sum, { cuts }) => sum + cuts, 0),
    unequal: read.filter(({ isEqual }) => !isEqual).length,
  };
}

async function areUp(ports: number[]): Promise<boolean> {
  const answers = ports.map((port) => fetch(`http://127.0.0.1:${port}/`).then(() => true));
  return (await Promise.allSettled(answers)).every(({ status }) => status === "fulfilled");
}

type Killing = { ports: number[]; webs: DrillProcess[]; everyMs: number; signal: AbortSignal };

/** Kills one, then the other, each time once both are up: under load a process takes a while to come back. */
async function killWebs(
  desk: DrillDesk,
  { ports, webs, everyMs, signal }: Killing,
): Promise<number> {
  let kills = 0;
  while (everyMs > 0 && !signal.aborted) {
    await pauseUnless(signal, everyMs);
    if (signal.aborted) break;
    if (!(await areUp(ports))) continue;
    const at = kills % webs.length;
    await webs[at]!.kill();
    webs[at] = desk.web(ports[at]!);
    kills += 1;
  }
  return kills;
}

function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** Both parts over databases of their own: readers disturbed in every way, then readers left in peace. */
export async function proveStream(mode: ProofMode): Promise<Proof> {
  const rough = await onDatabase((db) => drillStream(db, SIZES[mode]));
  const calmSize = { ...SIZES[mode], runs: CALM[mode], cuts: 0, killWebMs: 0 };
  const calm = await onDatabase((db) => drillStream(db, calmSize));
  return { figures: [...roughFigures(rough, SIZES[mode]), ...calmFigures(calm)], limits: LIMITS };
}

async function onDatabase<T>(run: (db: TestDatabase) => Promise<T>): Promise<T> {
  const db = await drillDatabase();
  try {
    return await run(db);
  } finally {
    await db.close();
  }
}

function roughFigures(result: StreamResult, size: StreamSize): Figure[] {
  const { runs, events, cuts, webKills, unequal, seconds } = result;
  const free = { target: null, holds: null };
  return [
    {
      id: "unequal",
      value: unequal,
      unit: "runs",
      n: runs,
      target: "0",
      holds: unequal === 0,
      note: "bytes lost, doubled or changed",
    },
    {
      id: "cuts",
      value: cuts,
      unit: "",
      n: runs,
      target: `${size.cuts} a run`,
      holds: cuts >= size.cuts * runs,
      note: "connections cut after a few bytes",
    },
    {
      id: "webKills",
      value: webKills,
      unit: "",
      n: webKills,
      ...free,
      note: "SIGKILL of a web process",
    },
    {
      id: "events",
      value: events,
      unit: "",
      n: runs,
      ...free,
      note: `read in ${Math.round(seconds)} s`,
    },
  ];
}

function calmFigures({ latencies, unequal, runs }: StreamResult): Figure[] {
  const p95 = round(percentile(latencies, 0.95));
  const n = latencies.length;
  return [
    {
      id: "wireToEvent.p50",
      value: round(percentile(latencies, 0.5)),
      unit: "ms",
      n,
      target: null,
      holds: null,
      note: "",
    },
    {
      id: "wireToEvent.p95",
      value: p95,
      unit: "ms",
      n,
      target: `<= ${LATENCY_MS} ms`,
      holds: p95 <= LATENCY_MS,
      note: "end of a claim on the wire to its event read",
    },
    {
      id: "unequal.calm",
      value: unequal,
      unit: "runs",
      n: runs,
      target: "0",
      holds: unequal === 0,
      note: "",
    },
  ];
}

const LIMITS =
  "Model, worker, database, web and readers share one machine, so there is no network in these figures, and no browser: what a screen adds is measured with one. The web processes are the product's own streaming around a small HTTP server, not Next.";
