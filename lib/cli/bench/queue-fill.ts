import pg from "pg";

/** A table and its rows; what each statement is given stands in `fillQueue`. */
type Load = { table: string; sql: string };

/**
 * Incidents as a desk would have them after years: 85 in 100 closed, a third of the open ones taken, few judged in a
 * rare way; six observables and an alert each, beside those that are there. Rows come from the server itself. Triggers
 * are off meanwhile, and indexes are made when the rows are there.
 */
export async function fillQueue(url: string, n: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '128MB'",
  );
  await client.query(
    "ALTER TABLE incident DROP CONSTRAINT incident_closed, DROP CONSTRAINT incident_assignee_id_fkey",
  );
  await client.query(
    `INSERT INTO source (id, name, format) SELECT gate.uuid_v7(), name, 'generic'
     FROM unnest(ARRAY['Defender','Entra','Suricata','Zeek','Okta','CloudTrail']) AS name ON CONFLICT (name) DO NOTHING`,
  );
  await client.query(`CREATE FUNCTION pg_temp.roll(bigint, bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    'SELECT (hashint8extended($1, $2) & 9223372036854775807) % $3'`);
  const { rows } = await client.query<{ before: number }>(
    "SELECT coalesce(max(number), 0)::int AS before FROM incident",
  );
  const { before } = rows[0]!;
  // how many there shall be, for those that count; then the highest number that was there before
  for (const load of LOADS)
    await fill(client, load, load.table === "incident" ? [n, before] : [before]);
  await client.query(
    "SELECT setval(pg_get_serial_sequence('incident', 'number'), (SELECT max(number) FROM incident))",
  );
  await client.query("VACUUM ANALYZE incident, incident_observable, evidence_item, source");
  await client.end();
}

/** The sixty people to whom the filled incidents are assigned; nobody can sign in as one of them. */
export async function nameOwners(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("SET session_replication_role = replica");
  await client.query(`INSERT INTO person (id, email, name, role, password_hash)
    SELECT ('00000000-0000-7000-8000-0000000000' || n)::uuid, 'analyst' || n || '@desk.example', 'Analyst ' || n, 'analyst', ''
    FROM generate_series(10, 69) n`);
  await client.end();
}

async function fill(client: pg.Client, { table, sql }: Load, given: number[]): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(x.indexrelid) AS definition
     FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
     WHERE x.indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid)`,
    [table],
  );
  await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  await client.query(sql, given);
  for (const { definition } of rows) await client.query(definition);
  await client.query(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
}

// Each column by a roll of its own, so that no two go together; a threat's name is in few titles, and one kind of alert
// only ever in what is low and closed, which is the unluckiest search for whoever asks for it among the worst.
const LOADS: readonly Load[] = [
  {
    table: "incident",
    sql: `
      INSERT INTO incident (id, number, title, severity, severity_rank, status, assignee_id, verdict, opened_at, sla_due_at, decide_due_at,
        last_activity_at, source_names, evidence_count, alert_count, event_count, evidence_root, claims_hash)
      SELECT ('0190' || lpad(to_hex(i), 8, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid, g,
        CASE WHEN s.status = 'closed' AND s.rank = 2 AND pg_temp.roll(i, 3, 4) = 0 THEN 'Port scan from a scanner of ours'
          ELSE (ARRAY['Password spray then success','Encoded PowerShell','Beacon to a rare domain','Mass file rename'])[1 + pg_temp.roll(i, 1, 4)] END
          || ' on WS-' || pg_temp.roll(i, 2, 20011) || CASE WHEN i % 50021 = 17 THEN ' by Volt Typhoon' ELSE '' END,
        (ARRAY['informational','low','medium','high','critical'])[s.rank], s.rank, s.status,
        CASE WHEN s.status <> 'new' THEN ('00000000-0000-7000-8000-0000000000' || 10 + pg_temp.roll(i, 4, 60))::uuid END,
        CASE WHEN s.status = 'closed' THEN (ARRAY['true_positive','false_positive','benign'])[1 + pg_temp.roll(i, 5, 3)]
             WHEN pg_temp.roll(i, 6, 997) = 3 THEN 'security_risk' END,
        o.at, o.at + make_interval(mins => 30), o.at + make_interval(mins => 240), o.at + make_interval(mins => pg_temp.roll(i, 7, 600)::int),
        ARRAY[(ARRAY['Defender','Entra','Suricata','Zeek'])[1 + pg_temp.roll(i, 8, 4)]] || CASE WHEN pg_temp.roll(i, 9, 4001) = 5 THEN ARRAY['CloudTrail'] ELSE '{}' END,
        12, 2, 10, sha256(i::text::bytea), sha256('')
      FROM generate_series($2::int + 1, $2::int + $1::int) g, LATERAL (SELECT g - $2::int AS i) n,
        LATERAL (SELECT 1 + pg_temp.roll(i, 10, 5)::int AS rank, CASE WHEN pg_temp.roll(i, 11, 20) < 17 THEN 'closed' WHEN pg_temp.roll(i, 12, 3) = 0 THEN 'in_progress'
          WHEN pg_temp.roll(i, 13, 50) = 9 THEN 'on_hold' ELSE 'new' END AS status) s,
        LATERAL (SELECT now() - make_interval(mins => ($1::int - i) * 2) AS at) o`,
  },
  {
    table: "incident_observable",
    sql: `
      INSERT INTO incident_observable (incident_id, type, value, specific, count)
      SELECT i.id, v.type, v.value, false, 1
      FROM (SELECT id, number::bigint - $1 AS n FROM incident WHERE number > $1) i,
        LATERAL (VALUES ('host', 'ws-' || pg_temp.roll(i.n, 2, 20011) || '.corp.example'),
          ('user', 'user' || pg_temp.roll(i.n, 14, 5003)), ('ip', '10.' || pg_temp.roll(i.n, 15, 64) || '.' || pg_temp.roll(i.n, 16, 250) || '.' || pg_temp.roll(i.n, 17, 250)),
          ('domain', CASE WHEN pg_temp.roll(i.n, 18, 3) = 0 THEN 'cdn.example' ELSE 'd' || pg_temp.roll(i.n, 19, 90001) || '.example' END),
          ('hash', encode(sha256(i.n::text::bytea), 'hex')), ('process', 'powershell.exe')) AS v (type, value)`,
  },
  {
    table: "evidence_item",
    sql: `
      INSERT INTO evidence_item (id, incident_id, position, source_id, record_key, kind, format, time_quality, title, fields, observables, raw, raw_sha256)
      SELECT i.id, i.id, 1, s.id, i.n::text, 'alert', 'generic', 'exact', i.title,
        jsonb_build_object('rule.name', 'Rule ' || pg_temp.roll(i.n, 20, 400), 'technique', jsonb_build_array('T' || 1001 + pg_temp.roll(i.n, 21, 90)), 'event.code', pg_temp.roll(i.n, 22, 7000)::text),
        '{}', '', sha256('')
      FROM (SELECT id, title, number::bigint - $1 AS n FROM incident WHERE number > $1) i, (SELECT id FROM source WHERE name = 'Zeek') s`,
  },
];
