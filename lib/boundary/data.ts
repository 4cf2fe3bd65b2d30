import { prisma } from "#lib/db/prisma.ts";
import type { Db } from "#lib/db/prisma.ts";

/** The web login's database, for doors and pages; it can read, and write only through commands. */
export function db(): Db {
  return prisma("web");
}
