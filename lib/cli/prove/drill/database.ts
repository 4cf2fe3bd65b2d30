import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { freePort, startEmbedded, type EmbeddedServer } from "#lib/db/embedded.ts";
import { migrate } from "#lib/db/migrate.ts";
import { setPayloadKey } from "#lib/db/payload-key.ts";
import { createClient } from "#lib/db/prisma.ts";
import { ensureDatabase, loginUrl, ownerUrl, provision } from "#lib/db/provision.ts";
import { installQueue } from "#lib/db/queue.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { LOGINS } from "#lib/env.ts";
import type { Login } from "#lib/env.ts";

/** A Postgres with the product's own durability settings and a migrated, empty database; gone when closed. */
export async function drillDatabase(): Promise<TestDatabase> {
  return (await mortalDatabase()).db;
}

export type MortalDatabase = {
  db: TestDatabase;
  /** The server as it runs now. */
  server: () => EmbeddedServer;
  /** SIGKILL of the server's first process, and the server started again on the same files and port. */
  killServer: () => Promise<void>;
};

/** The same, to be killed. */
export async function mortalDatabase(): Promise<MortalDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-drill-"));
  const password = randomBytes(24).toString("base64url");
  const options = { directory, port: await freePort(), password };
  let server = await startEmbedded(options);
  async function stop(): Promise<void> {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
  async function killServer(): Promise<void> {
    const { exited, pid } = server;
    process.kill(pid, "SIGKILL");
    await exited;
    server = await startEmbedded(options);
  }
  const db = await migratedDatabase(server, password, stop);
  return { db, server: () => server, killServer };
}

async function migratedDatabase(
  server: EmbeddedServer,
  password: string,
  stop: () => Promise<void>,
): Promise<TestDatabase> {
  const adminUrl = server.adminUrl("drill");
  await ensureDatabase(server.adminUrl(), "drill");
  const runtime = {
    web: password,
    worker: password,
    signer: password,
    verifier: password,
    auditor: password,
  };
  await provision(adminUrl, runtime);
  await migrate(ownerUrl(adminUrl));
  await setPayloadKey(ownerUrl(adminUrl), randomBytes(32));
  await installQueue(ownerUrl(adminUrl));
  const urls = byLogin((login) =>
    login === "owner" ? ownerUrl(adminUrl) : loginUrl(adminUrl, login, password),
  );
  const clients = byLogin((login) => createClient(urls[login], 5));
  const pools = byLogin((login) => new Pool({ connectionString: urls[login], max: 5 }));
  for (const pool of Object.values(pools)) pool.on("error", () => undefined);
  async function close(): Promise<void> {
    for (const login of LOGINS)
      await Promise.all([clients[login].$disconnect(), pools[login].end()]);
    await stop();
  }
  return { ...clients, urls, pools, adminUrl, close };
}

function byLogin<T>(make: (login: Login) => T): Record<Login, T> {
  return Object.fromEntries(LOGINS.map((login) => [login, make(login)])) as Record<Login, T>;
}
