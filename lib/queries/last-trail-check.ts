import type { Db } from "#lib/db/prisma.ts";
import { iso } from "./shape.ts";

export type TrailCheckView = { checkedAt: string | null; holds: boolean | null };

type Row = { at: Date; payload: string };

/** What the last nightly check of the trail found; nulls before the first. */
export async function lastTrailCheck(db: Db): Promise<TrailCheckView> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT e.at, convert_from(y.bytes, 'UTF8') AS payload
    FROM trail.entry e JOIN trail.payload y ON y.seq = e.seq
    WHERE e.kind = 'trail.checked' ORDER BY e.seq DESC LIMIT 1`;
  if (!row) return { checkedAt: null, holds: null };
  const { faults } = JSON.parse(row.payload) as { faults: unknown[] };
  return { checkedAt: iso(row.at), holds: faults.length === 0 };
}

/** Whether a day has passed since the last check, or since the first entry while there was none. */
export async function isTrailCheckDue(db: Db): Promise<boolean> {
  const [row] = await db.$queryRaw<{ due: boolean }[]>`
    SELECT coalesce((SELECT at FROM trail.entry WHERE kind = 'trail.checked' ORDER BY seq DESC LIMIT 1),
      (SELECT at FROM trail.entry WHERE seq = 0)) < now() - interval '1 day' AS due`;
  return row?.due ?? false;
}
