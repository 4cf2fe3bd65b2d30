import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { EmbeddedError, freePort, startEmbedded } from "./embedded.ts";
import type { EmbeddedServer } from "./embedded.ts";
import { removeEmbedded } from "./embedded-place.ts";
import { isRoot } from "./os-process.ts";
import { adminQuery } from "./testing.ts";

const FAST = { shared_buffers: "32MB" };
const password = "test-only";
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describe("the embedded Postgres", () => {
  test("keeps its data over a stop, a kill -9 and a start, with checksums and synchronous commit on", async () => {
    const directory = await scratch();
    const first = await start(directory);
    expect(await value(first, "show data_checksums")).toBe("on");
    expect(await value(first, "show synchronous_commit")).toBe("on");
    expect(await value(first, "show listen_addresses")).toBe("127.0.0.1");
    await adminQuery(first.adminUrl(), "create table kept (n int); insert into kept values (1)");
    await first.stop();
    const second = await start(directory);
    await adminQuery(second.adminUrl(), "insert into kept values (2)");
    process.kill(second.pid, "SIGKILL");
    await second.exited;
    const third = await start(directory);
    expect(await value(third, "select count(*)::text from kept")).toBe("2");
  });

  test("starts again after a kill -9 whose last sessions fill the log while it tries", async () => {
    const directory = await scratch();
    const first = await start(directory);
    const sessions = Array.from(
      { length: 60 },
      () => new Client({ connectionString: first.adminUrl() }),
    );
    for (const session of sessions) session.on("error", () => undefined);
    await Promise.all(sessions.map((session) => session.connect()));
    // A session that computes hears of the kill only when it is done: it holds the shared memory that long.
    const busy = sessions[0]?.query("select count(*) from generate_series(1, 6000000)");
    await adminQuery(first.adminUrl(), "create table kept (n int)");
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    const second = await start(directory);
    await Promise.allSettled([busy]);
    expect(await value(second, "select count(*)::text from kept")).toBe("0");
  });

  test("takes over from a supervisor that was killed, but not from one that lives", async () => {
    const directory = await scratch();
    const supervisor = await otherSupervisor(directory);
    await expect(start(directory)).rejects.toThrow(
      /is in use by another Countersign \(process \d+\)\.$/,
    );
    supervisor.kill("SIGKILL");
    await new Promise((done) => supervisor.once("exit", done));
    const server = await start(directory);
    expect(await value(server, "select 'here'")).toBe("here");
  });

  test("says in one sentence that a port is taken", async () => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((done) => taken.listen(port, "127.0.0.1", done));
    cleanups.push(() => new Promise((done) => taken.close(done)));
    const starting = startEmbedded({ directory: await scratch(), port, password });
    await expect(starting).rejects.toThrow(
      `Port ${port} on 127.0.0.1 cannot be used for the database (EADDRINUSE).`,
    );
    await expect(starting).rejects.toBeInstanceOf(EmbeddedError);
  });

  test("says in one sentence that a folder cannot be used", async () => {
    const directory = await scratch();
    await writeFile(join(directory, "file"), "");
    const starting = startEmbedded({
      directory: join(directory, "file", "inside"),
      port: await freePort(),
      password,
    });
    await expect(starting).rejects.toThrow(/^The folder .* cannot be used for the database: .*\.$/);
  });

  test("says in one sentence that a cluster is broken", async () => {
    const directory = await scratch();
    await (await start(directory)).stop();
    await writeFile(join(directory, "data", "postgresql.conf"), "nonsense = yes\n");
    await expect(start(directory)).rejects.toThrow(/^The database in .* does not start: .*\.$/);
  });

  test.runIf(isRoot())(
    "as root, lies elsewhere when its folder is closed to the OS user postgres",
    async () => {
      const closed = await scratch();
      await chmod(closed, 0o700);
      const directory = join(closed, "home");
      await mkdir(directory);
      cleanups.push(() => removeEmbedded(directory));
      const server = await start(directory);
      expect(server.dataDirectory.startsWith("/var/lib/countersign/home-")).toBe(true);
      expect(existsSync(join(directory, "moved.txt"))).toBe(true);
      await server.stop();
      await removeEmbedded(directory);
      expect(existsSync(server.dataDirectory)).toBe(false);
    },
  );
});

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-embedded-"));
  await chmod(directory, 0o711);
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function start(directory: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({
    directory,
    port: await freePort(),
    password,
    settings: FAST,
  });
  cleanups.push(() => server.stop());
  return server;
}

async function value(server: EmbeddedServer, sql: string): Promise<unknown> {
  const { rows } = await adminQuery(server.adminUrl(), sql);
  return Object.values(rows[0])[0];
}

/** Another process that starts a server in the folder and then only lives. */
async function otherSupervisor(directory: string): Promise<ChildProcess> {
  const modulePath = fileURLToPath(new URL("./embedded.ts", import.meta.url));
  const options = JSON.stringify({ directory, port: await freePort(), password, settings: FAST });
  const script = `const { startEmbedded } = await import(${JSON.stringify(modulePath)});
    await startEmbedded(${options}); process.stdout.write("up"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanups.push(async () => child.kill("SIGKILL"));
  await new Promise((done) => child.stdout?.once("data", done));
  return child;
}
