import { randomBytes } from "node:crypto";
import { access, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { syncFolder, writeDurably } from "#lib/signing/durable.ts";
import { sha256 } from "#lib/trail/tree.ts";
import {
  findNextPayloadKey,
  findPayloadKey,
  KEY_FILE,
  NEXT_KEY_FILE,
  PayloadKeyError,
  RETIRED_KEY_FILE,
} from "./payload-key.ts";

/** Where a change may be cut off; whoever calls it again goes on from there. */
export const ROTATION_STEPS = [
  "next key made",
  "begun",
  "some wrapped",
  "all wrapped",
  "old key kept",
  "key file changed",
  "ended",
] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

export type Rotation = {
  /** The data folder. */
  home: string;
  /** Acts as countersign_owner. */
  ownerUrl: string;
  /** How many incidents are looked at in one transaction. */
  atOnce?: number;
  /** Called after each step; what it throws cuts it off there. For proofs. */
  atStep?: (step: RotationStep) => void;
};
/** Ids of the keys in hex, and the file that keeps the one that is retired. */
export type Rotated = { from: string; to: string; retired: string };

/** Two commands at one time would each make a key. */
const LOCK = 0x63_67_6e_4b;
const AT_ONCE = 1_000;

/**
 * Wraps the key of every incident under a new key of the installation, while the desk runs: both are known to the database
 * until none is left under the old one. Entries and payloads are not touched.
 * @throws PayloadKeyError when payload.key is not the key in force, or another command changes it
 */
export async function rotatePayloadKey(rotation: Rotation): Promise<Rotated> {
  const { ownerUrl } = rotation;
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query("select pg_try_advisory_lock($1) as mine", [LOCK]);
    if (!rows[0].mine)
      throw new PayloadKeyError("Another command changes the key of the payloads; wait for it.");
    return await rotate(client, rotation);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function rotate(client: Client, rotation: Rotation): Promise<Rotated> {
  const { home, atOnce = AT_ONCE, atStep = () => undefined } = rotation;
  const { from, to } = await begin(client, rotation);
  do {
    while (await wrapSome(client, atOnce)) atStep("some wrapped");
    atStep("all wrapped");
    await changeFile(home, { from, atStep });
  } while (!(await end(client)));
  atStep("ended");
  return { from, to, retired: retiredFile(from) };
}

type Ids = { from: string; to: string };

/** Begins it, or finds the one that was begun. */
async function begin(client: Client, { home, atStep = () => undefined }: Rotation): Promise<Ids> {
  const key = await findPayloadKey(home);
  if (!key) throw new PayloadKeyError(`There is no ${KEY_FILE} in ${home}.`);
  const begun = await idsOf(client);
  // the file is changed before the old key goes: what is left is the end
  if (begun.former !== null && idOf(key) === begun.present)
    return { from: begun.former, to: begun.present };
  if (idOf(key) !== (begun.former ?? begun.present)) throw notThatKey();
  const next = (await findNextPayloadKey(home)) ?? (await makeNextKey(home, begun.former));
  await refuseRetired(home, idOf(next));
  atStep("next key made");
  await client.query("select trail.begin_payload_key($1, $2)", [key, next]).catch(explain);
  const { former, present } = await idsOf(client);
  if (former !== idOf(key) || present !== idOf(next)) throw notThatKey();
  atStep("begun");
  return { from: former, to: present };
}

async function idsOf(client: Client): Promise<{ present: string | null; former: string | null }> {
  const { rows } = await client.query<{ one: boolean; id: string }>(
    "select one, encode(id, 'hex') as id from trail.key_encryption_key",
  );
  const id = (one: boolean) => rows.find((row) => row.one === one)?.id ?? null;
  return { present: id(true), former: id(false) };
}

/** As the database has it: `trail.payload_key_id`. */
function idOf(key: Uint8Array): string {
  return sha256("countersign.payload-key.v1", key).toString("hex");
}

async function makeNextKey(home: string, former: string | null): Promise<Buffer> {
  if (former !== null)
    throw new PayloadKeyError(
      `A change of the key was begun, and ${NEXT_KEY_FILE} is not in ${home}; put it back.`,
    );
  const key = randomBytes(32);
  await writeDurably(join(home, NEXT_KEY_FILE), `${key.toString("base64url")}\n`, 0o600);
  return key;
}

/** A key that lay in a drawer once is not one to go back to. */
async function refuseRetired(home: string, id: string): Promise<void> {
  const retired = retiredFile(id);
  const lies = await access(join(home, retired)).then(
    () => true,
    () => false,
  );
  if (lies)
    throw new PayloadKeyError(
      `${NEXT_KEY_FILE} holds a key that was retired (${retired}); remove ${NEXT_KEY_FILE} from ${home}. Nothing was changed.`,
    );
}

async function wrapSome(client: Client, atOnce: number): Promise<boolean> {
  const { rows } = await client.query("select trail.wrap_payload_keys($1) as n", [atOnce]);
  return rows[0].n > 0;
}

/** The old key stays beside it under its id, for backups from before; then the next one takes its place. */
async function changeFile(
  home: string,
  { from, atStep }: { from: string; atStep: (step: RotationStep) => void },
): Promise<void> {
  const key = await findPayloadKey(home);
  if (!key || idOf(key) !== from) return;
  await writeDurably(
    join(home, retiredFile(from)),
    await readFile(join(home, KEY_FILE), "utf8"),
    0o600,
  );
  atStep("old key kept");
  await rename(join(home, NEXT_KEY_FILE), join(home, KEY_FILE));
  await syncFolder(home);
  atStep("key file changed");
}

function retiredFile(id: string): string {
  return `${RETIRED_KEY_FILE}${id.slice(0, 16)}`;
}

async function end(client: Client): Promise<boolean> {
  const { rows } = await client.query("select trail.end_payload_key() as ended");
  return rows[0].ended;
}

function explain(error: Error & { code?: string }): never {
  throw error.code === "22023" ? notThatKey(error) : error;
}

function notThatKey(cause?: Error): PayloadKeyError {
  return new PayloadKeyError(
    `The payloads of this trail are sealed under another key than the one in ${KEY_FILE} of the data folder; put back the file that belongs to this database. Nothing was changed.`,
    { cause },
  );
}
