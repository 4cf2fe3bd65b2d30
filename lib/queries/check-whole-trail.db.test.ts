import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkTrail } from "#lib/jobs/check-trail.ts";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { rootFromNodes } from "#lib/trail/nodes.ts";
import { trailSentence } from "#lib/trail/sentences.ts";
import { checkWholeTrail } from "./check-whole-trail.ts";
import { lastTrailCheck } from "./last-trail-check.ts";
import { nodeReader } from "./trail-proof.ts";

const INCIDENTS = [randomUUID(), randomUUID()];
let db: TestDatabase;
let size: number;

beforeAll(async () => {
  db = await testDatabase();
  await db.pools.web.query(
    `select trail.append('note.added', 'system:test', ($1::uuid[])[1 + i % 3], '{"n":' || i || '}') from generate_series(1, 1100) as i`,
    [INCIDENTS],
  );
  for (const covered of [700, 1024, 1090]) await seal(covered);
  const { rows } = await db.pools.auditor.query<{ size: string }>("select size from trail.head");
  size = Number(rows[0]!.size);
});
afterAll(() => db.close());

async function seal(covered: number): Promise<void> {
  const root = await rootFromNodes(covered, nodeReader(db.web));
  const note = `origin\n${covered}\n${root.toString("base64")}\n\n\u2014 origin AAAA\n`;
  await db.pools.signer.query(
    "insert into trail.checkpoint (size, root, note) values ($1, $2, $3)",
    [covered, root, note],
  );
}

async function faults(): Promise<Record<string, string>> {
  const results = await checkWholeTrail(db.worker);
  return Object.fromEntries(
    results.flatMap(({ check, fault }) => (fault === null ? [] : [[check, fault]])),
  );
}

test("a log as it was written holds, and each check says how much it looked at", async () => {
  const results = await checkWholeTrail(db.worker);
  expect(results.filter(({ fault }) => fault !== null)).toEqual([]);
  const n = Object.fromEntries(results.map(({ check, n: count }) => [check, count]));
  expect(n).toMatchObject({ lines: size, leaves: size, chain: size, payloads: size, time: size });
  expect(n["checkpoints"]).toBe(3);
  expect(n["incidents"]).toBeGreaterThan(700);
  expect(n["heads"]).toBe(3);
  expect(n["nodes"]).toBeGreaterThan(size - 20);
});

/** What a superuser could do with every guard away, how it is taken back, and which checks notice first. */
const TAMPERED: [string, string, string, Record<string, string>][] = [
  [
    "an altered payload",
    `update trail.sealed_payload set bytes = '{"n":0}' where seq = 1050`,
    `update trail.sealed_payload set bytes = $old where seq = 1050`,
    { payloads: "entry 1050: the payload is not the one it was written with" },
  ],
  [
    "an altered column",
    "update trail.entry set actor = 'system:other' where seq = 40",
    "update trail.entry set actor = 'system:test' where seq = 40",
    { lines: "entry 40: actor is not what its line says" },
  ],
  [
    "an altered leaf",
    "update trail.entry set leaf = sha256('x') where seq = 41",
    "update trail.entry set leaf = sha256('\\x00'::bytea || convert_to(line, 'UTF8')) where seq = 41",
    {
      leaves: "entry 41: the line does not hash to its leaf",
      incidents: "entry 44 does not follow the one before of its incident",
    },
  ],
  [
    "an altered node",
    "update trail.node set hash = sha256('x') where level = 3 and index = 7",
    "update trail.node set hash = (select sha256('\\x01'::bytea || a.hash || b.hash) from trail.node a, trail.node b where (a.level, a.index, b.level, b.index) = (2, 14, 2, 15)) where level = 3 and index = 7",
    { nodes: "node 3/7 is missing or another" },
  ],
  [
    "a node too many",
    "insert into trail.node values (10, 1, sha256('x'))",
    "delete from trail.node where level = 10 and index = 1",
    { nodes: expect.stringMatching(/^\d+ nodes are stored where \d+ belong$/) as string },
  ],
  [
    "another root in a checkpoint",
    "update trail.checkpoint set root = sha256('x') where size = 1024",
    "update trail.checkpoint set root = decode(split_part(note, E'\\n', 3), 'base64') where size = 1024",
    { checkpoints: "the checkpoint of 1024 entries has another root" },
  ],
  [
    "another root in a note",
    "update trail.checkpoint set note = replace(note, E'\\n1024\\n', E'\\n1023\\n') where size = 1024",
    "update trail.checkpoint set note = replace(note, E'\\n1023\\n', E'\\n1024\\n') where size = 1024",
    { checkpoints: "the checkpoint of 1024 entries has another root" },
  ],
  [
    "an incident's head",
    `update trail.incident_head set prev = sha256('x') where incident_id = '${INCIDENTS[0]}'`,
    `update trail.incident_head set prev = (select leaf from trail.entry where incident_id = '${INCIDENTS[0]}' order by seq desc limit 1) where incident_id = '${INCIDENTS[0]}'`,
    { heads: `the head of incident ${INCIDENTS[0]} is not at its last entry` },
  ],
];

/** Triggers and constraints of the log are away for the whole file: only what is stored counts here. */
beforeEach(async () => {
  await adminQuery(
    db.adminUrl,
    `alter table trail.entry disable trigger all; alter table trail.sealed_payload disable trigger all; alter table trail.node disable trigger all;
     alter table trail.checkpoint disable trigger all; alter table trail.head disable trigger all;
     alter table trail.entry drop constraint if exists entry_check`,
  );
});

test.each(TAMPERED)("%s is found and named", async (_name, tamper, back, expected) => {
  const { rows } = await db.pools.auditor.query<{ old: string }>(
    "select '''\\x' || encode(bytes, 'hex') || '''::bytea' as old from trail.payload where seq = 1050",
  );
  await adminQuery(db.adminUrl, tamper);
  try {
    expect(await faults()).toEqual(expected);
  } finally {
    await adminQuery(db.adminUrl, back.replace("$old", rows[0]!.old));
  }
  expect(await faults()).toEqual({});
});

test("an altered line breaks its leaf, its payload, its tree and what follows it", async () => {
  const alter = (from: string, to: string) =>
    adminQuery(
      db.adminUrl,
      `update trail.entry set line = replace(line, '${from}', '${to}') where seq = 90`,
    );
  await alter("system:test", "system:best");
  expect(Object.keys(await faults())).toEqual(
    expect.arrayContaining(["lines", "leaves", "chain", "nodes", "checkpoints"]),
  );
  await alter("system:best", "system:test");
});

test("an entry that is gone is found, and the end of the log that is", async () => {
  const keep = "create table kept as select * from trail.entry where seq >= 1040";
  await adminQuery(db.adminUrl, `${keep}; delete from trail.entry where seq = 1040`);
  expect(await faults()).toMatchObject({
    chain: "found entry 1041 where 1040 belongs",
    heads: `the log's head counts ${size} entries and ${size - 1} are there`,
  });
  await adminQuery(db.adminUrl, "delete from trail.entry where seq >= 1040");
  expect((await faults())["heads"]).toBe(
    `the log's head counts ${size} entries and 1040 are there`,
  );
  await adminQuery(db.adminUrl, "insert into trail.entry select * from kept");
  expect(await faults()).toEqual({});
});

test("the command line prints a line a check and exits 0, 1 with a fault, 2 without a database", async () => {
  const good = await command(db.adminUrl);
  expect(good.code).toBe(0);
  expect(good.out.match(/^ {2}ok /gm)).toHaveLength(9);
  await adminQuery(db.adminUrl, "update trail.head set prev = sha256('x')");
  const bad = await command(db.adminUrl);
  await adminQuery(
    db.adminUrl,
    "update trail.head set prev = (select leaf from trail.entry order by seq desc limit 1)",
  );
  expect(bad.code).toBe(1);
  expect(bad.out).toContain("FAIL  the heads stand where the entries end");
  expect((await command("postgresql://nobody@127.0.0.1:1/none")).code).toBe(2);
});

test("the nightly check waits a day, then tells on the trail what it found", async () => {
  const said: object[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (facts: object) => void said.push(facts),
  };
  const { signal } = new AbortController();
  const check = () => checkTrail(db.worker, { log, signal });
  expect(await lastTrailCheck(db.web)).toEqual({ checkedAt: null, holds: null });
  expect(await check()).toBe(false);
  const aged = "update trail.entry set at = at - interval '25 hours' where seq = 0";
  await adminQuery(db.adminUrl, aged);
  expect(await check()).toBe(true);
  expect(await lastTrailCheck(db.web)).toMatchObject({ holds: false });
  // the column that made it due is itself what it found
  expect(said).toMatchObject([{ faults: [{ check: "lines" }] }]);
  expect(await check()).toBe(false);
  const { rows } = await db.pools.auditor.query<{ payload: string }>(
    "select convert_from(bytes, 'UTF8') as payload from trail.payload order by seq desc limit 1",
  );
  expect(trailSentence("trail.checked", JSON.parse(rows[0]!.payload))).toBe(
    `checked ${size} entries of the trail, which is NOT as it was written: entry 0: at is not what its line says`,
  );
  expect(trailSentence("trail.checked", { entries: 1, faults: [] })).toBe(
    "checked 1 entry of the trail: every check holds",
  );
});

async function command(url: string): Promise<{ code: number; out: string }> {
  const env = { ...process.env, DATABASE_URL: url };
  try {
    const run = promisify(execFile)(process.execPath, ["lib/cli/trail.ts", "fsck"], { env });
    return { code: 0, out: (await run).stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, out: stdout };
  }
}
