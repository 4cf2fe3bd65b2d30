import { db } from "./data.ts";
import { log } from "./log.ts";

/** What a screen is told: that something changed, never what. The tables are the truth. */
export type Hint = { id: string; kind: string; incidentId: string | null };
type Listener = (hints: Hint[]) => void;

const POLL_MS = 700;
/** Ids are handed out before commit, so a later id may become visible first: look back this far. */
const LOOK_BACK = 200n;

type Feed = {
  listeners: Set<Listener>;
  timer: NodeJS.Timeout | null;
  cursor: bigint | null;
  seen: Set<bigint>;
};
const shared: { countersignFeed?: Feed } = globalThis as object;

/** One poll per process for all open streams; none while nobody listens. Returns how to stop. */
export function listenToOutbox(listener: Listener): () => void {
  const feed = (shared.countersignFeed ??= {
    listeners: new Set(),
    timer: null,
    cursor: null,
    seen: new Set(),
  });
  feed.listeners.add(listener);
  feed.timer ??= setTimeout(() => void poll(feed), 0);
  return () => feed.listeners.delete(listener);
}

async function poll(feed: Feed): Promise<void> {
  if (feed.listeners.size === 0) {
    feed.timer = null;
    feed.cursor = null;
    feed.seen.clear();
    return;
  }
  try {
    const hints = await newHints(feed);
    if (hints.length > 0) for (const listener of feed.listeners) listener(hints);
  } catch (error) {
    log().warn({ err: error }, "live updates could not read the outbox; trying again");
  }
  feed.timer = setTimeout(() => void poll(feed), POLL_MS);
}

async function newHints(feed: Feed): Promise<Hint[]> {
  if (feed.cursor === null) {
    const last = await db().outbox.aggregate({ _max: { id: true } });
    feed.cursor = last._max.id ?? 0n;
    return [];
  }
  const rows = await db().outbox.findMany({
    where: { id: { gt: feed.cursor - LOOK_BACK } },
    select: { id: true, kind: true, incidentId: true },
    orderBy: { id: "asc" },
    take: 1000,
  });
  const since = feed.cursor;
  const fresh = rows.filter(
    (row) => !feed.seen.has(row.id) && (row.id > since || feed.seen.size > 0),
  );
  for (const row of rows) feed.seen.add(row.id);
  feed.cursor = rows.at(-1)?.id ?? feed.cursor;
  for (const id of feed.seen) if (id < feed.cursor - LOOK_BACK) feed.seen.delete(id);
  return fresh.map((row) => ({ id: String(row.id), kind: row.kind, incidentId: row.incidentId }));
}
