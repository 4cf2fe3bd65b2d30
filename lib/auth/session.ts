import type { Db } from "#lib/db/prisma.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { SESSION_HOURS, SESSION_IDLE_MINUTES } from "./cookie.ts";

export type LivePerson = { id: string; name: string; role: Role; sessionId: string };

type Row = { id: string; name: string; role: Role; idle_seconds: number };

/** An idle clock that is younger than this is not written again. */
const TOUCH_AFTER_SECONDS = 60;

/**
 * The person behind a session row, or null when the row is revoked, idle for too long, too old, or
 * was opened under another role than the person has now. The database's clock decides. `touch: false`
 * is for what a screen asks by itself, which must not keep an absent person signed in.
 */
export async function findLivePerson(
  db: Db,
  sessionId: string,
  touch = true,
): Promise<LivePerson | null> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT p.id, p.name, p.role,
           extract(epoch FROM now() - s.last_seen_at)::float8 AS idle_seconds
    FROM session s JOIN person p ON p.id = s.person_id
    WHERE s.id = ${sessionId}::uuid
      AND s.revoked_at IS NULL
      AND s.role = p.role AND p.active AND p.human
      AND s.last_seen_at > now() - make_interval(mins => ${SESSION_IDLE_MINUTES}::int)
      AND s.created_at > now() - make_interval(hours => ${SESSION_HOURS}::int)`;
  const row = rows[0];
  if (!row) return null;
  if (touch && row.idle_seconds > TOUCH_AFTER_SECONDS) {
    await db.$executeRaw`UPDATE session SET last_seen_at = now() WHERE id = ${sessionId}::uuid`;
  }
  return { id: row.id, name: row.name, role: row.role, sessionId };
}
