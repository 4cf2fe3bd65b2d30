import type { RunEvent } from "#lib/contracts/copilot-views.ts";
import { isEnded, type RunState } from "#lib/domain/copilot/run.ts";
import { may, type Role } from "#lib/domain/people/permissions.ts";
import type { Db } from "#lib/db/prisma.ts";
import { iso } from "./shape.ts";

/** An event of a run as it goes to a reader: `text` is the JSON of a `RunEvent`, the same bytes each time. */
export type StoredEvent = { seq: number; kind: RunEvent["kind"]; text: string };

/** A run's events after a place; `isLast`: there can never be more, `hasMore`: there are more already. */
export type EventPage = { events: StoredEvent[]; isLast: boolean; hasMore: boolean };

type Row = {
  state: RunState;
  error: string | null;
  finished_at: Date | null;
  incident_id: string | null;
  has_done: boolean;
  seq: number | null;
  kind: RunEvent["kind"];
  at: Date;
  data: string;
};

const PAGE = 200;

/**
 * The events of a run after `after`, in order, as one moment of the database saw them. Null when there is no such run
 * or its reader may not read it: a run of an incident is for those who may read incidents, any other for those who may
 * see the models.
 */
export async function readEventsAfter(
  db: Db,
  runId: string,
  after: number,
  reader: { role: Role },
): Promise<EventPage | null> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT r.state, r.error, r.finished_at, r.incident_id,
           EXISTS (SELECT FROM run_event d WHERE d.run_id = r.id AND d.kind = 'done') AS has_done,
           e.seq, e.kind, e.at, e.data::text AS data
    FROM model_run r LEFT JOIN LATERAL
      (SELECT seq, kind, at, data FROM run_event
       WHERE run_id = r.id AND seq > ${after}::int ORDER BY seq LIMIT ${PAGE}) e ON true
    WHERE r.id = ${runId}::uuid ORDER BY e.seq`;
  const [run] = rows;
  if (!run || !may(reader.role, run.incident_id === null ? "model:read" : "incident:read"))
    return null;
  const stored = rows.flatMap(({ seq, kind, at, data }) =>
    seq === null ? [] : [{ seq, kind, text: eventText({ seq, kind, at: iso(at), data }) }],
  );
  const hasMore = stored.length === PAGE;
  const isWhole = isEnded(run.state) && !hasMore;
  const events = isWhole && !run.has_done ? withDone(stored, run, after) : stored;
  return { events, isLast: isWhole, hasMore };
}

/** Every event of a run, in order; none when there is no such run. */
export async function runEvents(db: Db, runId: string, after = 0): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for (let page: EventPage | null, at = after; ;) {
    page = await readEventsAfter(db, runId, at, { role: "lead" });
    if (!page) return all;
    all.push(...page.events.map(({ text }) => JSON.parse(text) as RunEvent));
    if (!page.hasMore) return all;
    at = page.events.at(-1)!.seq;
  }
}

type EventRow = { seq: number; kind: string; at: string; data: string };

/** `data` is JSON already, as the database writes it. */
function eventText({ seq, kind, at, data }: EventRow): string {
  return `{"seq":${seq},"kind":${JSON.stringify(kind)},"at":${JSON.stringify(at)},"data":${data}}`;
}

/** A run of before there were events ends like any other, from what its row says. */
function withDone(events: StoredEvent[], run: Row, after: number): StoredEvent[] {
  if (after > 0) return events;
  const done = { state: run.state, reason: run.error, isComplete: run.state === "finished" };
  const row = { seq: 1, kind: "done", at: iso(run.finished_at) ?? "", data: JSON.stringify(done) };
  return [...events, { seq: 1, kind: "done", text: eventText(row) }];
}

/** The place of the last event of each of these runs; runs without events are left out. */
export async function lastEvents(db: Db, runIds: string[]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ run_id: string; seq: number }[]>`
    SELECT run_id, max(seq)::int AS seq FROM run_event WHERE run_id = ANY(${runIds}::uuid[]) GROUP BY run_id`;
  return new Map(rows.map(({ run_id: id, seq }) => [id, seq]));
}
