/** `npm start` as an operator meets it: what survives, what is restarted, what is refused and how. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "playwright/test";
import { freePort, runCountersign, startCountersign } from "./supervisor.ts";
import { startEmbedded } from "#lib/db/embedded.ts";
import { ensureDatabase, loginUrl } from "#lib/db/provision.ts";
import { readSecrets } from "#lib/db/secrets.ts";

const dirs: string[] = [];

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "countersign-start-"));
  dirs.push(home);
  return home;
}

test.afterAll(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true }))));

type Run = { supervisor: number; pids: { name: string; pid: number }[] };

async function readRun(home: string): Promise<Run> {
  return JSON.parse(await readFile(join(home, "run.json"), "utf8")) as Run;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function adminUrl(home: string): Promise<string> {
  return (JSON.parse(await readFile(join(home, "database.json"), "utf8")) as { adminUrl: string })
    .adminUrl;
}

async function healthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/health`).catch(() => null);
  return answer?.ok ?? false;
}

test("data survives a stop, no process does, and a killed child is started again", async () => {
  const home = await newHome();
  const first = await startCountersign({ home, args: ["--no-demo"] });
  expect(await healthy(first.url)).toBe(true);
  const admin = new pg.Client({ connectionString: await adminUrl(home) });
  await admin.connect();
  const { rows } = await admin.query(
    "SELECT pg_backend_pid(), count(*)::int AS entries FROM trail.entry GROUP BY 1",
  );
  await admin.end();

  const before = await readRun(home);
  expect(before.pids.map(({ name }) => name).toSorted()).toEqual([
    "signer",
    "verifier",
    "web",
    "worker",
  ]);
  for (const { name, pid } of before.pids) {
    process.kill(pid, "SIGKILL");
    await expect
      .poll(async () => (await readRun(home)).pids.find((one) => one.name === name)?.pid ?? pid, {
        timeout: 15_000,
      })
      .not.toBe(pid);
  }
  await expect.poll(() => healthy(first.url), { timeout: 20_000 }).toBe(true);

  const pids = (await readRun(home)).pids.map(({ pid }) => pid);
  expect(await first.stop()).toBe(0);
  expect(pids.filter(alive)).toEqual([]);
  expect(await healthy(first.url)).toBe(false);

  const second = await startCountersign({ home, args: ["--no-demo"] });
  const again = new pg.Client({ connectionString: await adminUrl(home) });
  await again.connect();
  const after = await again.query("SELECT count(*)::int AS entries FROM trail.entry");
  await again.end();
  expect(after.rows[0].entries).toBeGreaterThanOrEqual(rows[0].entries);
  expect(await second.stop("SIGINT")).toBe(0);
});

test("after kill -9 of the supervisor the next start clears up and goes on", async () => {
  const home = await newHome();
  const first = await startCountersign({ home, args: ["--no-demo"] });
  const left = (await readRun(home)).pids.map(({ pid }) => pid);
  await first.stop("SIGKILL");
  const second = await startCountersign({ home, args: ["--no-demo"] });
  expect(left.filter(alive)).toEqual([]);
  expect(await second.stop()).toBe(0);
});

test("a taken port is one clear sentence and exit code 1", async () => {
  const taken = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
  const { code, output } = await runCountersign([
    `--port=${port}`,
    `--data-dir=${await newHome()}`,
  ]);
  await new Promise((resolve) => taken.close(resolve));
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} is taken.`);
  expect(output).not.toContain("    at ");
});

test("a folder that cannot be written to is one clear sentence and exit code 1", async () => {
  const file = join(await newHome(), "a-file");
  await writeFile(file, "");
  const { code, output } = await runCountersign([
    `--port=${await freePort()}`,
    `--data-dir=${file}/data`,
  ]);
  expect(code).toBe(1);
  expect(output).toContain("cannot be written to");
  expect(output).not.toContain("    at ");
});

test("a database that cannot be reached is one clear sentence and exit code 1", async () => {
  const { code, output } = await runCountersign(
    [`--port=${await freePort()}`, `--data-dir=${await newHome()}`],
    { DATABASE_URL: `postgresql://nobody:nothing@127.0.0.1:${await freePort()}/none` },
  );
  expect(code).toBe(1);
  expect(output).toContain("cannot be reached");
  expect(output).not.toContain("    at ");
});

test("an unknown option and a malformed port say how it is done", async () => {
  for (const args of [["--prot=1"], ["--port=http"]]) {
    const { code, output } = await runCountersign(args);
    expect(code).toBe(1);
    expect(output).toContain("Usage: npm start");
  }
});

test("a half-applied migration is one clear sentence and exit code 1; an own Postgres serves as well", async () => {
  const server = await startEmbedded({
    directory: await newHome(),
    port: await freePort(),
    password: "of-this-test-only",
  });
  await ensureDatabase(server.adminUrl(), "own");
  const own = server.adminUrl("own");

  const home = await newHome();
  const guest = await startCountersign({ home, args: ["--no-demo"], env: { DATABASE_URL: own } });
  expect(await healthy(guest.url)).toBe(true);
  const secrets = await readSecrets(home);
  const web = new pg.Client({ connectionString: loginUrl(own, "web", secrets.web) });
  await web.connect();
  const { rows } = await web.query(
    "SELECT rolsuper, pg_has_role(current_user, 'countersign_owner', 'MEMBER') AS owner FROM pg_roles WHERE rolname = current_user",
  );
  expect(rows).toEqual([{ rolsuper: false, owner: false }]);
  await web.end();
  expect(await guest.stop()).toBe(0);

  const owner = new pg.Client({ connectionString: own });
  await owner.connect();
  await owner.query(
    "UPDATE _prisma_migrations SET finished_at = NULL, logs = 'stopped half way' WHERE migration_name = '0006_gate_commit'",
  );
  await owner.end();
  const { code, output } = await runCountersign(
    [`--port=${await freePort()}`, `--data-dir=${home}`],
    {
      DATABASE_URL: own,
    },
  );
  expect(code).toBe(1);
  expect(output).toContain("half migrated");
  expect(output).not.toContain("    at ");
  await server.stop();
});
