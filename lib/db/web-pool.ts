import { Pool } from "pg";
import { databaseUrl } from "#lib/env.ts";

const shared: { countersignWebPool?: Pool } = globalThis as object;

/** A small pool of plain connections of the web login, for libraries that speak pg themselves. */
export function webPool(): Pool {
  shared.countersignWebPool ??= new Pool({ connectionString: databaseUrl("web"), max: 2 });
  return shared.countersignWebPool;
}
