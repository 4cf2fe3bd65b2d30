import { RETIRED_SHOWN } from "#lib/contracts/responder-views.ts";
import type {
  ResponderTestView,
  RespondersView,
  ResponderView,
} from "#lib/contracts/responder-views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { iso } from "./shape.ts";

type Row = Pick<ResponderView, "id" | "name" | "version" | "kind" | "settings" | "actions"> & {
  credentials_hint: string | null;
  token_hint: string | null;
  at: Date;
  by_name: string | null;
  retired_at: Date | null;
  retired_name: string | null;
  fetched_at: Date | null;
  test: (Omit<ResponderTestView, "sentences"> & { sentences: string[] | null }) | null;
};

/** The responders in force, of which there are no more than actions, and the last that were retired. */
export async function listResponders(db: Db): Promise<RespondersView> {
  const [inForce, retired] = await Promise.all([
    read(db, Prisma.sql`r.retired_at IS NULL ORDER BY r.name`),
    read(
      db,
      Prisma.sql`r.retired_at IS NOT NULL ORDER BY r.retired_at DESC, r.id LIMIT ${RETIRED_SHOWN}::int`,
    ),
  ]);
  return { inForce, retired };
}

async function read(db: Db, which: Prisma.Sql): Promise<ResponderView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT r.id, r.name, r.version, r.kind, r.settings, r.actions, r.credentials_hint, r.token_hint, r.at, p.name AS by_name,
      r.retired_at, q.name AS retired_name,
      (SELECT max(f.at) FROM block_list_fetch f WHERE r.kind = 'block_list' AND f.list = r.name) AS fetched_at,
      (SELECT jsonb_build_object('id', t.id, 'action', t.action, 'target', t.target, 'at', t.at, 'ok', t.ok, 'sentences', t.sentences)
        FROM responder_test t WHERE t.responder_id = r.id ORDER BY t.at DESC LIMIT 1) AS test
    FROM responder r LEFT JOIN person p ON p.id = r.by_id LEFT JOIN person q ON q.id = r.retired_by
    WHERE ${which}`;
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    version: row.version,
    kind: row.kind,
    settings: row.settings,
    actions: row.actions,
    credentialsHint: row.credentials_hint,
    tokenHint: row.token_hint,
    at: iso(row.at),
    by: row.by_name,
    retired: row.retired_at && { at: iso(row.retired_at), by: row.retired_name },
    fetchedAt: iso(row.fetched_at),
    lastTest: row.test && {
      ...row.test,
      at: iso(new Date(row.test.at)),
      sentences: row.test.sentences ?? [],
    },
  }));
}
