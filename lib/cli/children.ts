import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";

export type ChildPlan = { name: string; args: string[]; env: NodeJS.ProcessEnv };

type Child = { plan: ChildPlan; process: ChildProcess | null; startedAt: number; restarts: number };

const RESTART_DELAY_MS = [200, 500, 1000, 2000, 5000];
const STOP_GRACE_MS = 12_000;

/**
 * Keeps a set of processes alive: whatever dies is started again, faster at first. Each has a log
 * file of its own and a process group of its own, so that stopping leaves nothing behind.
 */
export class Children {
  #children: Child[] = [];
  #stopping = false;
  #logs: string;
  #onChange: () => void;

  constructor(logDirectory: string, onChange: () => void) {
    this.#logs = logDirectory;
    this.#onChange = onChange;
  }

  start(plan: ChildPlan): void {
    const child: Child = { plan, process: null, startedAt: 0, restarts: 0 };
    this.#children.push(child);
    this.#spawn(child);
  }

  pids(): { name: string; pid: number }[] {
    return this.#children.flatMap((child) =>
      child.process?.pid ? [{ name: child.plan.name, pid: child.process.pid }] : [],
    );
  }

  #spawn(child: Child): void {
    const log = createWriteStream(join(this.#logs, `${child.plan.name}.log`), {
      flags: "a",
      mode: 0o600,
    });
    const running = spawn(process.execPath, child.plan.args, {
      env: child.plan.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    running.stdout.pipe(log, { end: false });
    running.stderr.pipe(log, { end: false });
    child.process = running;
    child.startedAt = Date.now();
    running.on("exit", (code, signal) => {
      log.end();
      child.process = null;
      if (!this.#stopping) this.#restart(child, signal ?? `exit code ${code}`);
    });
    this.#onChange();
  }

  #restart(child: Child, why: string): void {
    if (Date.now() - child.startedAt > 60_000) child.restarts = 0;
    const delay = RESTART_DELAY_MS[Math.min(child.restarts, RESTART_DELAY_MS.length - 1)]!;
    child.restarts += 1;
    process.stderr.write(
      `  ${child.plan.name} stopped (${why}); starting it again in ${delay} ms\n`,
    );
    setTimeout(() => {
      if (!this.#stopping) this.#spawn(child);
    }, delay);
  }

  /** Asks every child to stop, waits, then insists. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const running = this.#children.flatMap((child) => (child.process ? [child.process] : []));
    const gone = Promise.all(
      running.map((one) => new Promise((resolve) => one.once("exit", resolve))),
    );
    for (const one of running) signalGroup(one.pid, "SIGTERM");
    const timer = setTimeout(() => {
      for (const one of running) signalGroup(one.pid, "SIGKILL");
    }, STOP_GRACE_MS);
    await gone;
    clearTimeout(timer);
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
