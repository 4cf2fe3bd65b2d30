import type { SessionView } from "#lib/contracts/session-view.ts";
import type { Db } from "#lib/db/prisma.ts";
import { iso } from "./shape.ts";

type Limits = { idleMinutes: number; hours: number };
const SESSIONS_MAX = 100;

/** The person's sessions that still count by the same limits as at the door, last used first. */
export async function listSessions(
  db: Db,
  who: { personId: string; sessionId: string },
  { idleMinutes, hours }: Limits,
): Promise<SessionView[]> {
  const now = Date.now();
  const rows = await db.session.findMany({
    where: {
      personId: who.personId,
      revokedAt: null,
      lastSeenAt: { gt: new Date(now - idleMinutes * 60_000) },
      createdAt: { gt: new Date(now - hours * 3_600_000) },
    },
    select: { id: true, createdAt: true, lastSeenAt: true, userAgent: true, address: true },
    orderBy: { lastSeenAt: "desc" },
    take: SESSIONS_MAX,
  });
  return rows.map((row) => ({
    id: row.id,
    openedAt: iso(row.createdAt),
    lastSeenAt: iso(row.lastSeenAt),
    userAgent: row.userAgent,
    address: row.address,
    current: row.id === who.sessionId,
  }));
}
