import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";

/** How many SQL statements `work` sends. */
export async function countStatements(
  connectionString: string,
  work: (db: Db) => Promise<unknown>,
): Promise<number> {
  const client = new PrismaClient({
    adapter: new PrismaPg({ connectionString, max: 4 }),
    log: [{ emit: "event", level: "query" }],
  });
  let count = 0;
  client.$on("query", () => {
    count += 1;
  });
  try {
    await work(client as unknown as Db);
    return count;
  } finally {
    await client.$disconnect();
  }
}
