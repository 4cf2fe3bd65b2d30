import { renderBlockList } from "#lib/connectors/responders/block-list.ts";
import { responderSetup } from "#lib/contracts/responder-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { ENTRIES_MAX } from "./block-list-entries.ts";

export type ServedList = { text: string; etag: string };

type Entry = { value: string; reference: string; expires_at: Date };

/**
 * A list as a firewall fetches it, and a note that it did: what stands in it counts as verified from then on. The note
 * is dated before the list is read. Null: the responder is no list.
 */
export async function serveBlockList(
  db: Db,
  { responderId, kind }: { responderId: string; kind: "address" | "domain" },
): Promise<ServedList | null> {
  const [row] = await db.$queryRaw<{ name: string; settings: unknown; now: Date }[]>`
    SELECT name, settings, clock_timestamp() AS now FROM responder
    WHERE id = ${responderId}::uuid AND kind = 'block_list' AND retired_at IS NULL`;
  const setup = responderSetup.safeParse({
    kind: "block_list",
    settings: row?.settings,
    credentials: null,
  });
  if (!row || !setup.success || setup.data.kind !== "block_list") return null;
  const entries = await db.$queryRaw<Entry[]>`
    SELECT value, reference, expires_at FROM block_list_entry
    WHERE list = ${row.name} AND kind = ${kind} AND removed_at IS NULL AND expires_at > ${row.now}
    ORDER BY added_at, run_id LIMIT ${ENTRIES_MAX}::int`;
  const { text, etag } = renderBlockList(
    entries.map(({ value, reference, expires_at: expiresAt }) => ({
      indicator: value,
      reference,
      expiresAt: expiresAt.getTime(),
    })),
    { kind, own: setup.data.settings, now: row.now.getTime() },
  );
  await db.$executeRaw`
    INSERT INTO block_list_fetch (list, kind, at) VALUES (${row.name}, ${kind}, ${row.now})
    ON CONFLICT (list, kind) DO UPDATE SET at = greatest(block_list_fetch.at, excluded.at)`;
  return { text, etag };
}
