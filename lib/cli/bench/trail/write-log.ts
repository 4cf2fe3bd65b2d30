import { createCipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { buildLine, FIRST_PREV, payloadCommitment } from "#lib/trail/line.ts";
import { CompactRange, leafHash } from "#lib/trail/tree.ts";

/** What an entry is made of that the log itself does not say; the rest follows from its place. */
export type EntryParts = {
  /** UTC with microseconds; never before the entry before. */
  at: string;
  kind: string;
  actor: string;
  role: string;
  incident: string | null;
  session: string | null;
  onBehalf: string | null;
  /** Canonical JSON. */
  payload: string;
  salt: Buffer;
};

const TABLES = ["entry", "sealed_payload", "node", "head", "incident_head", "payload_key"];

/**
 * Writes entries behind a short log as `trail.append` would have left them, one by one and byte for byte, but by COPY:
 * lines, leaves, sealed payloads, nodes, heads and what is noted of models. Their incidents must be new to the log. For
 * measuring on a scratch database, as its superuser: the guards of the log are off meanwhile, and stand again
 * afterwards as they stood. Gives the size of the log.
 */
export async function writeLog(adminUrl: string, entries: Iterable<EntryParts>): Promise<number> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const armed = await triggersOf(admin);
    for (const table of TABLES) await admin.query(`alter table trail.${table} disable trigger all`);
    const keys = new IncidentKeys(await keyOf(admin));
    const start = await startOf(admin);
    const end = await copyEntries(adminUrl, { ...start, entries, keys });
    await writeHeads(admin, end, keys);
    for (const table of TABLES) await admin.query(`alter table trail.${table} enable trigger all`);
    for (const { table, name } of armed)
      await admin.query(`alter table ${table} enable always trigger ${name}`);
    await admin.query(
      "select trail.note_model(seq, kind, actor) from trail.entry where trail.is_of_models(kind, actor)",
    );
    await admin.query("vacuum analyze");
    return end.size;
  } finally {
    await admin.end();
  }
}

type Armed = { table: string; name: string };

async function triggersOf(admin: pg.Client): Promise<Armed[]> {
  const { rows } = await admin.query<Armed>(
    `select tgrelid::regclass::text as table, quote_ident(tgname) as name from pg_trigger
      where tgenabled = 'A' and tgrelid = any ($1::regclass[])`,
    [TABLES.map((table) => `trail.${table}`)],
  );
  return rows;
}

type KeyEncryptionKey = { key: Buffer; id: Buffer };

async function keyOf(admin: pg.Client): Promise<KeyEncryptionKey> {
  const { rows } = await admin.query<KeyEncryptionKey>(
    "select key, id from trail.key_encryption_key",
  );
  const [row] = rows;
  if (!row) throw new Error("The database has no payload key.");
  return row;
}

/** The keys that payloads are sealed under, as trail.seal_payload makes and uses them. */
class IncidentKeys {
  readonly keyEncryptionKey: KeyEncryptionKey;
  readonly #keys = new Map<string, Buffer>();

  constructor(keyEncryptionKey: KeyEncryptionKey) {
    this.keyEncryptionKey = keyEncryptionKey;
  }

  seal(incident: string | null, payload: string): Buffer {
    if (incident === null) return Buffer.from(payload);
    const key = this.#keys.get(incident) ?? randomBytes(32);
    this.#keys.set(incident, key);
    const iv = randomBytes(16);
    const cipher = createCipheriv("aes-256-cbc", key, iv);
    return Buffer.concat([Buffer.of(1), iv, cipher.update(payload, "utf8"), cipher.final()]);
  }

  wrapped(): { incident: string; wrapped: Buffer }[] {
    return [...this.#keys].map(([incident, key]) => {
      const iv = randomBytes(16);
      const cipher = createCipheriv("aes-256-cbc", this.keyEncryptionKey.key, iv);
      cipher.setAutoPadding(false);
      return { incident, wrapped: Buffer.concat([iv, cipher.update(key), cipher.final()]) };
    });
  }
}

type End = {
  size: number;
  prev: string;
  at: string;
  incidents: Map<string, { size: number; prev: string }>;
};

type Start = { end: End; range: CompactRange };

async function startOf(admin: pg.Client): Promise<Start> {
  const { rows: heads } = await admin.query<{ size: string; prev: string; at: string }>(
    "select size, encode(prev, 'hex') as prev, last_at::text as at from trail.head",
  );
  const { rows: leaves } = await admin.query<{ leaf: Buffer }>(
    "select leaf from trail.entry order by seq",
  );
  const range = new CompactRange();
  for (const { leaf } of leaves) range.append(leaf);
  const { prev, at } = heads[0]!;
  return { end: { size: range.size, prev, at, incidents: new Map() }, range };
}

async function copyEntries(
  adminUrl: string,
  { end, range, entries, keys }: Start & { entries: Iterable<EntryParts>; keys: IncidentKeys },
): Promise<End> {
  const [entry, payload, node] = await Promise.all([
    openCopy(
      adminUrl,
      "trail.entry (seq, at, kind, actor, role, incident_id, line, leaf, names_model)",
    ),
    openCopy(adminUrl, "trail.sealed_payload (seq, salt, bytes)"),
    openCopy(adminUrl, "trail.node (level, index, hash)"),
  ]);
  for (const parts of entries) {
    const seq = end.size;
    const { line, place } = lineOf(parts, end);
    const leaf = leafHash(line);
    const { at, kind, actor, role, incident } = parts;
    entry.add([seq, at, kind, actor, role, incident, line, leaf, namesModel(parts) ? "t" : "f"]);
    payload.add([seq, parts.salt, keys.seal(incident, parts.payload)]);
    range.append(leaf, ({ level, index, hash }) => node.add([level, index, hash]));
    const prev = leaf.toString("hex");
    Object.assign(end, { size: seq + 1, prev, at });
    if (incident !== null) end.incidents.set(incident, { size: place + 1, prev });
    if (end.size % FLUSH_EVERY === 0)
      await Promise.all([entry.flush(), payload.flush(), node.flush()]);
  }
  await Promise.all([entry.end(), payload.end(), node.end()]);
  return end;
}

const FLUSH_EVERY = 500;

/** As `trail.write` finds it: what is by a model, and what is of models and names one. */
function namesModel({ kind, actor, payload }: EntryParts): boolean {
  if (actor.startsWith("model:")) return true;
  const told: unknown = OF_MODELS.test(kind) ? JSON.parse(payload) : null;
  return typeof told === "object" && told !== null && NAMES.some((name) => name in told);
}

const OF_MODELS =
  /^(?:model_run|run|question|draft|summary|claim|report|note|prompt|model_config|evaluation|model)\./;
const NAMES = [
  ...["run", "draft", "summary", "claim", "report"],
  ...["config", "model", "prompt", "name"],
];

function lineOf(parts: EntryParts, { size, prev, incidents }: End) {
  const { salt, payload, incident, ...told } = parts;
  const before =
    incident === null ? null : (incidents.get(incident) ?? { size: 0, prev: FIRST_PREV });
  const line = buildLine({
    ...told,
    incident,
    incidentPrev: before?.prev ?? null,
    incidentSeq: before?.size ?? null,
    payload: payloadCommitment(salt.toString("hex"), payload),
    prev,
    seq: size,
    v: 2,
  });
  return { line, place: before?.size ?? 0 };
}

type Value = string | number | Buffer | null;
type Copy = { add: (row: Value[]) => void; flush: () => Promise<void>; end: () => Promise<void> };

async function openCopy(adminUrl: string, into: string): Promise<Copy> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const stream: Writable = client.query(copyFrom(`copy ${into} from stdin`));
  let waiting: string[] = [];
  async function flush(): Promise<void> {
    const text = waiting.join("");
    waiting = [];
    if (text !== "" && !stream.write(text)) await once(stream, "drain");
  }
  return {
    add: (row) => void waiting.push(`${row.map(copyText).join("\t")}\n`),
    flush,
    async end() {
      await flush();
      stream.end();
      await finished(stream);
      await client.end();
    },
  };
}

/** A value in the text format of COPY. */
function copyText(value: Value): string {
  if (value === null) return "\\N";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return `\\\\x${value.toString("hex")}`;
  return value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found]!);
}
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

async function writeHeads(admin: pg.Client, end: End, keys: IncidentKeys): Promise<void> {
  await admin.query("update trail.head set size = $1, prev = decode($2, 'hex'), last_at = $3", [
    end.size,
    end.prev,
    end.at,
  ]);
  const heads = [...end.incidents];
  await admin.query(
    `insert into trail.incident_head (incident_id, size, prev)
      select incident, size, decode(prev, 'hex') from unnest($1::uuid[], $2::bigint[], $3::text[]) as h (incident, size, prev)`,
    [heads.map(([id]) => id), heads.map(([, { size }]) => size), heads.map(([, h]) => h.prev)],
  );
  const wrapped = keys.wrapped();
  await admin.query(
    `insert into trail.payload_key (incident_id, wrapped, wrapped_by)
      select incident, wrapped, $3 from unnest($1::uuid[], $2::bytea[]) as k (incident, wrapped)`,
    [
      wrapped.map(({ incident }) => incident),
      wrapped.map((key) => key.wrapped),
      keys.keyEncryptionKey.id,
    ],
  );
}
