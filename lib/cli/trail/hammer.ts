import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { trailProof } from "#lib/queries/trail-proof.ts";
import type { NoteKey } from "#lib/trail/checkpoint.ts";
import { openTlogProof } from "#lib/trail/tlog-proof.ts";
import { leafHash } from "#lib/trail/tree.ts";
import { none, percentile, publish, round, told, type Figure } from "../figures.ts";
import { processorMs } from "../bench/trail/processor-time.ts";
import { logKey, seal } from "../bench/trail/sealed-log.ts";
import { say, step } from "../progress.ts";
import { startScratchServer, type ScratchDatabase } from "../scratch-database.ts";
import type { TrailCommand } from "../trail.ts";

const ORIGIN = "countersign/hammer/trail";
const TARGET = 1_000;
/** Entries before the load begins; the common checkpoint covers them. */
const FIRST = 2_000;
const BARE_MS = 3_000;
const PAYLOAD = JSON.stringify({ text: "x".repeat(500) });

/** Loads one log with writers while proofs are checked against one checkpoint, on a database of its own. */
export const hammerCommand: TrailCommand = {
  usage: "[--clients 8] [--seconds 10] [--json FILE]: how many entries a second one log takes",
  async run(argv) {
    const { values } = parseArgs({
      args: argv,
      options: {
        clients: { type: "string", default: "8" },
        seconds: { type: "string", default: "10" },
        json: { type: "string" },
      },
    });
    const [clients, seconds] = [countOf(values.clients), countOf(values.seconds)];
    const server = await step(
      "A database of its own, which is gone afterwards",
      startScratchServer,
    );
    try {
      const database = await server.database("hammer");
      try {
        publish(
          "npm run trail -- hammer",
          await hammer(database, { clients, seconds, tell: step }),
        );
      } finally {
        await database.close();
      }
    } finally {
      await server.stop();
    }
    say(NEXT);
    return Number(process.exitCode ?? 0);
  },
};

function countOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`${text} is not a number from 1 to 9999.`);
  return Number(text);
}

const NEXT = `
No log written so is faster than bare-commits, which is the disk and the locks alone: where that is low, look at the disk.
Where entries is far below it, compare cpu with 1 s / entries: near it, the processor is the limit, and other work on it.
Under proofs-wrong or faults anything but 0 is a bug of the log: keep the output, and run npm run trail -- fsck on the desk.`;

type Load = { appendMs: number[]; proofMs: number[]; wrong: number };

/** What one stretch of writing came to. */
type Ran = Load & {
  seconds: number;
  /** Processor time in ms of the writers' backends. */
  cpu: number | null;
};

export type Hammering = {
  clients: number;
  seconds: number;
  /** Says what is being done. */
  tell?: typeof step;
};

export async function hammer(
  database: ScratchDatabase,
  { clients, seconds, tell = (_, run) => run(() => undefined) }: Hammering,
): Promise<Figure[]> {
  const writers = new pg.Pool({ connectionString: database.webUrl, max: clients });
  const log = logKey(ORIGIN);
  try {
    const size = await tell(`${FIRST} entries to prove later`, async () => {
      await writers.query(
        "select count(trail.append('note.added', 'system:hammer', null, $1)) from generate_series(1, $2)",
        [PAYLOAD, FIRST],
      );
      return seal(database, log);
    });
    const bare = await tell(`The pace of the disk, ${BARE_MS / 1_000} s`, () =>
      bareCommits(database, clients),
    );
    const pids = await backendsOf(writers, clients);
    const load = async (words: string, proofs: boolean): Promise<Ran> =>
      tell(words, (note) =>
        run(writers, { pids, seconds, note, proofs: proofs ? { database, log, size } : null }),
      );
    const alone = await load(`${clients} clients for ${seconds} s`, false);
    const proved = await load(`The same, proofs meanwhile`, true);
    const faults = await tell("The log made anew from its bytes (fsck)", async () =>
      (await checkWholeTrail(database.worker)).filter(({ fault }) => fault !== null),
    );
    return figuresOf({ bare, alone, proved, clients, faults: faults.length });
  } finally {
    await writers.end();
  }
}

type Running = {
  pids: number[];
  seconds: number;
  note: Note;
  proofs: Omit<Checking, "until" | "load"> | null;
};

/** Everybody writes for that long, one entry after the other. */
async function run(writers: pg.Pool, { pids, seconds, note, proofs }: Running): Promise<Ran> {
  const load: Load = { appendMs: [], proofMs: [], wrong: 0 };
  const usedMs = processorMs(pids);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all([
    ...pids.map(() => write(writers, until, load)),
    tellPace({ until, load, note }),
    ...(proofs ? [check({ ...proofs, until, load })] : []),
  ]);
  const nowMs = processorMs(pids);
  const cpu = nowMs === null || usedMs === null ? null : nowMs - usedMs;
  return { ...load, seconds: (performance.now() - startedAt) / 1_000, cpu };
}

/** The processes that serve a pool, once each of its clients is connected. */
async function backendsOf(pool: pg.Pool, clients: number): Promise<number[]> {
  const open = await Promise.all(Array.from({ length: clients }, () => pool.connect()));
  try {
    return await Promise.all(
      open.map(async (client) => {
        const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
        return rows[0]!.pid;
      }),
    );
  } finally {
    for (const client of open) client.release();
  }
}

async function tellPace({ until, load, note }: { until: number; load: Load; note: Note }) {
  for (let before = 0; performance.now() < until; before = load.appendMs.length) {
    await pause(Math.min(PACE_MS, Math.max(0, until - performance.now())));
    const { appendMs, proofMs } = load;
    const pace = Math.round((appendMs.length - before) / (PACE_MS / 1_000));
    note(`${appendMs.length} entries, ${pace}/s now; ${proofMs.length} proofs checked`);
  }
}
const PACE_MS = 2_000;
type Note = (text: string) => void;

/** The pace of the disk: under one lock every commit waits for it, and no log written so can be faster. */
async function bareCommits({ adminUrl }: ScratchDatabase, clients: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: adminUrl, max: clients });
  try {
    await pool.query("create table bare (n int); insert into bare values (0)");
    const until = performance.now() + BARE_MS;
    let count = 0;
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (; performance.now() < until; count += 1) await pool.query("update bare set n = n + 1");
      }),
    );
    return (count / BARE_MS) * 1_000;
  } finally {
    await pool.end();
  }
}

async function write(pool: pg.Pool, until: number, { appendMs }: Load): Promise<void> {
  while (performance.now() < until) {
    const startedAt = performance.now();
    await pool.query("select trail.append('note.added', 'system:hammer', null, $1)", [PAYLOAD]);
    appendMs.push(performance.now() - startedAt);
  }
}

type Checking = {
  database: ScratchDatabase;
  log: NoteKey;
  size: number;
  until: number;
  load: Load;
};

/** Asks for the proof of entries here and there, and checks each as its reader would, from the entry's own bytes. */
async function check({ database: { web }, log, size, until, load }: Checking) {
  while (performance.now() < until) {
    const seq = Math.floor(Math.random() * size);
    const startedAt = performance.now();
    const proof = await trailProof(web, seq);
    load.proofMs.push(performance.now() - startedAt);
    const [row] = await web.$queryRaw<{ line: string }[]>`
      SELECT line FROM trail.entry WHERE seq = ${seq}::bigint`;
    if (!holds(proof.state === "sealed" ? proof.text : "", row!.line, log)) load.wrong += 1;
  }
}

function holds(proof: string, line: string, log: NoteKey): boolean {
  try {
    openTlogProof(proof, leafHash(line), log);
    return true;
  } catch {
    return false;
  }
}

type Result = { bare: number; alone: Ran; proved: Ran; clients: number; faults: number };

function figuresOf({ bare, alone, proved, clients, faults }: Result): Figure[] {
  const [rate, appends] = [rateOf(alone), alone.appendMs.length];
  const { proofMs, wrong } = proved;
  const proofs = proofMs.length;
  return [
    {
      ...told("entries", round(rate), appends, `${clients} clients, one log`, "/s"),
      target: `>= ${TARGET} /s`,
      holds: rate >= TARGET,
    },
    ...writing("", alone),
    told(
      "entries-beside-proofs",
      round(rateOf(proved)),
      proved.appendMs.length,
      "the same while proofs are asked for and checked without a pause",
      "/s",
    ),
    ...writing("-beside-proofs", proved),
    told("bare-commits", round(bare), clients, "one row updated, same clients, before", "/s"),
    told("proof-p50", round(percentile(proofMs, 0.5)), proofs, "inclusion, under this load", "ms"),
    told("proof-p99", round(percentile(proofMs, 0.99)), proofs, "", "ms"),
    none("proofs-wrong", wrong, proofs, "against one common checkpoint"),
    none("faults", faults, appends + proved.appendMs.length + FIRST, "found by fsck afterwards"),
  ];
}

function rateOf({ appendMs, seconds }: Ran): number {
  return appendMs.length / seconds;
}

/** What one stretch cost. */
function writing(of: string, { appendMs, cpu }: Ran): Figure[] {
  const n = appendMs.length;
  return [
    ...(cpu === null
      ? []
      : [told(`cpu${of}`, round(cpu / n), n, "of the database's processor time, an entry", "ms")]),
    told(`append-p50${of}`, round(percentile(appendMs, 0.5)), n, "commit on disk", "ms"),
    told(`append-p99${of}`, round(percentile(appendMs, 0.99)), n, "", "ms"),
  ];
}
