import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { chown, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { totalmem } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findBinaries, settlePlace } from "./embedded-place.ts";
import type { Place } from "./embedded-place.ts";
import { commandLine, isAlive, parentOf, postgresOsUser, waitUntilGone } from "./os-process.ts";
import type { RunAs } from "./os-process.ts";

/** The embedded database cannot start; the message is one sentence for the operator. */
export class EmbeddedError extends Error {
  override name = "EmbeddedError";
}

export type EmbeddedServer = {
  port: number;
  pid: number;
  /** Where the cluster lies; not under `directory` when OS user postgres cannot reach that. */
  dataDirectory: string;
  /** The superuser's connection string; it never leaves this machine. */
  adminUrl: (database?: string) => string;
  /** Settles when the server ends for whatever reason. */
  exited: Promise<void>;
  /** Ends all sessions and stops; data is flushed. */
  stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  /** A folder of the product's own; made if missing. */
  directory: string;
  port: number;
  /** The superuser's password, used when the cluster is made and to connect. */
  password: string;
  /** More `-c name=value` settings, e.g. to trade safety for speed in tests. */
  settings?: Record<string, string>;
};

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
/** How long the last processes of a killed server may hold its shared memory. */
const LEFTOVERS_TIMEOUT_MS = 20_000;
/** Bytes; a longer log is begun anew at the next start. */
const LOG_LIMIT = 10_000_000;

/**
 * Starts Postgres 18 from its npm package in a folder, on 127.0.0.1 only, making the cluster if there is none.
 * A server that an earlier, killed supervisor left behind is stopped first; one that a living supervisor owns is
 * refused.
 * @throws EmbeddedError
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const directory = resolve(options.directory);
  const runAs = await postgresOsUser();
  const place = await settlePlace(directory, await findBinaries(), runAs).catch((error: Error) => {
    throw new EmbeddedError(
      `The folder ${directory} cannot be used for the database: ${error.message}.`,
    );
  });
  await clearLeftovers(place);
  await refuseTakenPort(options.port);
  if (!existsSync(join(place.data, "PG_VERSION"))) await initialise(place, runAs, options.password);
  const child = await launch(place, runAs, options);
  return serverOf(child, place, options);
}

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await new Promise<number>((done, fail) => {
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => done((probe.address() as { port: number }).port));
  });
  await new Promise((done) => probe.close(done));
  return port;
}

async function clearLeftovers(place: Place): Promise<void> {
  const pidFile = join(place.data, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(await readFile(pidFile, "utf8"), 10);
  const ours = pid > 0 && isAlive(pid) && (await commandLine(pid)).includes(place.data);
  if (!ours) return rm(pidFile, { force: true });
  // An orphan's parent is the system's first process, not a node program.
  const owner = await parentOf(pid);
  if (owner > 1 && owner !== process.pid && /\bnode\b/.test(await commandLine(owner))) {
    throw new EmbeddedError(
      `The database in ${place.data} is in use by another Countersign (process ${owner}).`,
    );
  }
  process.kill(pid, "SIGINT");
  if (await waitUntilGone(pid, STOP_TIMEOUT_MS)) return;
  throw new EmbeddedError(
    `A database left behind in ${place.data} (process ${pid}) does not stop.`,
  );
}

async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer();
  const error = await new Promise<NodeJS.ErrnoException | null>((done) => {
    probe.once("error", done);
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(null)));
  });
  if (error)
    throw new EmbeddedError(
      `Port ${port} on 127.0.0.1 cannot be used for the database (${error.code}).`,
    );
}

async function initialise(place: Place, runAs: RunAs, password: string): Promise<void> {
  const passwordFile = join(place.data, "..", `.initdb-${process.pid}`);
  await rm(place.data, { recursive: true, force: true });
  await mkdir(place.data, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs.uid !== undefined && runAs.gid !== undefined) {
    await chown(place.data, runAs.uid, runAs.gid);
    await chown(passwordFile, runAs.uid, runAs.gid);
  }
  const words = [
    "-D",
    place.data,
    "--username=postgres",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--data-checksums",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  const child = spawn(place.initdb, words, {
    ...runAs,
    env: SERVER_ENV,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((done) => {
    child.once("error", (error) => ((complaint += error.message), done(-1)));
    child.once("close", done);
  });
  await rm(passwordFile, { force: true });
  if (code === 0) return;
  await rm(place.data, { recursive: true, force: true });
  throw new EmbeddedError(
    `The database could not be made in ${place.data}: ${lastLine(complaint)}.`,
  );
}

// Nothing of our environment (keys, tokens) is handed to the server; times in its log are UTC.
const SERVER_ENV = {
  PATH: "/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
  NODE_ENV: "production",
} as const;

/**
 * An eighth of the machine's memory holds pages of the database, from 256 MB to 2 GB; it is taken as it is used. Pages are
 * taken to lie on a disk without arms, where one elsewhere costs hardly more than the next.
 */
function memorySettings(): Record<string, string> {
  const mb = Math.min(2048, Math.max(256, Math.floor(totalmem() / 2 ** 20 / 8)));
  return {
    shared_buffers: `${mb}MB`,
    effective_cache_size: `${mb * 4}MB`,
    random_page_cost: "1.1",
  };
}

async function launch(place: Place, runAs: RunAs, options: EmbeddedOptions): Promise<ChildProcess> {
  const settings = {
    port: String(options.port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    synchronous_commit: "on",
    full_page_writes: "on",
    password_encryption: "scram-sha-256",
    timezone: "UTC",
    max_connections: "120",
    ...memorySettings(),
    ...options.settings,
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // After kill -9 of a server its last processes may need a moment to let go of the shared memory; what they still
  // write goes into the same log, so the refusal is looked for in all that was written since this attempt began.
  const end = Date.now() + LEFTOVERS_TIMEOUT_MS;
  for (;;) {
    const before = await sizeOf(place.log);
    const child = await spawnServer(place, runAs, words);
    if (await isReady(child, place)) return child;
    const complaint = await logSince(place, before);
    if (Date.now() < end && /shared memory block|lock file/.test(complaint)) {
      await wait(250);
      continue;
    }
    child.kill("SIGQUIT");
    throw new EmbeddedError(
      `The database in ${place.data} does not start: ${lastLine(complaint)}.`,
    );
  }
}

async function spawnServer(place: Place, runAs: RunAs, words: string[]): Promise<ChildProcess> {
  const log = openSync(place.log, (await sizeOf(place.log)) > LOG_LIMIT ? "w" : "a", 0o600);
  // A session of its own: Ctrl-C reaches the supervisor alone, which stops the parts in order.
  const child = spawn(place.postgres, ["-D", place.data, ...words], {
    ...runAs,
    env: SERVER_ENV,
    detached: true,
    stdio: ["ignore", "ignore", log],
  });
  closeSync(log);
  child.once("error", () => undefined);
  return child;
}

async function isReady(child: ChildProcess, place: Place): Promise<boolean> {
  const end = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
      return false;
    const lines = (
      await readFile(join(place.data, "postmaster.pid"), "utf8").catch(() => "")
    ).split("\n");
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === "ready") return true;
    await wait(20);
  }
  return false;
}

function serverOf(child: ChildProcess, place: Place, options: EmbeddedOptions): EmbeddedServer {
  const pid = child.pid ?? 0;
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const killOnExit = () => void child.kill("SIGINT");
  process.once("exit", killOnExit);
  void exited.then(() => process.removeListener("exit", killOnExit));
  const credentials = `postgres:${encodeURIComponent(options.password)}`;
  return {
    port: options.port,
    pid,
    dataDirectory: place.data,
    adminUrl: (database = "postgres") =>
      `postgresql://${credentials}@127.0.0.1:${options.port}/${database}`,
    exited,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  );
}

/** What was written to the log after it had `before` bytes, or all of it when it was begun anew since. */
async function logSince(place: Place, before: number): Promise<string> {
  const bytes = await readFile(place.log).catch(() => Buffer.alloc(0));
  return bytes.subarray(before > LOG_LIMIT ? 0 : before).toString("utf8");
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => /FATAL|error|ERROR|PANIC|HINT/.test(line));
  const line =
    lines.findLast((candidate) => !candidate.includes("HINT")) ??
    text.trim().split("\n").at(-1) ??
    "";
  return line.replace(/^.*?(FATAL|ERROR|PANIC|error):\s*/, "").replace(/\.$/, "");
}
