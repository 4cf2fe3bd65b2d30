import type { Db } from "#lib/db/prisma.ts";

/** Sources that the menu of the queue lists; the line takes any other by its name. */
export const QUEUE_SOURCES_MAX = 100;

/** Names of the sources that bring something, or did, those in use first; each once. */
export async function queueSources(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT name FROM source GROUP BY name ORDER BY bool_or(active) DESC, name LIMIT ${QUEUE_SOURCES_MAX}::int`;
  return rows.map(({ name }) => name);
}
