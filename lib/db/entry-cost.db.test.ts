import pg from "pg";
import { expect, test } from "vitest";
import { adminQuery, testDatabase } from "./testing.ts";

const INCIDENT = "0190b6f0-0000-7000-8000-000000000001";
type Read = { table: string; rows: string };

test("an entry reads no table of the trail from end to end, in a session that began when they were empty", async () => {
  const db = await testDatabase();
  // one backend plans everything while there is nothing, and keeps its plans
  const client = new pg.Client({ connectionString: db.urls.web });
  await client.connect();
  try {
    for (let n = 0; n < 64; n += 1)
      await client.query("select trail.append('note.added', 'system:test', $1, $2)", [
        n % 2 ? null : INCIDENT,
        JSON.stringify({ n, run: n % 2 ? null : "of no run" }),
      ]);
    await client.query("select pg_stat_force_next_flush()");
    await client.query("select 1");
    const { rows: read } = (await adminQuery(
      db.adminUrl,
      `select relname as table, seq_tup_read as rows from pg_stat_user_tables
        where schemaname = 'trail' and relname in ('entry', 'node', 'sealed_payload', 'entry_model', 'incident_head') order by 1`,
    )) as { rows: Read[] };
    expect(read.map(({ table, rows }) => [table, Number(rows)])).toEqual([
      ["entry", 0],
      ["entry_model", 0],
      ["incident_head", 0],
      ["node", 0],
      ["sealed_payload", 0],
    ]);
  } finally {
    await client.end();
    await db.close();
  }
});
