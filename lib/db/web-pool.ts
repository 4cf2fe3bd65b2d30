import { Pool } from "pg";
import { databaseUrl } from "#lib/env.ts";

const shared: { countersignWebPool?: Pool } = globalThis as object;

/** A small pool of plain connections of the web login, for libraries that speak pg themselves. */
export function webPool(): Pool {
  return (shared.countersignWebPool ??= openPool());
}

/** An idle connection that the server ends is thrown away by the pool; unheard, its error would end the process. */
function openPool(): Pool {
  const pool = new Pool({ connectionString: databaseUrl("web"), max: 2 });
  pool.on("error", () => undefined);
  return pool;
}
