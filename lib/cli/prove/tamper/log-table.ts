import { Client } from "pg";
import { buildLine, leafOfLine, parseLine, type TrailLine } from "#lib/trail/line.ts";
import { CompactRange, type TreeNode } from "#lib/trail/tree.ts";

/** A row of the log as an intruder with a superuser's rights holds it. */
export type LogRow = { line: string; payload: Buffer; salt: Buffer };
export type LogState = {
  rows: LogRow[];
  checkpoints: { size: number; root: Buffer; note: string }[];
};

const TABLES = [
  "entry",
  "sealed_payload",
  "checkpoint",
  "head",
  "incident_head",
  "cosignature",
  "timestamp_token",
  "log_key",
  "log_freeze",
  "log_origin",
  "entry_model",
  "node",
];

/** Runs as superuser with every trigger of the log off, and puts them back as they were. */
async function withoutTriggers(
  adminUrl: string,
  act: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("begin");
    for (const table of TABLES)
      await client.query(`alter table trail.${table} disable trigger all`);
    await act(client);
    const { rows } = await client.query<{ name: string; at: string }>(
      `select tgname as name, tgrelid::regclass::text as at from pg_trigger
        where tgrelid::regclass::text like 'trail.%' and not tgisinternal`,
    );
    for (const table of TABLES) await client.query(`alter table trail.${table} enable trigger all`);
    for (const { name, at } of rows)
      await client.query(`alter table ${at} enable always trigger "${name}"`);
    await client.query("commit");
  } finally {
    await client.end();
  }
}

export async function readLog(adminUrl: string): Promise<LogState> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const entries = await client.query<LogRow>(
      "select e.line, y.bytes as payload, y.salt from trail.entry e join trail.payload y using (seq) order by seq",
    );
    const checkpoints = await client.query<{ size: string; root: Buffer; note: string }>(
      "select size, root, note from trail.checkpoint order by size",
    );
    return {
      rows: entries.rows,
      checkpoints: checkpoints.rows.map((row) => ({ ...row, size: Number(row.size) })),
    };
  } finally {
    await client.end();
  }
}

/** The hashes of complete subtrees that go with these entries, as the database would have kept them. */
async function writeNodes(client: Client, rows: readonly LogRow[]): Promise<void> {
  const range = new CompactRange();
  const nodes: TreeNode[] = [];
  for (const { line } of rows)
    range.append(Buffer.from(leafOfLine(line), "hex"), (node) => nodes.push(node));
  await client.query(
    "insert into trail.node (level, index, hash) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[]) as n (level, index, hash) where level > 0",
    [
      nodes.map(({ level }) => level),
      nodes.map(({ index }) => index),
      nodes.map(({ hash }) => hash),
    ],
  );
}

/** Puts another log in the place of the one there is, with heads that fit it. */
export async function writeLog(adminUrl: string, { rows, checkpoints }: LogState): Promise<void> {
  const lines = rows.map(({ line }) => told(line));
  await withoutTriggers(adminUrl, async (client) => {
    await client.query(
      "truncate trail.entry, trail.sealed_payload, trail.checkpoint, trail.incident_head, trail.node cascade",
    );
    await client.query(
      `insert into trail.entry (seq, at, kind, actor, role, incident_id, line, leaf)
       select (l::jsonb ->> 'seq')::bigint, (l::jsonb ->> 'at')::timestamptz, l::jsonb ->> 'kind', l::jsonb ->> 'actor',
              l::jsonb ->> 'role', (l::jsonb ->> 'incident')::uuid, l, sha256('\\x00'::bytea || convert_to(l, 'UTF8'))
         from unnest($1::text[]) as l`,
      [rows.map(({ line }) => line)],
    );
    await client.query(
      "insert into trail.sealed_payload (seq, salt, bytes) select * from unnest($1::bigint[], $2::bytea[], $3::bytea[])",
      [
        lines.map(({ seq }) => seq),
        rows.map(({ salt }) => salt),
        rows.map(({ payload }) => payload),
      ],
    );
    await writeNodes(client, rows);
    for (const { size, root, note } of checkpoints)
      await client.query("insert into trail.checkpoint (size, root, note) values ($1, $2, $3)", [
        size,
        root,
        note,
      ]);
    const last = rows.at(-1)!;
    await client.query("update trail.head set size = $1, prev = decode($2, 'hex'), last_at = $3", [
      told(last.line).seq + 1,
      leafOfLine(last.line),
      told(last.line).at,
    ]);
    await client.query(
      `insert into trail.incident_head (incident_id, size, prev)
       select distinct on (incident_id) incident_id, (line::jsonb ->> 'incidentSeq')::bigint + 1, leaf
         from trail.entry where incident_id is not null order by incident_id, seq desc`,
    );
  });
}

export function told(line: string): TrailLine {
  const parsed = parseLine(line);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

export function withLine(row: LogRow, change: Partial<TrailLine>): LogRow {
  return { ...row, line: buildLine({ ...told(row.line), ...change } as TrailLine) };
}

/** The rows as one log: numbers, chains and all, made anew from the first to the last. */
export function rechained(rows: readonly LogRow[]): LogRow[] {
  const none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const incidents = new Map<string, { seq: number; leaf: string }>();
  let prev = none;
  return rows.map((row, seq) => {
    const { incident } = told(row.line);
    const before = incident === null ? null : (incidents.get(incident) ?? { seq: -1, leaf: none });
    const made = withLine(row, {
      seq,
      prev,
      incidentSeq: before && before.seq + 1,
      incidentPrev: before && before.leaf,
    });
    prev = leafOfLine(made.line);
    if (incident !== null && before) incidents.set(incident, { seq: before.seq + 1, leaf: prev });
    return made;
  });
}
