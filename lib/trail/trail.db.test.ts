import { NOBODY } from "#lib/db/acting.ts";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { openSigner, type Signer } from "#lib/signing/signer.ts";
import { pgTrailLog } from "#lib/db/trail-log.ts";
import { canonicalJson } from "./canonical.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { buildLine, exportLine, parseLine, payloadCommitment, type ExportedEntry } from "./line.ts";
import { verifyLines } from "./verify.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const ORIGIN = "countersign/test/trail";
const HOSTILE = '\u0001\u001f"\\\u007f\u0080\u2028\u2029\uFFFF\u{1F600}\u{10FFFF}é</script>\t\r\n';
const INCIDENTS = [randomUUID(), randomUUID(), null];

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

async function append(count: number, incidentId: string | null = null, text = "x"): Promise<void> {
  await transact(db.web, NOBODY, async (tx) => {
    for (let i = 0; i < count; i++) {
      await appendTrail(tx, {
        kind: "note.added",
        actor: "system:test",
        incidentId,
        payload: { i, text },
      });
    }
  });
}

async function exported(where = ""): Promise<ExportedEntry[]> {
  const { rows } = await db.pools.auditor.query<ExportedEntry>(
    `select encode(e.leaf, 'hex') as leaf, e.line, convert_from(p.bytes, 'UTF8') as payload, encode(p.salt, 'hex') as salt
       from trail.entry e join trail.payload p using (seq) ${where} order by e.seq`,
  );
  return rows;
}

test("what the database writes is what this code would write, byte for byte", async () => {
  for (const incidentId of INCIDENTS) await append(3, incidentId, HOSTILE);
  await transact(db.worker, NOBODY, (tx) =>
    appendTrail(tx, {
      kind: "model_run.started",
      actor: "model:claude-test",
      incidentId: INCIDENTS[0]!,
      payload: {},
    }),
  );
  const entries = await exported();
  expect(entries.length).toBeGreaterThanOrEqual(10);
  for (const { line, payload, salt, leaf } of entries) {
    const parsed = parseLine(line);
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(buildLine(parsed.value)).toBe(line);
    expect(payloadCommitment(salt, payload)).toBe(parsed.value.payload);
    expect(canonicalJson(JSON.parse(payload))).toBe(payload);
    expect(leaf).toHaveLength(64);
  }
  // the first entries were written before there were lines of version 2
  expect(JSON.parse(entries[0]!.line)).toMatchObject({ v: 1 });
  expect(JSON.parse(entries.at(-1)!.line)).toMatchObject({ v: 2, session: null, onBehalf: null });
  expect(JSON.parse(entries.at(-2)!.payload)).toEqual({ i: 2, text: HOSTILE });
  expect(JSON.parse(entries.at(-1)!.line)).toMatchObject({
    role: "countersign_worker",
    actor: "model:claude-test",
    incidentSeq: 3,
  });
});

test("many writers at once leave one chain, whole and of each incident", async () => {
  await Promise.all(Array.from({ length: 12 }, (_, i) => append(5, INCIDENTS[i % 3]!)));
  const whole = await verifyLines((await exported()).map(exportLine));
  expect(whole).toMatchObject({ scope: "log", holds: true });
  expect(whole.entries).toBeGreaterThanOrEqual(60);
  const extract = await verifyLines(
    (await exported(`where incident_id = '${INCIDENTS[0]}'`)).map(exportLine),
  );
  expect(extract).toMatchObject({ scope: "incident", incident: INCIDENTS[0], holds: true });
});

test("a transaction that is rolled back leaves no gap", async () => {
  const before = (await exported()).length;
  const undone = transact(db.web, NOBODY, async (tx) => {
    await appendTrail(tx, {
      kind: "note.added",
      actor: "system:test",
      incidentId: null,
      payload: {},
    });
    throw new Error("changed my mind");
  });
  await expect(undone).rejects.toThrow("changed my mind");
  await append(1);
  const entries = await exported();
  expect(entries).toHaveLength(before + 1);
  expect(await verifyLines(entries.map(exportLine))).toMatchObject({ holds: true });
});

test("the signer signs what is there, and refuses after a superuser tampered", async () => {
  const { privateKey: key } = generateKeyPairSync("ed25519");
  const signer = await openTestSigner(key);
  const signed = await signer.step();
  const { rows } = await db.pools.auditor.query<{ size: string; root: Buffer; note: string }>(
    "select size, root, note from trail.checkpoint order by size desc limit 1",
  );
  const checkpoint = openCheckpoint(rows[0]!.note, { name: ORIGIN, key });
  expect(signed).toEqual({
    did: "signed",
    size: Number(rows[0]!.size),
    root: rows[0]!.root.toString("hex"),
  });
  expect(checkpoint.root.equals(rows[0]!.root)).toBe(true);

  await adminQuery(
    db.adminUrl,
    `set session_replication_role = replica;
     alter table trail.entry disable trigger all;
     alter table trail.entry drop constraint entry_check;
     update trail.entry set line = replace(line, 'system:test', 'system:best') where seq = 2;`,
  );
  expect(await signer.step()).toMatchObject({
    did: "refused",
    isNews: true,
    reason: expect.stringContaining("entry 2 was altered") as string,
  });
  expect(
    (await verifyLines((await exported()).map(exportLine))).checks.find(
      (check) => check.name === "leaf",
    ),
  ).toMatchObject({
    holds: false,
    first: { line: 3 },
  });
  await adminQuery(
    db.adminUrl,
    "update trail.entry set line = replace(line, 'system:best', 'system:test') where seq = 2",
  );
  expect(await signer.step()).toMatchObject({ did: "nothing" });
  await adminQuery(
    db.adminUrl,
    "alter table trail.sealed_payload disable trigger all; delete from trail.sealed_payload where seq >= 20; delete from trail.entry where seq >= 20",
  );
  expect(await signer.step()).toMatchObject({
    did: "refused",
    reason: expect.stringContaining("shrank") as string,
  });
});

function openTestSigner(key: Parameters<typeof openSigner>[0]["key"]): Promise<Signer> {
  return openSigner({
    log: pgTrailLog(db.pools.signer),
    key,
    origin: ORIGIN,
    statePath: join(ownFolder("signer"), "signed.json"),
    signEveryEntries: 1,
    fullCheckEveryMs: 0,
  });
}
