import { hash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { databaseUrl } from "#lib/env.ts";
import type { Login } from "#lib/env.ts";
import { PrismaClient } from "./generated/client.ts";
import type { Prisma } from "./generated/client.ts";

export type Db = PrismaClient;
/** What a command works with inside an interactive transaction. */
export type Tx = Prisma.TransactionClient;

// On globalThis: a development server reloads modules and would open a new pool each time.
const cache: { countersignClients?: Map<Login, PrismaClient> } = globalThis as object;

/** The client of one database login, made on first use and kept. */
export function prisma(login: Login): PrismaClient {
  const clients = (cache.countersignClients ??= new Map());
  const known = clients.get(login);
  if (known) return known;
  const client = createServingClient(databaseUrl(login));
  clients.set(login, client);
  return client;
}

/**
 * A client of a process that serves, as `prisma` makes it; the caller disconnects it. Its connections outlast an hour of
 * quiet: what a connection's first signature costs, since all that a signature does is compiled and planned then, is
 * six times a signature.
 */
export function createServingClient(connectionString: string): PrismaClient {
  return createClient(connectionString, 10, 3_600_000);
}

/** A client of its own; the caller disconnects it. `connectionsMax` bounds its pool, `idleMs` how long one is kept unused. */
export function createClient(
  connectionString: string,
  connectionsMax = 10,
  idleMs = 10_000,
): PrismaClient {
  const adapter = new PrismaPg(
    {
      connectionString,
      max: connectionsMax,
      idleTimeoutMillis: idleMs,
      connectionTimeoutMillis: 10_000,
      // something on the way may drop a connection that says nothing for minutes, and tell neither side
      keepAlive: true,
      keepAliveInitialDelayMillis: 60_000,
    },
    { statementNameGenerator: ({ sql }) => nameOf(sql) },
  );
  return new PrismaClient({ adapter });
}

/**
 * The name under which a connection keeps a statement prepared; empty: not at all. Only for signing, whose text never
 * varies: a plan that is kept for a search would be one plan for all of its filters.
 */
function nameOf(sql: string): string {
  const name = /\bgate\.(sign_[a-z_]+)\(/.exec(sql)?.[1];
  return name ? `${name}_${hash("sha256", sql).slice(0, 16)}` : "";
}

/** Closes every cached client; for processes that stop in order. */
export async function disconnectAll(): Promise<void> {
  const clients = [...(cache.countersignClients?.values() ?? [])];
  cache.countersignClients?.clear();
  await Promise.all(clients.map((client) => client.$disconnect()));
}
