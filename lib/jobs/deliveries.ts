import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";

/** A notice on its way out, taken by this worker for one attempt. */
export type Delivery = {
  id: string;
  event_id: string;
  /** Null: to the webhook. */
  person_id: string | null;
  /** This one counted. */
  attempts: number;
};

/** What became of an attempt. `failed` may be tried again, `refused` never; `fault` is a code of ours. */
export type Delivered =
  | { outcome: "taken" | "not_needed"; fault?: undefined }
  | { outcome: "refused" | "failed"; fault: string };

const ATTEMPTS_MAX = 8;
const AT_ONCE = 50;
/** News of yesterday is no news; also what waited here while there was nowhere to send it. */
const LATEST_HOURS = 24;

/** Gives up what is too old to be news. */
export async function dropLate(db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE notice_delivery d SET state = 'too_late', settled_at = clock_timestamp() FROM notice_event e
    WHERE d.state = 'due' AND e.id = d.event_id AND e.at < clock_timestamp() - make_interval(hours => ${LATEST_HOURS}::int)`;
}

/**
 * Tries what is due, one after the other. Each is put off before it is tried, by longer each time, and settled after:
 * a worker that dies in between leaves it to be tried once more later, so that each leaves at least once. Returns how
 * many were taken; `onFault` hears of what is given up.
 */
export async function deliverDue(
  db: Db,
  to: "mail" | "webhook",
  {
    attempt,
    onFault,
    signal,
  }: {
    attempt: (delivery: Delivery) => Promise<Delivered>;
    onFault: (delivery: Delivery, fault: string) => void;
    signal?: AbortSignal;
  },
): Promise<number> {
  let taken = 0;
  for (let left = AT_ONCE; left > 0 && !signal?.aborted; left -= 1) {
    const delivery = await takeOne(db, to);
    if (!delivery) break;
    const delivered = await attempt(delivery);
    if (delivered.outcome === "taken") taken += 1;
    if (delivered.fault === undefined) {
      await settle(db, delivery, delivered.outcome === "taken" ? "sent" : "not_needed", null);
    } else if (delivered.outcome === "refused" || delivery.attempts >= ATTEMPTS_MAX) {
      onFault(delivery, delivered.fault);
      await settle(db, delivery, "failed", delivered.fault);
    } else {
      await db.$executeRaw`UPDATE notice_delivery SET fault = ${delivered.fault} WHERE id = ${delivery.id}::uuid`;
    }
  }
  return taken;
}

/** The next attempt at it is a minute away, then two, four ... at most an hour: longer than this one can take. */
async function takeOne(db: Db, to: "mail" | "webhook"): Promise<Delivery | null> {
  const channel = to === "mail" ? Prisma.sql`person_id IS NOT NULL` : Prisma.sql`person_id IS NULL`;
  const rows = await db.$queryRaw<Delivery[]>`
    UPDATE notice_delivery SET attempts = attempts + 1,
      due_at = clock_timestamp() + least(interval '1 hour', interval '1 minute' * (2 ^ attempts))
    WHERE id = (SELECT id FROM notice_delivery
      WHERE state = 'due' AND ${channel} AND due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, event_id, person_id, attempts`;
  return rows[0] ?? null;
}

async function settle(
  db: Db,
  { id }: Delivery,
  state: "sent" | "failed" | "not_needed",
  fault: string | null,
): Promise<void> {
  await db.$executeRaw`
    UPDATE notice_delivery SET state = ${state}, settled_at = clock_timestamp(), fault = ${fault}
    WHERE id = ${id}::uuid AND state = 'due'`;
}
