import { Prisma } from "#lib/db/generated/client.ts";
import type { QueueSort } from "#lib/contracts/queries.ts";
import { decodeCursor } from "./cursor.ts";
import { CLOCK_DUE } from "./queue-conditions.ts";

/** An order of the queue by a key and the id, each by an index. */
export type Order = {
  key: Prisma.Sql;
  direction: Prisma.Sql;
  after: (cursor: string) => Prisma.Sql;
};

type Key = { column: Prisma.Sql; type: Prisma.Sql; descending: boolean };

const KEYS: Record<QueueSort, Key> = {
  sla: { column: CLOCK_DUE, type: Prisma.sql`timestamptz`, descending: false },
  severity: { column: Prisma.sql`i.severity_rank`, type: Prisma.sql`int`, descending: true },
  age: { column: Prisma.sql`i.opened_at`, type: Prisma.sql`timestamptz`, descending: false },
  opened: { column: Prisma.sql`i.opened_at`, type: Prisma.sql`timestamptz`, descending: true },
  activity: {
    column: Prisma.sql`i.last_activity_at`,
    type: Prisma.sql`timestamptz`,
    descending: true,
  },
};

export function orderOf(sort: QueueSort): Order {
  const { column, type, descending } = KEYS[sort];
  const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`;
  return {
    key: column,
    direction: descending ? Prisma.sql`DESC` : Prisma.sql`ASC`,
    after: (cursor) => {
      const { key, id } = decodeCursor(cursor);
      return Prisma.sql`(${column}, i.id) ${beyond} (${key}::${type}, ${id}::uuid)`;
    },
  };
}
