import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import { CompactRange } from "#lib/trail/tree.ts";

/** A backup or a restore cannot go on; one sentence for the operator. */
export class BackupError extends Error {
  override name = "BackupError";
}

export const MANIFEST_FILE = "manifest.json";

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/);

/** What a backup says of itself: written last, so that a folder without one is no backup. */
export const manifestSchema = z.object({
  v: z.literal(1),
  takenAt: z.iso.datetime(),
  /** Which migrations made the tables; a restore needs the same. */
  migrations: z.array(z.string()),
  trail: z.object({ size: z.int().min(0), root: hex }),
  tables: z.array(
    z.object({ name: identifier, columns: z.array(z.string()), rows: z.int().min(0), sha256: hex }),
  ),
  sequences: z.array(z.object({ name: identifier, last: z.string().nullable() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Tables that a backup leaves out: the key that opens the payloads, what every database makes for itself, and who has what open. Jobs of
 * the queue (schema pgboss) are not in it either.
 */
export const LEFT_OUT = [
  "trail.key_encryption_key",
  "gate.guard",
  "public._prisma_migrations",
  "public.presence",
];

/**
 * Writes every table of the desk, as it stands at one moment, into an empty folder: one file in COPY's text format for
 * each, and a manifest with their digests and the root of the trail. Holds no key that opens a payload and no signer's
 * key; memory does not grow with the data. `ownerUrl` acts as countersign_owner.
 * @throws BackupError
 */
export async function backUp(ownerUrl: string, folder: string): Promise<Manifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new BackupError(`${folder} is not empty.`);
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    const manifest: Manifest = {
      v: 1,
      takenAt: new Date().toISOString(),
      migrations: await migrationsOf(client),
      trail: await endOfTrail(client),
      tables: [],
      sequences: await sequencesOf(client),
    };
    for (const table of await tablesOf(client))
      manifest.tables.push({ ...table, ...(await copyOut(client, table, folder)) });
    await client.query("commit");
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFile(join(folder, MANIFEST_FILE), text, { mode: 0o600, flush: true });
    return manifest;
  } finally {
    await client.end().catch(() => undefined);
  }
}

type Sql = Pick<Client, "query">;
type Table = { name: string; columns: string[] };

/** Every table of the desk but those left out, with the columns that hold something of their own. */
export async function tablesOf(sql: Sql): Promise<Table[]> {
  const { rows } = await sql.query<Table>(
    `select n.nspname || '.' || c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('public', 'gate', 'trail') and n.nspname || '.' || c.relname <> all ($1)
     order by 1`,
    [LEFT_OUT],
  );
  return rows;
}

export async function migrationsOf(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    "select migration_name as name from public._prisma_migrations where finished_at is not null order by 1",
  );
  return rows.map(({ name }) => name);
}

async function sequencesOf(sql: Sql): Promise<Manifest["sequences"]> {
  const { rows } = await sql.query<Manifest["sequences"][number]>(
    `select schemaname || '.' || sequencename as name, last_value::text as last from pg_sequences
     where schemaname in ('public', 'gate', 'trail') order by 1`,
  );
  return rows;
}

/** The RFC 6962 root (hex) over the trail as this connection sees it, and on the way its root at given sizes. */
export async function trailRoot(
  sql: Sql,
  sizes: readonly number[] = [],
): Promise<{ size: number; root: string; at: Map<number, string> }> {
  const range = new CompactRange();
  const at = new Map<number, string>();
  const note = () => {
    if (sizes.includes(range.size)) at.set(range.size, range.root().toString("hex"));
  };
  note();
  for (;;) {
    const { rows } = await sql.query<{ leaf: Buffer }>(
      `select sha256('\\x00'::bytea || convert_to(line, 'UTF8')) as leaf from trail.entry
       where seq >= $1 order by seq limit 5000`,
      [range.size],
    );
    for (const { leaf } of rows) {
      range.append(leaf);
      note();
    }
    if (rows.length === 0) return { size: range.size, root: range.root().toString("hex"), at };
  }
}

export function copyFile(folder: string, table: string): string {
  return join(folder, `${table}.copy`);
}

/** `schema.table (columns)` for COPY; both come from the catalog. */
export function copyTarget({ name, columns }: Table): string {
  return `${name} (${columns.map((column) => `"${column}"`).join(", ")})`;
}

/** Passes bytes on and keeps their digest. */
export function hashing(): { through: Transform; digest: () => string } {
  const hash = createHash("sha256");
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { through, digest: () => hash.digest("hex") };
}

async function copyOut(
  client: Client,
  table: Table,
  folder: string,
): Promise<{ rows: number; sha256: string }> {
  const { through, digest } = hashing();
  const stream = client.query(copyTo(`copy ${copyTarget(table)} to stdout`));
  const file = createWriteStream(copyFile(folder, table.name), { mode: 0o600, flush: true });
  await pipeline(stream, through, file);
  return { rows: stream.rowCount, sha256: digest() };
}

async function endOfTrail(sql: Sql): Promise<Manifest["trail"]> {
  const { size, root } = await trailRoot(sql);
  return { size, root };
}
