import { randomBytes, randomUUID } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { listTrail } from "#lib/queries/list-trail.ts";
import { trailRows, trailSize } from "#lib/queries/trail-rows.ts";
import { ownFolder } from "#lib/testing-folder.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { Prisma } from "./generated/client.ts";
import { migrate, MIGRATIONS_DIRECTORY } from "./migrate.ts";
import { readPayloadKey, setPayloadKey } from "./payload-key.ts";
import { ensureDatabase, loginUrl, ownerUrl, provision } from "./provision.ts";
import { adminQuery, testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";
import { makeIncident } from "./testing-people.ts";
import { TEST_PASSWORD, TEST_PAYLOAD_KEY } from "./testing-setup.ts";
import { appendTrail, transact } from "./transaction.ts";
import { NOBODY } from "./acting.ts";

let db: TestDatabase;
let directory: string;
beforeAll(async () => {
  db = await testDatabase();
  directory = await mkdtemp(join(tmpdir(), "payload-key-"));
});
afterAll(async () => {
  await db.close();
  await rm(directory, { recursive: true, force: true });
});

const WORDS = 'Grüße "aus" \u{1F512}';

async function note(incidentId: string | null, text = WORDS): Promise<bigint> {
  const entry = {
    kind: "note.added",
    actor: "system:test",
    incidentId,
    payload: { text },
  } as const;
  return transact(db.web, NOBODY, (tx) => appendTrail(tx, entry));
}

async function storedBytes(seq: bigint): Promise<Buffer> {
  const { rows } = await db.pools.owner.query<{ bytes: Buffer }>(
    "select bytes from trail.sealed_payload where seq = $1",
    [seq],
  );
  return rows[0]!.bytes;
}

test("what an incident's entries tell lies encrypted, each incident under its own key, and reads as before", async () => {
  const [one, two] = [await makeIncident(db), await makeIncident(db)];
  const seqs = [await note(one.id), await note(one.id), await note(two.id), await note(null)];
  const [first, second, other, plain] = await Promise.all(seqs.map(storedBytes));
  for (const bytes of [first!, second!, other!]) {
    expect(bytes[0]).toBe(1);
    expect(bytes.includes("aus")).toBe(false);
  }
  expect(first!.equals(second!)).toBe(false);
  expect(plain!.toString()).toBe(`{"text":${JSON.stringify(WORDS)}}`);
  const keys = await adminQuery(
    db.adminUrl,
    `select count(distinct wrapped)::int as n from trail.payload_key where incident_id in ('${one.id}', '${two.id}')`,
  );
  expect(keys.rows).toEqual([{ n: 2 }]);
  for (const login of ["web", "worker", "auditor", "signer"] as const) {
    const { rows } = await db.pools[login].query<{ bytes: Buffer }>(
      "select bytes from trail.payload where seq = any ($1) order by seq",
      [seqs],
    );
    expect(rows.map(({ bytes }) => JSON.parse(bytes.toString()))).toEqual(
      seqs.map(() => ({ text: WORDS })),
    );
  }
  const { holds } = await verifyLines(exportTrail(db.auditor));
  expect(holds).toBe(true);
});

test("one payload that cannot be opened is that entry's fault in an export and on the page; the others read on", async () => {
  const { id } = await makeIncident(db);
  const [broken, whole] = [await note(id), await note(id)];
  await adminQuery(
    db.adminUrl,
    `alter table trail.sealed_payload disable trigger check_change;
     update trail.sealed_payload set bytes = '\\x0102030405' where seq = ${broken};
     alter table trail.sealed_payload enable always trigger check_change`,
  );
  const { checks } = await verifyLines(exportTrail(db.auditor, { incidentId: id }));
  expect(checks.filter(({ holds }) => !holds)).toMatchObject([
    { name: "payload", first: { reason: expect.stringContaining(`entry ${broken} `) as string } },
  ]);
  const { entries } = await listTrail(db.web, { incident: id });
  expect(entries.map(({ seq, payload }) => [seq, payload])).toEqual([
    [Number(whole), { text: WORDS }],
    [Number(broken), null],
  ]);
});

test("payloads as big as they may be are read a few at a time, in order; a bigger one is refused", async () => {
  const { id } = await makeIncident(db);
  const text = "x".repeat(4 * 2 ** 20 - 64);
  const seqs: bigint[] = [];
  for (let n = 0; n < 10; n += 1) seqs.push(await note(n % 2 === 0 ? id : null, `${n}${text}`));
  const condition = Prisma.sql`e.seq >= ${seqs[0]}::bigint`;
  const read: [number, number][] = [];
  const end = await trailSize(db.auditor);
  for await (const { seq, payload } of trailRows(db.auditor, { condition, end }))
    read.push([seq, payload?.length ?? 0]);
  expect(read).toEqual(seqs.map((seq) => [Number(seq), text.length + '{"text":"0"}'.length]));
  const faults = (await checkWholeTrail(db.worker)).filter(({ fault }) => fault !== null);
  expect(faults.map(({ check }) => check)).toEqual(["payloads"]); // that of the test before
  await expect(note(id, `${text}${"x".repeat(64)}`)).rejects.toThrow("payload_size");
  expect(await trailSize(db.auditor)).toBe(Number(seqs.at(-1)) + 1);
});

test("an older trail is encrypted when its key is first set, and another key is refused in a sentence", async () => {
  const server = inject("testAdminUrl");
  const name = `sealed_${randomBytes(6).toString("hex")}`;
  const adminUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await ensureDatabase(server, name);
  const password = TEST_PASSWORD;
  await provision(adminUrl, {
    ...{ web: password, worker: password, signer: password },
    ...{ verifier: password, auditor: password },
  });
  await migrate(ownerUrl(adminUrl), await migrationsBefore("0041"));
  const incident = randomUUID();
  const write = `select trail.append('note.added', 'system:test', '${incident}', '{"text":"from before"}')`;
  await adminQuery(loginUrl(adminUrl, "web", password), write);
  await migrate(ownerUrl(adminUrl));
  const unset = adminQuery(loginUrl(adminUrl, "web", password), write);
  await expect(unset).rejects.toThrow("trail: the key of the payloads is not set");
  const read =
    "select p.bytes from trail.payload p join trail.entry e using (seq) where e.incident_id is not null";
  const raw =
    "select s.bytes from trail.sealed_payload s join trail.entry e using (seq) where e.incident_id is not null";
  const before = await adminQuery(adminUrl, read);
  await setPayloadKey(ownerUrl(adminUrl), TEST_PAYLOAD_KEY);
  await setPayloadKey(ownerUrl(adminUrl), TEST_PAYLOAD_KEY);
  expect((await adminQuery(adminUrl, read)).rows).toEqual(before.rows);
  expect((await adminQuery(adminUrl, raw)).rows[0].bytes.includes("before")).toBe(false);
  await expect(setPayloadKey(ownerUrl(adminUrl), randomBytes(32))).rejects.toThrow(
    /were sealed under another key than the one in payload\.key/,
  );
  expect((await adminQuery(adminUrl, "select gate.missing_guards() as what")).rows).toEqual([]);
  await adminQuery(server, `drop database ${name} with (force)`);
});

test("the key's file is made once, is this user's alone, and is refused when it is no key", async () => {
  const key = await readPayloadKey(directory);
  expect(key).toHaveLength(32);
  expect(await readPayloadKey(directory)).toEqual(key);
  expect((await stat(join(directory, "payload.key"))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(directory, "payload.key"), "utf8")).toBe(
    `${key.toString("base64url")}\n`,
  );
  await writeFile(join(directory, "payload.key"), "short\n");
  await expect(readPayloadKey(directory)).rejects.toThrow(/is not 32 bytes as base64url/);
});

test.each(["payload.key.next", "payload.key.retired-0123456789abcdef"])(
  "no key is made where %s says that there was one",
  async (other) => {
    const home = ownFolder("lost-payload-key");
    await writeFile(join(home, other), `${randomBytes(32).toString("base64url")}\n`);
    await expect(readPayloadKey(home)).rejects.toThrow(
      new RegExp(`payload\\.key is missing from .*, where ${other} lies: put it back`),
    );
    expect(await readdir(home)).toEqual([other]);
  },
);

async function migrationsBefore(number: string): Promise<string> {
  const copy = join(directory, `before-${number}`);
  await cp(MIGRATIONS_DIRECTORY, copy, { recursive: true });
  for (const name of await readdir(copy))
    if (/^\d/.test(name) && name >= number) await rm(join(copy, name), { recursive: true });
  return copy;
}
