import { renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { access, constants, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandLine, isAlive, waitUntilGone } from "#lib/db/os-process.ts";
import { StartError } from "./progress.ts";

/** Refuses a port that something listens on, before anything is started. */
export async function refuseTakenPort(port: number, host: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const probe = createServer();
    probe.once("error", resolve);
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
  if (!error) return;
  const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code})`;
  throw new StartError(
    `Port ${port} ${why}. Stop what uses it, or choose another: npm start -- --port ${port + 1}`,
  );
}

/** Makes the data folder and proves that it can be written to. */
export async function prepareHome(home: string): Promise<void> {
  try {
    // Secrets, logs and evidence lie in here: a folder we make is this user's alone.
    await mkdir(join(home, "logs"), { recursive: true, mode: 0o700 });
    const probe = join(home, `.write-${process.pid}`);
    await writeFile(probe, "");
    await rm(probe);
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `The data folder ${home} cannot be written to (${code}). Choose another: npm start -- --data-dir DIR`,
    );
  }
}

const PIDS = "run.json";
type Pid = { name: string; pid: number };

/** Written at once and aside: two children that start in the same moment must not mix their lines. */
export function writePids(home: string, pids: Pid[]): void {
  const path = join(home, PIDS);
  writeFileSync(`${path}.new`, JSON.stringify({ supervisor: process.pid, pids }));
  renameSync(`${path}.new`, path);
}

export async function forgetPids(home: string): Promise<void> {
  await rm(join(home, PIDS), { force: true });
}

/** Ends processes that a supervisor which was killed left behind; refuses when it is still alive. */
export async function clearLeftovers(home: string): Promise<void> {
  const text = await readFile(join(home, PIDS), "utf8").catch(() => null);
  if (text === null) return;
  const { supervisor, pids } = JSON.parse(text) as { supervisor: number; pids: Pid[] };
  if (isAlive(supervisor) && (await commandLine(supervisor)).includes("start.ts")) {
    throw new StartError(
      `Countersign already runs from ${home} (process ${supervisor}). Stop it first, or use another --data-dir.`,
    );
  }
  for (const { pid } of pids) {
    const command = isAlive(pid) ? await commandLine(pid) : "";
    if (!/next|(worker|signer|verifier|witness)\.ts/.test(command)) continue;
    process.kill(pid, "SIGKILL");
    await waitUntilGone(pid, 5000);
  }
  await forgetPids(home);
}
