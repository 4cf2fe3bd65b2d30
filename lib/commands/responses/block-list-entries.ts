import type { BlockListStore } from "#lib/connectors/responders/block-list-responder.ts";
import type { Db } from "#lib/db/prisma.ts";

/** What one list may hold; firewalls take less or more, none fewer than this. */
export const ENTRIES_MAX = 10_000;

export type BlockListPlace = {
  /** The responder's name: entries stay with it when its settings change. */
  list: string;
  days: number;
  /** `INC-000123`, for whoever reads the list. */
  reference: string;
  /** The run that is being carried out: what adds, or what takes off. */
  runId: string;
};

/** The entries of one list, written for one run. */
export function blockListEntries(db: Db, place: BlockListPlace): BlockListStore {
  const { list, days, reference, runId } = place;
  return {
    async standing(run, value) {
      const [row] = await db.$queryRaw<{ own: boolean | null; other: boolean }[]>`
        SELECT (SELECT removed_at IS NULL AND expires_at > clock_timestamp() FROM block_list_entry WHERE run_id = ${run}::uuid) AS own,
          EXISTS (SELECT FROM block_list_entry WHERE list = ${list} AND value = ${value} AND run_id <> ${run}::uuid
            AND removed_at IS NULL AND expires_at > clock_timestamp()) AS other`;
      if (row?.own === true) return "own";
      if (row?.own === false) return "taken_off";
      return row?.other ? "other" : "free";
    },
    async add(run, { kind, value }) {
      const added = await db.$executeRaw`
        INSERT INTO block_list_entry (run_id, list, kind, value, reference, expires_at)
        SELECT ${run}::uuid, ${list}, ${kind}, ${value}, ${reference}, clock_timestamp() + ${days}::int * interval '1 day'
        WHERE (SELECT count(*) FROM block_list_entry WHERE list = ${list} AND kind = ${kind}
          AND removed_at IS NULL AND expires_at > clock_timestamp()) < ${ENTRIES_MAX}::int`;
      return added === 1;
    },
    async remove(run) {
      await db.$executeRaw`
        UPDATE block_list_entry SET removed_at = clock_timestamp(), removed_by = ${runId}::uuid
        WHERE run_id = ${run}::uuid AND removed_at IS NULL`;
    },
    // an entry is dated before it is committed, so one that is as old as the fetch may not have been in it
    async isFetched(run, value) {
      const [row] = await db.$queryRaw<{ fetched: boolean }[]>`
        SELECT EXISTS (SELECT FROM block_list_entry e JOIN block_list_fetch f ON f.list = e.list AND f.kind = e.kind
          WHERE e.list = ${list} AND (e.run_id = ${run}::uuid OR e.value = ${value})
            AND f.at > coalesce(e.removed_at, e.added_at) + interval '1 second') AS fetched`;
      return row?.fetched ?? false;
    },
  };
}
