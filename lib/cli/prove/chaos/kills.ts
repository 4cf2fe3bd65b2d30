import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { say } from "../../progress.ts";
import type { MortalDatabase } from "../drill/database.ts";
import type { DrillProcess } from "../drill/processes.ts";
import type { ProductWeb } from "../drill/product-web.ts";
import { seededRandom, waitFor } from "../drill/wait.ts";

export const VICTIMS = ["server", "worker", "backend", "web", "verifier"] as const;
export type Victim = (typeof VICTIMS)[number];

const RECOVERY_SECONDS = 90;
/** Calls that began before a kill may still be failing for so long after all is up again. */
const GRACE_MS = 3000;
const WATCH_MS = 250;

export type Prey = {
  database: MortalDatabase;
  web: ProductWeb;
  worker: () => DrillProcess;
};

/** Kills one thing after the other, each once the one before is back, and knows when anything is down. */
export class Killer {
  readonly kills: Record<Victim, number> = {
    server: 0,
    worker: 0,
    backend: 0,
    web: 0,
    verifier: 0,
  };
  /** Processes that ended because something else was killed; a supervisor starts them again. */
  readonly diedAlong: string[] = [];
  /** How long database, web process and verifier took to answer again, in ms. */
  readonly recoveries: number[] = [];
  readonly #prey: Prey;
  readonly #random: () => number;
  #worker: DrillProcess;
  #isDown = false;
  #upSince = 0;

  constructor(prey: Prey, seed: number) {
    this.#prey = prey;
    this.#random = seededRandom(seed);
    this.#worker = prey.worker();
  }

  isDisturbed(since: number): boolean {
    return this.#isDown || since < this.#upSince + GRACE_MS;
  }

  whenUp(): Promise<void> {
    return waitFor("database, web process and verifier", () => this.#answers(), RECOVERY_SECONDS);
  }

  /** So many kills, spread over these seconds. */
  async killAll(count: number, seconds: number): Promise<void> {
    const startedAt = performance.now();
    for (let n = 0; n < count; n += 1) {
      await this.#watch(startedAt + ((n + 0.5) / count) * seconds * 1000);
      await this.kill(VICTIMS[n % VICTIMS.length]!);
      say(`  killed ${n + 1} of ${count}: ${VICTIMS[n % VICTIMS.length]!}`);
    }
    await this.#watch(startedAt + seconds * 1000);
  }

  async #watch(until: number): Promise<void> {
    for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
      await this.#revive();
      await pause(Math.min(left, WATCH_MS));
    }
  }

  async kill(victim: Victim): Promise<void> {
    this.#isDown = true;
    const startedAt = performance.now();
    await this.#strike(victim);
    const isBack = async () => {
      if (await this.#databaseAnswers()) await this.#revive();
      return this.#answers();
    };
    await waitFor(`everything after killing the ${victim}`, isBack, RECOVERY_SECONDS);
    if (victim !== "worker") this.recoveries.push(performance.now() - startedAt);
    this.kills[victim] += 1;
    this.#upSince = performance.now();
    this.#isDown = false;
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
  }

  async #strike(victim: Victim): Promise<void> {
    switch (victim) {
      case "server":
        return this.#prey.database.killServer();
      case "backend":
        return this.#killBackend();
      case "web":
        await this.#prey.web.process().kill();
        return this.#prey.web.restart();
      case "verifier":
        await this.#prey.web.verifier.process().kill();
        return this.#prey.web.verifier.restart();
      case "worker":
        await this.#worker.kill();
        this.#worker = this.#prey.worker();
    }
  }

  /** One session's process: the server then ends all others and recovers by itself. */
  async #killBackend(): Promise<void> {
    // only an administrator sees what other logins' sessions are
    const client = new Client({ connectionString: this.#prey.database.db.adminUrl });
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
       and pid <> pg_backend_pid() order by state = 'active' desc, pid`,
    );
    await client.end();
    const busy = rows.slice(0, Math.ceil(rows.length / 4));
    const { pid } = busy[Math.floor(this.#random() * busy.length)]!;
    process.kill(pid, "SIGKILL");
    await waitFor("the killed session to be gone", () => this.#isGone(pid), RECOVERY_SECONDS);
  }

  async #isGone(pid: number): Promise<boolean> {
    const { owner } = this.#prey.database.db.pools;
    const answer = owner.query("select from pg_stat_activity where pid = $1", [pid]);
    return answer.then(({ rowCount }) => rowCount === 0).catch(() => false);
  }

  /** What a supervisor does: whatever ended is started again. */
  async #revive(): Promise<void> {
    const { web } = this.#prey;
    for (const [name, one] of [["web", web] as const, ["verifier", web.verifier] as const]) {
      if (!one.process().isGone()) continue;
      this.diedAlong.push(`${name}: ${lastWords(one.process())}`);
      await one.restart();
    }
    if (this.#worker.isGone()) {
      this.diedAlong.push(`worker: ${lastWords(this.#worker)}`);
      this.#worker = this.#prey.worker();
    }
  }

  async #answers(): Promise<boolean> {
    return (await this.#databaseAnswers()) && (await this.#prey.web.isUp());
  }

  #databaseAnswers(): Promise<boolean> {
    const { web } = this.#prey.database.db.pools;
    return web.query("select 1").then(
      () => true,
      () => false,
    );
  }
}

function lastWords(process: DrillProcess): string {
  const lines = process.said().split("\n");
  const line = lines.findLast((text) => /error|exception/i.test(text)) ?? lines.at(-1) ?? "";
  return line.trim().slice(0, 300);
}
