import { randomBytes } from "node:crypto";
import { Client, Pool } from "pg";
import type { QueryResult } from "pg";
import { inject } from "vitest";
import { LOGINS } from "#lib/env.ts";
import type { Login } from "#lib/env.ts";
import { createClient } from "./prisma.ts";
import type { Db } from "./prisma.ts";
import { loginUrl, ownerUrl } from "./provision.ts";
import { TEMPLATE_DATABASE, TEST_PASSWORD } from "./testing-setup.ts";

export type TestDatabase = Record<Login, Db> & {
  /** The connection string of each login. */
  urls: Record<Login, string>;
  /** A plain pg pool of each login, for raw SQL and races. */
  pools: Record<Login, Pool>;
  /** A superuser's connection string, for what only an intruder on the server could do. */
  adminUrl: string;
  close: () => Promise<void>;
};

/**
 * A migrated, empty database of the caller's own on the run's Postgres; call it once per test file (vitest
 * project `db`) and `close()` it in `afterAll`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject("testAdminUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await adminQuery(server, `create database ${name} template ${TEMPLATE_DATABASE}`);
  const adminUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await grantConnect(adminUrl, name);
  const urls = byLogin((login) =>
    login === "owner" ? ownerUrl(adminUrl) : loginUrl(adminUrl, login, TEST_PASSWORD),
  );
  const clients = byLogin((login) => createClient(urls[login], 5));
  const pools = byLogin((login) => new Pool({ connectionString: urls[login], max: 5 }));
  for (const pool of Object.values(pools)) pool.on("error", () => undefined);
  async function close(): Promise<void> {
    await Promise.all(
      LOGINS.map((login) => Promise.all([clients[login].$disconnect(), pools[login].end()])),
    );
    await adminQuery(server, `drop database if exists ${name} with (force)`);
  }
  return { ...clients, urls, pools, adminUrl, close };
}

// Rights on a database are not copied with its template.
async function grantConnect(adminUrl: string, name: string): Promise<void> {
  const logins = LOGINS.map((login) => `countersign_${login}`).join(", ");
  await adminQuery(adminUrl, `revoke all on database ${name} from public`);
  await adminQuery(adminUrl, `grant connect on database ${name} to ${logins}`);
  await adminQuery(adminUrl, `grant create on database ${name} to countersign_owner`);
}

/** Runs statements as the superuser, one connection each call. */
export async function adminQuery(connectionString: string, sql: string): Promise<QueryResult> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function byLogin<T>(make: (login: Login) => T): Record<Login, T> {
  return Object.fromEntries(LOGINS.map((login) => [login, make(login)])) as Record<Login, T>;
}
