import { generateKeyPairSync } from "node:crypto";
import { parseArgs } from "node:util";
import pg from "pg";
import { loginUrl } from "#lib/db/provision.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { nodeReader, trailProof } from "#lib/queries/trail-proof.ts";
import { signCheckpoint, type NoteKey } from "#lib/trail/checkpoint.ts";
import { rootFromNodes } from "#lib/trail/nodes.ts";
import { openTlogProof } from "#lib/trail/tlog-proof.ts";
import { leafHash } from "#lib/trail/tree.ts";
import { none, percentile, publish, round, told, type Figure } from "../figures.ts";
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
    const server = await startScratchServer();
    try {
      const database = await server.database("hammer");
      try {
        publish("npm run trail -- hammer", await hammer(database, clients, seconds));
      } finally {
        await database.close();
      }
    } finally {
      await server.stop();
    }
    return Number(process.exitCode ?? 0);
  },
};

function countOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`${text} is not a number from 1 to 9999.`);
  return Number(text);
}

type Load = {
  /** Commits a second of the smallest change that takes one lock, by as many clients, before the load. */
  bare: number;
  appendMs: number[];
  proofMs: number[];
  wrong: number;
};

async function hammer(database: ScratchDatabase, clients: number, seconds: number) {
  const writers = new pg.Pool({ connectionString: database.webUrl, max: clients });
  const log = { name: ORIGIN, key: generateKeyPairSync("ed25519").privateKey };
  try {
    await writers.query(
      "select count(trail.append('note.added', 'system:hammer', null, $1)) from generate_series(1, $2)",
      [PAYLOAD, FIRST],
    );
    const size = await seal(database, log);
    const load: Load = {
      bare: await bareCommits(database, clients),
      appendMs: [],
      proofMs: [],
      wrong: 0,
    };
    const startedAt = performance.now();
    const until = startedAt + seconds * 1_000;
    await Promise.all([
      ...Array.from({ length: clients }, () => write(writers, until, load)),
      check(database, { log, size, until, load }),
    ]);
    const ranSeconds = (performance.now() - startedAt) / 1_000;
    const faults = (await checkWholeTrail(database.worker)).filter(({ fault }) => fault !== null);
    return figuresOf(load, { clients, ranSeconds, faults: faults.length });
  } finally {
    await writers.end();
  }
}

/** Signs the log as it stands; the database keeps the checkpoint as it keeps the signer's. */
async function seal({ web, adminUrl, webUrl }: ScratchDatabase, log: NoteKey): Promise<number> {
  const [row] = await web.$queryRaw<{ size: bigint }[]>`SELECT size FROM trail.head`;
  const size = Number(row!.size);
  const root = await rootFromNodes(size, nodeReader(web));
  const note = signCheckpoint({ origin: ORIGIN, size, root }, log.key);
  const signer = new pg.Client({
    connectionString: loginUrl(adminUrl, "signer", decodeURIComponent(new URL(webUrl).password)),
  });
  await signer.connect();
  try {
    await signer.query("insert into trail.checkpoint (size, root, note) values ($1, $2, $3)", [
      size,
      root,
      note,
    ]);
  } finally {
    await signer.end();
  }
  return size;
}

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

type Checking = { log: NoteKey; size: number; until: number; load: Load };

/** Asks for the proof of entries here and there, and checks each as its reader would, from the entry's own bytes. */
async function check({ web }: ScratchDatabase, { log, size, until, load }: Checking) {
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

type Ran = { clients: number; ranSeconds: number; faults: number };

function figuresOf(
  { bare, appendMs, proofMs, wrong }: Load,
  { clients, ranSeconds, faults }: Ran,
): Figure[] {
  const [appends, proofs] = [appendMs.length, proofMs.length];
  const rate = appends / ranSeconds;
  return [
    {
      ...told(
        "entries",
        round(rate),
        appends,
        `${clients} clients, one log, proofs meanwhile`,
        "/s",
      ),
      target: `>= ${TARGET} /s`,
      holds: rate >= TARGET,
    },
    told("bare-commits", round(bare), clients, "one row updated, same clients, before", "/s"),
    told("append-p50", round(percentile(appendMs, 0.5)), appends, "commit on disk", "ms"),
    told("append-p99", round(percentile(appendMs, 0.99)), appends, "", "ms"),
    told("proof-p50", round(percentile(proofMs, 0.5)), proofs, "inclusion, under this load", "ms"),
    told("proof-p99", round(percentile(proofMs, 0.99)), proofs, "", "ms"),
    none("proofs-wrong", wrong, proofs, "against one common checkpoint"),
    none("faults", faults, appends + FIRST, "found by fsck afterwards"),
  ];
}
