import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Numeric ids of the OS user a server runs as; empty when this process is not root. */
export type RunAs = { uid?: number; gid?: number };

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Postgres refuses to run as root: as root, the OS user `postgres` does it, made if it is missing. */
export async function postgresOsUser(): Promise<RunAs> {
  if (!isRoot()) return {};
  const known = await lookUp();
  if (known) return known;
  await run("groupadd", ["--system", "postgres"]).catch(() => undefined);
  await run("useradd", ["--system", "-g", "postgres", "--no-create-home", "postgres"]);
  const made = await lookUp();
  if (!made) throw new Error("The OS user postgres could not be made.");
  return made;
}

async function lookUp(): Promise<RunAs | null> {
  const text = await readFile("/etc/passwd", "utf8");
  const row = text
    .split("\n")
    .find((line) => line.startsWith("postgres:"))
    ?.split(":");
  return row ? { uid: Number(row[2]), gid: Number(row[3]) } : null;
}

/** The nearest folder on the way to `path` that other OS users may not pass through, or null. */
export async function barrierTo(path: string): Promise<string | null> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && !((await stat(folder)).mode & 0o001)) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** Lets other OS users pass through (not list) a folder of ours. */
export async function letPass(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if (!(mode & 0o001)) await chmod(folder, (mode & 0o7777) | 0o111);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The command line of a process, or "" when it is gone or cannot be seen. */
export async function commandLine(pid: number): Promise<string> {
  if (existsSync("/proc/self/cmdline")) {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
  }
  return run("ps", ["-p", String(pid), "-o", "command="]).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
}

/** The process that started another one, or whoever took over an orphan; 0 when unknown. */
export async function parentOf(pid: number): Promise<number> {
  if (existsSync("/proc/self/stat")) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // The program's name stands in brackets and may hold anything; the parent is the second word after it.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
  }
  return run("ps", ["-p", String(pid), "-o", "ppid="]).then(
    ({ stdout }) => Number(stdout),
    () => 0,
  );
}

/** Waits until a process is gone; false when it outlives the time. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await wait(25);
  }
  return true;
}
