/** pgbench's simple update (`-N`): by pgbench itself where it is installed, and by the product's own driver. */
import { spawn } from "node:child_process";
import { Pool } from "pg";

/** As pgbench makes them: a hundred thousand accounts a unit; no fewer units than clients, so that they rarely meet. */
const ACCOUNTS = 100_000;

export type SimpleUpdates = {
  /** Transactions a second; null where there is no pgbench on the path. */
  pgbench: number | null;
  driver: number;
};

/** In an empty database; both with so many clients for so many seconds, one after the other. */
export async function simpleUpdates(
  url: string,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<SimpleUpdates> {
  const pool = new Pool({ connectionString: url, max: clients });
  try {
    await makeTables(pool, clients);
    const driver = await byDriver(pool, { clients, seconds });
    return { driver, pgbench: await byPgbench(url, { clients, seconds }) };
  } finally {
    await pool.end();
  }
}

async function makeTables(pool: Pool, scale: number): Promise<void> {
  await pool.query(`
    create table pgbench_branches (bid int not null primary key, bbalance int, filler char(88));
    create table pgbench_tellers (tid int not null primary key, bid int, tbalance int, filler char(84));
    create table pgbench_accounts (aid int not null, bid int, abalance int, filler char(84)) with (fillfactor = 100);
    create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
    insert into pgbench_branches select n, 0, '' from generate_series(1, ${scale}) as n;
    insert into pgbench_tellers select n, (n - 1) / 10 + 1, 0, '' from generate_series(1, ${scale * 10}) as n;
    insert into pgbench_accounts select n, (n - 1) / ${ACCOUNTS} + 1, 0, '' from generate_series(1, ${scale * ACCOUNTS}) as n;
    alter table pgbench_accounts add primary key (aid)`);
  await pool.query("vacuum analyze pgbench_accounts");
  await pool.query("checkpoint");
}

type Load = { clients: number; seconds: number };

async function byDriver(pool: Pool, { clients, seconds }: Load): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let count = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = await pool.connect();
      const below = (n: number) => 1 + Math.floor(Math.random() * n);
      while (performance.now() < until) {
        const [aid, bid, tid] = [below(clients * ACCOUNTS), below(clients), below(clients * 10)];
        const delta = below(10_001) - 5001;
        await client.query("begin");
        await client.query({
          ...{ name: "u", values: [delta, aid] },
          text: "update pgbench_accounts set abalance = abalance + $1 where aid = $2",
        });
        await client.query({
          ...{ name: "s", values: [aid] },
          text: "select abalance from pgbench_accounts where aid = $1",
        });
        await client.query({
          ...{ name: "i", values: [tid, bid, aid, delta] },
          text: "insert into pgbench_history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)",
        });
        await client.query("commit");
        count += 1;
      }
      client.release();
    }),
  );
  return count / seconds;
}

/** Null when there is none. Throws with what it says when it fails. */
async function byPgbench(url: string, { clients, seconds }: Load): Promise<number | null> {
  const args = [
    "-N",
    "-n",
    "-M",
    "prepared",
    "-c",
    String(clients),
    "-j",
    "2",
    "-T",
    String(seconds),
    url,
  ];
  const child = spawn("pgbench", args, { stdio: ["ignore", "pipe", "pipe"] });
  let [said, complained] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complained += text));
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (status) => resolve(status ?? 1));
  });
  if (code === null) return null;
  const tps = /^tps = ([\d.]+)/m.exec(said)?.[1];
  if (code !== 0 || tps === undefined) throw new Error(`pgbench: ${complained.trim()}`);
  return Number(tps);
}
