import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { root } from "#lib/trail/tree.ts";
import { backUp, MANIFEST_FILE } from "./backup.ts";
import type { Manifest } from "./backup.ts";
import { restore } from "./restore.ts";
import type { RestoreInput } from "./restore.ts";
import { adminQuery } from "./testing.ts";
import { approveErasure, askErasure } from "./testing-erasure.ts";
import { TEMPLATE_DATABASE, TEST_PAYLOAD_KEY } from "./testing-setup.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";
import { NEWEST_MIGRATION } from "#lib/queries/health-faults.ts";

let w: World;
let folder: string;
let backup: string;
let manifest: Manifest;
const made: string[] = [];

beforeAll(async () => {
  w = await makeWorld();
  folder = await mkdtemp(join(tmpdir(), "backup-"));
  backup = join(folder, "backup");
  manifest = await backUp(w.db.urls.owner, backup);
});
afterAll(async () => {
  await w.db.close();
  for (const name of made)
    await adminQuery(inject("testAdminUrl"), `drop database ${name} with (force)`);
  await rm(folder, { recursive: true, force: true });
});

/** A migrated, empty database of its own. */
async function empty(): Promise<string> {
  const name = `restored_${randomBytes(6).toString("hex")}`;
  await adminQuery(inject("testAdminUrl"), `create database ${name} template ${TEMPLATE_DATABASE}`);
  made.push(name);
  return Object.assign(new URL(inject("testAdminUrl")), { pathname: `/${name}` }).href;
}

function given(adminUrl: string, more: Partial<RestoreInput> = {}): RestoreInput {
  const plain = { checkpoints: [], payloadKey: TEST_PAYLOAD_KEY, erased: [] };
  return { adminUrl, folder: backup, ...plain, ...more };
}

async function rootAt(size: number): Promise<Buffer> {
  const { rows } = await w.db.pools.auditor.query<{ leaf: Buffer }>(
    "select leaf from trail.entry where seq < $1 order by seq",
    [size],
  );
  return root(rows.map(({ leaf }) => leaf));
}

const checkpoint = (size: number, of: Buffer) => ({
  origin: "countersign/test/trail",
  size,
  root: of,
});

/** Every row of every table of the backup, by table, as text. */
async function contents(adminUrl: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { name } of manifest.tables) {
    const { rows } = await adminQuery(
      adminUrl,
      `select count(*)::int as n, md5(string_agg(t::text, E'\\n' order by t::text)) as digest from ${name} t`,
    );
    found[name] = rows[0];
  }
  return found;
}

test("what is backed up and restored is the same to the row, with every guard, and no key is in it", async () => {
  const adminUrl = await empty();
  const size = manifest.trail.size - 2;
  const restored = await restore(
    given(adminUrl, {
      checkpoints: [checkpoint(size, await rootAt(size)), checkpoint(10_000, randomBytes(32))],
    }),
  );
  expect(restored).toMatchObject({ ...manifest.trail, agreed: [size], beyond: [10_000] });
  expect(restored.root).toBe((await rootAt(manifest.trail.size)).toString("hex"));
  expect(await contents(adminUrl)).toEqual(await contents(w.db.adminUrl));
  expect((await adminQuery(adminUrl, "select gate.missing_guards() as what")).rows).toEqual([]);
  const payloads = "select seq, bytes from trail.payload order by seq";
  expect((await adminQuery(adminUrl, payloads)).rows).toEqual(
    (await adminQuery(w.db.adminUrl, payloads)).rows,
  );
  // New rows go on where the old ones ended.
  const numbers = "select nextval(pg_get_serial_sequence('public.incident', 'number')) as n";
  expect((await adminQuery(adminUrl, numbers)).rows).toEqual(
    (await adminQuery(w.db.adminUrl, numbers)).rows,
  );
  const changing = adminQuery(adminUrl, "update trail.entry set line = line");
  await expect(changing).rejects.toThrow("append-only: UPDATE on entry refused");
  const [key] = (await adminQuery(w.db.adminUrl, "select key from trail.key_encryption_key")).rows;
  for (const file of await readdir(backup)) {
    const text = await readFile(join(backup, file), "utf8");
    expect(text.includes((key.key as Buffer).toString("hex")), file).toBe(false);
  }
});

test("without its key the tree is whole and no payload of an incident opens", async () => {
  const adminUrl = await empty();
  await restore(given(adminUrl, { payloadKey: null }));
  const { rows } = await adminQuery(
    adminUrl,
    "select count(*)::int as n, count(p.bytes)::int as opened from trail.payload p join trail.entry e using (seq) where e.incident_id is not null",
  );
  expect(rows[0].n).toBeGreaterThan(5);
  expect(rows[0].opened).toBe(0);
  await expect(restore(given(await empty(), { payloadKey: randomBytes(32) }))).rejects.toThrow(
    /not the key that the payloads were sealed under/,
  );
});

test("a checkpoint of another history, or only of a later one, stops it, and nothing is left behind", async () => {
  const adminUrl = await empty();
  const before = await contents(adminUrl);
  const { size } = manifest.trail;
  await expect(
    restore(given(adminUrl, { checkpoints: [checkpoint(size, randomBytes(32))] })),
  ).rejects.toThrow(`is not the one the checkpoint of ${size} entries was signed over`);
  await expect(
    restore(given(adminUrl, { checkpoints: [checkpoint(size + 1, randomBytes(32))] })),
  ).rejects.toThrow(`The backup ends at ${size} entries, before every checkpoint given`);
  expect(await contents(adminUrl)).toEqual(before);
});

const DAMAGE: [name: string, damage: (folder: string) => Promise<void>, says: RegExp][] = [
  ["no manifest", (at) => rm(join(at, MANIFEST_FILE)), /it is no backup, or half of one/],
  [
    "half a manifest",
    (at) => writeFile(join(at, MANIFEST_FILE), "{"),
    /manifest\.json of the backup is damaged/,
  ],
  [
    "a table left out",
    (at) => rm(join(at, "public.note.copy")),
    /public\.note\.copy of the backup cannot be loaded/,
  ],
  [
    "an entry changed",
    (at) =>
      edit(join(at, "trail.entry.copy"), (text) =>
        text.replaceAll("decision.proposed", "decision.proposes"),
      ),
    /trail\.entry\.copy/,
  ],
  [
    "a payload changed",
    (at) =>
      edit(join(at, "trail.sealed_payload.copy"), (text) => text.replace(/\\\\x01../, "\\\\x0100")),
    /trail\.sealed_payload\.copy is not the file that the backup was made with/,
  ],
  [
    "another version's tables",
    (at) =>
      edit(join(at, MANIFEST_FILE), (text) =>
        text.replace(`"${NEWEST_MIGRATION}"`, '"0099_later"'),
      ),
    /The backup is of migration 0099_later, this version is at \d{4}_/,
  ],
  [
    "another root claimed",
    (at) =>
      edit(join(at, MANIFEST_FILE), (text) =>
        text.replace(/"root": "[0-9a-f]{64}/, `"root": "${"0".repeat(64)}`),
      ),
    /does not have the root its manifest names/,
  ],
];

test.each(DAMAGE)("%s: refused in a sentence", async (_name, damage, says) => {
  const copy = join(folder, `damaged-${randomBytes(4).toString("hex")}`);
  await cp(backup, copy, { recursive: true });
  await damage(copy);
  await expect(restore(given(await empty(), { folder: copy }))).rejects.toThrow(says);
});

test("a folder with something in it takes no backup, a desk in use no restore", async () => {
  await expect(backUp(w.db.urls.owner, backup)).rejects.toThrow(/is not empty/);
  await expect(restore(given(w.db.adminUrl))).rejects.toThrow(/holds a desk already/);
});

test("what was erased after the backup is erased again, and the trail says so", async () => {
  const { incidentId } = w.closed;
  await approveErasure(w.web, w.adm, await askErasure(w.web, w.lea, incidentId));
  const adminUrl = await empty();
  const at = { incident: incidentId, seq: manifest.trail.size };
  const before = { ...at, seq: at.seq - 1 };
  expect((await restore(given(await empty(), { erased: [before] }))).erasedAgain).toBe(0);
  const restored = await restore(given(adminUrl, { erased: [at, at, before] }));
  expect(restored.erasedAgain).toBe(1);
  const { rows } = await adminQuery(
    adminUrl,
    `select e.kind, e.actor, p.erased_by::int, p.bytes is null as gone from trail.payload p join trail.entry e using (seq)
     where e.incident_id = '${incidentId}' order by seq desc`,
  );
  const [last, ...others] = rows;
  expect(last).toMatchObject({ kind: "payload.erased", actor: "system:owner", gone: false });
  for (const one of others)
    expect(one).toMatchObject({ erased_by: manifest.trail.size, gone: true });
});

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}
