import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Checkpoint } from "#lib/trail/checkpoint.ts";
import {
  BackupError,
  copyFile,
  copyTarget,
  hashing,
  MANIFEST_FILE,
  manifestSchema,
  migrationsOf,
  tablesOf,
  trailRoot,
} from "./backup.ts";
import type { Manifest } from "./backup.ts";

export type RestoreInput = {
  /** A superuser's connection string, of a database that is migrated and empty. */
  adminUrl: string;
  folder: string;
  /** Checkpoints from outside the backup; their signatures are the caller's to check. */
  checkpoints: readonly Checkpoint[];
  /** What the payloads were sealed under; null when it is not there (yet). */
  payloadKey: Uint8Array | null;
  /** The one after it, of a backup from the middle of a change. */
  nextPayloadKey?: Uint8Array | null;
  /** Erasures by the entry that tells of each; those from before the backup was taken are in it already. */
  erased: readonly { incident: string; seq: number }[];
};

export type Restored = {
  size: number;
  root: string;
  rows: number;
  /** Sizes of the checkpoints that the trail has the same root at. */
  agreed: number[];
  /** Sizes of those that the backup is too short for. */
  beyond: number[];
  /** Incidents whose payloads were there and went again. */
  erasedAgain: number;
};

/**
 * Loads a backup into an empty database: all of it, or nothing. Refuses files that are not the manifest's, another
 * version's tables, a trail that is not what it says of itself, and a root other than a checkpoint's. Erases again what
 * was erased since. Every guard stands afterwards as the migrations left it.
 * @throws BackupError
 */
export async function restore(input: RestoreInput): Promise<Restored> {
  const manifest = await readManifest(input.folder);
  const client = new Client({ connectionString: input.adminUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query("begin");
    await refuseUnfit(client, manifest);
    const enable = await silenceTriggers(client, manifest);
    for (const table of manifest.tables) await copyIn(client, table, input.folder);
    for (const { name, last } of manifest.sequences)
      await client.query("select setval($1, coalesce($2::bigint, 1), $2 is not null)", [
        name,
        last,
      ]);
    const restored = await compareRoots(client, manifest, input.checkpoints);
    const since = input.erased.filter(({ seq }) => seq >= manifest.trail.size);
    const erasedAgain = await eraseAgain(client, { ...input, erased: since });
    for (const statement of enable) await client.query(statement);
    await client.query("set local session_replication_role = origin");
    await refuseFaults(client);
    await client.query("commit");
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { ...restored, rows, erasedAgain };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_FILE), "utf8").catch(() => null);
  if (text === null)
    throw new BackupError(`${folder} holds no ${MANIFEST_FILE}: it is no backup, or half of one.`);
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new BackupError(`${MANIFEST_FILE} of the backup is damaged.`, { cause });
  }
}

/** Only an empty desk of the same migrations takes a backup, with the tables it has. */
async function refuseUnfit(client: Client, manifest: Manifest): Promise<void> {
  const { rows } = await client.query<{ may: boolean; used: boolean }>(
    `select rolsuper as may, exists (select from public.person) or exists (select from public.incident) as used
     from pg_roles where rolname = current_user`,
  );
  if (!rows[0]?.may) throw new BackupError("A restore needs a database user that is a superuser.");
  if (rows[0].used)
    throw new BackupError("This database holds a desk already; restore into an empty one.");
  const [mine, theirs] = [await migrationsOf(client), manifest.migrations];
  if (mine.join() !== theirs.join()) {
    throw new BackupError(
      `The backup is of migration ${theirs.at(-1) ?? "none"}, this version is at ${mine.at(-1) ?? "none"}; restore it with the version it was taken with, then upgrade.`,
    );
  }
  const targets = (await tablesOf(client)).map(copyTarget).join();
  if (targets !== manifest.tables.map(copyTarget).join())
    throw new BackupError("The backup does not hold the tables that this version has.");
}

/** What the migrations wrote goes, and no guard looks while rows come in; returns how the guards are set up again. */
async function silenceTriggers(client: Client, { tables }: Manifest): Promise<string[]> {
  const names = tables.map(({ name }) => name);
  const { rows } = await client.query<{ enable: string }>(
    `select format('alter table %s enable %s trigger %I', t.tgrelid::regclass,
       case t.tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, t.tgname) as enable
     from pg_trigger t where not t.tgisinternal and t.tgenabled <> 'D' and t.tgrelid = any ($1::regclass[])`,
    [names],
  );
  // Foreign keys are triggers of the system's: they rest while tables are loaded in the order of their names.
  await client.query("set local session_replication_role = replica");
  for (const name of names) await client.query(`alter table ${name} disable trigger user`);
  await client.query(`truncate ${names.join(", ")}, trail.key_encryption_key`);
  return rows.map(({ enable }) => enable);
}

async function copyIn(
  client: Client,
  table: Manifest["tables"][number],
  folder: string,
): Promise<void> {
  const { through, digest } = hashing();
  const stream = client.query(copyFrom(`copy ${copyTarget(table)} from stdin`));
  try {
    await pipeline(createReadStream(copyFile(folder, table.name)), through, stream);
  } catch (cause) {
    const { message } = cause as Error;
    throw new BackupError(`${table.name}.copy of the backup cannot be loaded: ${message}.`, {
      cause,
    });
  }
  if (digest() !== table.sha256 || stream.rowCount !== table.rows)
    throw new BackupError(`${table.name}.copy is not the file that the backup was made with.`);
}

async function compareRoots(
  client: Client,
  { trail }: Manifest,
  checkpoints: readonly Checkpoint[],
): Promise<Pick<Restored, "size" | "root" | "agreed" | "beyond">> {
  const sizes = checkpoints.map(({ size }) => size);
  const { size, root, at } = await trailRoot(client, sizes);
  if (size !== trail.size || root !== trail.root)
    throw new BackupError("The trail of the backup does not have the root its manifest names.");
  const wrong = checkpoints.find(
    (each) => at.has(each.size) && at.get(each.size) !== each.root.toString("hex"),
  );
  if (wrong) {
    throw new BackupError(
      `The trail of the backup is not the one the checkpoint of ${wrong.size} entries was signed over: its root there is another. Nothing was restored.`,
    );
  }
  const agreed = sizes.filter((each) => at.has(each));
  if (sizes.length > 0 && agreed.length === 0) {
    throw new BackupError(
      `The backup ends at ${size} entries, before every checkpoint given; give one that it reaches. Nothing was restored.`,
    );
  }
  return { size, root, agreed, beyond: sizes.filter((each) => !at.has(each)) };
}

/** The owner's act, without the approvals, which came after the backup: the entry says so and where to look. */
async function eraseAgain(client: Client, input: RestoreInput): Promise<number> {
  const { erased, payloadKey, nextPayloadKey = null } = input;
  if (payloadKey)
    await client.query("select trail.set_payload_key($1, $2)", [payloadKey, nextPayloadKey]);
  let count = 0;
  for (const incident of new Set(erased.map((one) => one.incident))) {
    const gone = await client.query("delete from trail.payload_key where incident_id = $1", [
      incident,
    ]);
    if (gone.rowCount === 0) continue;
    if (!payloadKey) throw new BackupError("Erasing again needs payload.key in the data folder.");
    const { rows } = await client.query<{ by: string }>(
      `select trail.write('payload.erased', 'system:owner', $1, trail.canonical(jsonb_build_object('entries', count(*),
         'from', min(p.seq), 'to', max(p.seq), 'reason', 'Erased again after a restore: it was erased after the backup was taken.'))) as by
       from trail.sealed_payload p join trail.entry e on e.seq = p.seq where e.incident_id = $1 and p.erased_by is null`,
      [incident],
    );
    await client.query(
      `update trail.sealed_payload p set salt = null, bytes = null, erased_by = $2 from trail.entry e
       where e.seq = p.seq and e.incident_id = $1 and p.seq < $2 and p.erased_by is null`,
      [incident, rows[0]!.by],
    );
    count += 1;
  }
  return count;
}

async function refuseFaults(client: Client): Promise<void> {
  const { rows } = await client.query<{ what: string }>("select gate.missing_guards() as what");
  if (rows[0]) throw new BackupError(`After the restore ${rows[0].what}. Nothing was restored.`);
}
