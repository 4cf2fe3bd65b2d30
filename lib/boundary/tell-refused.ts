import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { LivePerson } from "#lib/auth/session.ts";
import { personActor } from "#lib/commands/actor.ts";
import { recordAccessRefused } from "#lib/commands/record-access-refused.ts";
import type { Db } from "#lib/db/prisma.ts";

/** A person and a door make one entry a minute, however often they knock: nobody fills the trail by being refused. */
const perMinute = new RateLimiterMemory({ points: 1, duration: 60 });

/** Puts a door that this person's role does not open on the trail. */
export async function tellRefused(
  db: Db,
  person: LivePerson,
  refused: { door: string; permission: string | null },
): Promise<void> {
  try {
    await perMinute.consume(`${person.id}:${refused.door}`);
  } catch (rejected) {
    if (rejected instanceof RateLimiterRes) return;
    throw rejected;
  }
  await recordAccessRefused(db, refused, personActor(person));
}
