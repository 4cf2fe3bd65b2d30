/** The key of the installation is changed under a desk that runs: cut off, killed, called twice, with the wrong file. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { ownFolder } from "#lib/testing-folder.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { NOBODY } from "./acting.ts";
import { findNextPayloadKey, readPayloadKey, setPayloadKey } from "./payload-key.ts";
import { ownerUrl } from "./provision.ts";
import { ROTATION_STEPS, rotatePayloadKey, type RotationStep } from "./rotate-payload-key.ts";
import { approveErasure, askErasure } from "./testing-erasure.ts";
import { makeIncident } from "./testing-people.ts";
import { TEST_PAYLOAD_KEY } from "./testing-setup.ts";
import { adminQuery, testDatabase, type TestDatabase } from "./testing.ts";
import { makeWorld } from "./testing-world.ts";
import { appendTrail, transact } from "./transaction.ts";

const MS_MAX = 60_000;
const open: TestDatabase[] = [];
afterEach(async () => {
  for (const db of open.splice(0)) await db.close();
});

/** A desk with incidents, and the data folder that belongs to it. */
async function desk(given?: TestDatabase) {
  const db = given ?? (await testDatabase());
  open.push(db);
  const home = ownFolder("rotate-payload-key");
  await writeFile(join(home, "payload.key"), `${TEST_PAYLOAD_KEY.toString("base64url")}\n`);
  const owner = ownerUrl(db.adminUrl);
  const told: string[] = [];
  const tell = async (incidentId?: string) => {
    const id = incidentId ?? (await makeIncident(db)).id;
    const text = `note ${told.push(id)}`;
    const entry = { kind: "note.added", actor: "system:test", incidentId: id } as const;
    await transact(db.web, NOBODY, (tx) => appendTrail(tx, { ...entry, payload: { text } }));
    return id;
  };
  return {
    ...{ db, home, owner, told, tell },
    rotate: (more: { atOnce?: number; atStep?: (step: RotationStep) => void } = {}) =>
      rotatePayloadKey({ home, ownerUrl: owner, ...more }),
    /** What `npm start` does. */
    start: async () =>
      setPayloadKey(owner, await readPayloadKey(home), await findNextPayloadKey(home)),
    count: async (sql: string): Promise<number> =>
      Number(
        (await db.pools.owner.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]!.n,
      ),
  };
}
type Desk = Awaited<ReturnType<typeof desk>>;

async function reads({ db, told, count }: Desk): Promise<void> {
  expect((await verifyLines(exportTrail(db.auditor))).holds).toBe(true);
  expect(await count("trail.payload where bytes is null and erased_by is null")).toBe(0);
  expect(await count("trail.entry where kind = 'note.added'")).toBe(told.length);
}

async function isRotated(one: Desk, { from, to }: { from: string; to: string }): Promise<void> {
  await reads(one);
  const { rows } = await one.db.pools.owner.query(
    "select one, encode(id, 'hex') as id from trail.key_encryption_key",
  );
  expect(rows).toEqual([{ one: true, id: to }]);
  expect(await one.count(`trail.payload_key where encode(wrapped_by, 'hex') <> '${to}'`)).toBe(0);
  const told = await one.db.pools.auditor.query<{ told: object }>(
    `select convert_from(p.bytes, 'UTF8')::jsonb as told from trail.entry e join trail.payload p using (seq)
     where e.kind = 'payload.key_rotated'`,
  );
  expect(told.rows.map((row) => row.told)).toEqual([expect.objectContaining({ from, to })]);
  const retired = `payload.key.retired-${from.slice(0, 16)}`;
  expect((await readdir(one.home)).toSorted()).toEqual(["payload.key", retired]);
  for (const file of ["payload.key", retired])
    expect((await stat(join(one.home, file))).mode & 0o777).toBeLessThanOrEqual(0o644);
  expect(await readFile(join(one.home, retired), "utf8")).toBe(
    `${TEST_PAYLOAD_KEY.toString("base64url")}\n`,
  );
}

test("every incident's key lies under the new one, entries and ciphertexts are as they were, and it is on the trail", async () => {
  const one = await desk();
  for (let n = 0; n < 5; n += 1) await one.tell();
  const stored = "select seq, salt, bytes from trail.sealed_payload order by seq";
  const before = (await one.db.pools.owner.query(stored)).rows;
  const rotated = await one.rotate({ atOnce: 2 });
  const after = (await one.db.pools.owner.query(stored)).rows;
  expect(after.slice(0, before.length)).toEqual(before);
  await isRotated(one, rotated);
  await one.start();
  await one.tell(one.told[0]);
  await one.tell();
  await reads(one);
  expect((await one.rotate()).from).toBe(rotated.to);
});

test.each(ROTATION_STEPS)(
  "cut off after “%s” the desk reads, writes and starts, and the next call ends it",
  async (last) => {
    const one = await desk();
    for (let n = 0; n < 3; n += 1) await one.tell();
    const cutOff = one.rotate({
      atOnce: 1,
      atStep: (step) => {
        if (step === last) throw new Error("cut off");
      },
    });
    await expect(cutOff).rejects.toThrow("cut off");
    await reads(one);
    await one.start();
    await one.tell(one.told[0]);
    await one.tell();
    await reads(one);
    // what was cut off after its end is done; another call would change the key again
    if (last === "ended") return;
    await isRotated(one, await one.rotate());
  },
  MS_MAX,
);

test(
  "killed in the middle, with an incident's key in somebody's hand, it is gone on with",
  async () => {
    const one = await desk();
    const incident = await one.tell();
    await one.tell();
    const holder = new Client({ connectionString: one.db.adminUrl });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from trail.payload_key where incident_id = $1 for update", [
      incident,
    ]);
    const child = spawn(process.execPath, ["lib/cli/rotate-key.ts", "--payload"], {
      env: { ...process.env, COUNTERSIGN_HOME: one.home, DATABASE_URL: one.db.adminUrl },
    });
    const wrapping = async (more: string) => {
      const { rows } = await adminQuery(
        one.db.adminUrl,
        `select from pg_stat_activity where query like 'select trail.wrap_payload_keys%' and datname = current_database() ${more}`,
      );
      return rows.length;
    };
    const waits = "and wait_event_type = 'Lock'";
    await expect.poll(() => wrapping(waits), { timeout: MS_MAX / 2 }).toBe(1);
    await expect(one.rotate()).rejects.toThrow("Another command changes the key of the payloads");
    child.kill("SIGKILL");
    await once(child, "exit");
    await holder.query("rollback");
    await expect.poll(() => wrapping(""), { timeout: MS_MAX / 2 }).toBe(0);
    await holder.end();
    expect(await one.count("trail.key_encryption_key")).toBe(2);
    await one.start();
    await reads(one);
    await isRotated(one, await one.rotate());
  },
  MS_MAX,
);

test("with a file of another database it refuses before anything is made", async () => {
  const one = await desk();
  await one.tell();
  await writeFile(join(one.home, "payload.key"), `${randomBytes(32).toString("base64url")}\n`);
  await expect(one.rotate()).rejects.toThrow(
    /sealed under another key than the one in payload\.key/,
  );
  expect(await readdir(one.home)).toEqual(["payload.key"]);
  expect(await one.count("trail.key_encryption_key")).toBe(1);
  await reads(one);
});

test("a change that was begun does not go on with another next key, nor without one", async () => {
  const one = await desk();
  await one.tell();
  const stop = (step: RotationStep) => {
    if (step === "begun") throw new Error("cut off");
  };
  await expect(one.rotate({ atStep: stop })).rejects.toThrow("cut off");
  const next = join(one.home, "payload.key.next");
  const kept = await readFile(next, "utf8");
  await writeFile(next, `${randomBytes(32).toString("base64url")}\n`);
  await expect(one.rotate()).rejects.toThrow(/sealed under another key/);
  await writeFile(next, kept);
  await isRotated(one, await one.rotate());
});

test("a key that was retired is not taken for the next one", async () => {
  const one = await desk();
  await one.tell();
  const { from, to } = await one.rotate();
  const retired = `payload.key.retired-${from.slice(0, 16)}`;
  await writeFile(
    join(one.home, "payload.key.next"),
    await readFile(join(one.home, retired), "utf8"),
  );
  await expect(one.rotate()).rejects.toThrow(
    new RegExp(`holds a key that was retired \\(${retired}\\)`),
  );
  const { rows } = await one.db.pools.owner.query(
    "select one, encode(id, 'hex') as id from trail.key_encryption_key",
  );
  expect(rows).toEqual([{ one: true, id: to }]);
  await reads(one);
});

test("a database that has lost its keys in the middle takes both files, and neither alone", async () => {
  const one = await desk();
  for (let n = 0; n < 3; n += 1) await one.tell();
  let wrapped = 0;
  const stop = (step: RotationStep) => {
    if (step === "some wrapped" && (wrapped += 1) === 2) throw new Error("cut off");
  };
  await expect(one.rotate({ atOnce: 1, atStep: stop })).rejects.toThrow("cut off");
  await one.db.pools.owner.query("delete from trail.key_encryption_key");
  await expect(setPayloadKey(one.owner, TEST_PAYLOAD_KEY)).rejects.toThrow(/another key/);
  await one.start();
  await reads(one);
  await isRotated(one, await one.rotate());
});

test(
  "what was erased before and in the middle stays erased, and the entry that says so reads",
  async () => {
    const w = await makeWorld();
    const one = await desk(w.db);
    const { incidentId } = w.closed;
    const stop = (step: RotationStep) => {
      if (step === "some wrapped") throw new Error("cut off");
    };
    await expect(one.rotate({ atOnce: 1, atStep: stop })).rejects.toThrow("cut off");
    await approveErasure(w.web, w.adm, await askErasure(w.web, w.lea, incidentId));
    const erased =
      "trail.payload p join trail.entry e using (seq) where p.erased_by is not null and p.bytes is null and p.salt is null";
    const gone = await one.count(erased);
    expect(gone).toBeGreaterThan(0);
    const rotated = await one.rotate({ atOnce: 1 });
    expect(await one.count(erased)).toBe(gone);
    await reads({ ...one, told: [] });
    expect(
      await one.count(
        `trail.payload p join trail.entry e using (seq) where e.kind = 'payload.erased' and e.incident_id = '${incidentId}' and p.bytes is not null`,
      ),
    ).toBe(1);
    expect(
      await one.count(`trail.payload_key where encode(wrapped_by, 'hex') <> '${rotated.to}'`),
    ).toBe(0);
  },
  MS_MAX,
);

test(
  "whoever writes meanwhile waits for nobody's key, and everything reads in the end",
  async () => {
    const one = await desk();
    for (let n = 0; n < 8; n += 1) await one.tell();
    let isDone = false;
    const rotating = one.rotate({ atOnce: 1 }).finally(() => (isDone = true));
    const writing = [0, 1].map(async (n) => {
      do {
        await one.tell();
        await one.tell(one.told[n]);
      } while (!isDone);
    });
    const [rotated] = await Promise.all([rotating, ...writing]);
    await isRotated(one, rotated);
    expect(one.told.length).toBeGreaterThanOrEqual(12);
  },
  MS_MAX,
);
