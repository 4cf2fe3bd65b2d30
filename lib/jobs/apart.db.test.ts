/** What goes over the whole trail in a process of its own: what it writes, refuses, and leaves when either side is gone. */
import { once } from "node:events";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { checkTrailApart, writeExportApart } from "./apart.ts";
import { ExportFault } from "./exports/export-fault.ts";
import { entriesOf, exportDesk, exportRow, type ExportDesk } from "./exports/testing-exports.ts";
import { runExports } from "./exports/run-exports.ts";
import type { Progress } from "./exports/write-export.ts";

/** Each test starts processes, which takes seconds on a busy machine. */
vi.setConfig({ testTimeout: 240_000 });

const NEVER = new AbortController().signal;
const WHOLE = { evidence: false, names: false, payloads: false };

let db: TestDatabase;
let desk: ExportDesk;
let place: string;
beforeAll(async () => {
  db = await testDatabase();
  desk = await exportDesk(db);
  place = await mkdtemp(join(tmpdir(), "apart-"));
  await adminQuery(
    db.adminUrl,
    "select count(trail.write('note.added', 'system:test', null, '{}')) from generate_series(1, 2500)",
  );
});
afterAll(async () => {
  await rm(place, { recursive: true });
  await desk.close();
  await db.close();
});

function asked(format: "jsonl" | "bundle") {
  const scope = { kind: "log" } as const;
  return { id: randomUUID(), askedBy: randomUUID(), format, scope, withheld: WHOLE, hand: 1 };
}

async function options(more: { bytesMax?: number } = {}) {
  const own = join(place, randomUUID());
  await mkdir(own);
  const progress: Progress = { done: 0, total: null };
  return {
    ...{ place: own, name: "export", keys: place, organisation: "test", logKey: null },
    ...{ bytesMax: 2 ** 30, sealMs: 50, signal: NEVER, progress, ...more },
  };
}

test("what is written there is what would be written here, and it says how far it came", async () => {
  const given = await options();
  const written = await writeExportApart(db.urls.worker, asked("jsonl"), given);
  const expected: string[] = [];
  for await (const line of exportTrail(db.worker)) expected.push(line);
  expect(await readFile(written.path, "utf8")).toBe(`${expected.join("\n")}\n`);
  expect(written.entries).toBe(expected.length);
  expect(given.progress).toEqual({ done: expected.length, total: expected.length });
});

test("the trail is checked there as it is here", async () => {
  expect(await checkTrailApart(db.urls.worker, NEVER)).toEqual(await checkWholeTrail(db.worker));
});

test("what cannot be written there is told as a sentence, and what may be tried again as an error", async () => {
  const small = writeExportApart(
    db.urls.worker,
    asked("jsonl"),
    await options({ bytesMax: 1_000 }),
  );
  await expect(small).rejects.toThrow(
    new ExportFault("It grew bigger than one export may be. Ask for less of the trail."),
  );
  await expect(writeExportApart(db.urls.worker, asked("bundle"), await options())).rejects.toThrow(
    ExportFault,
  );
  const nowhere = new URL(db.urls.worker);
  nowhere.pathname = "/nowhere";
  const lost = await checkTrailApart(nowhere.href, NEVER).catch((error: Error) => error);
  expect(lost).toBeInstanceOf(Error);
  expect(lost).not.toBeInstanceOf(ExportFault);
});

test("a worker writes an export there, and it is ready", async () => {
  const auditor = (await makePerson(db, "auditor")).id;
  const id = await desk.ask(auditor, { format: "csv" });
  expect(await runExports(desk.worker({ databaseUrl: db.urls.worker }))).toBe(1);
  const row = await exportRow(db, id);
  expect(row).toMatchObject({ state: "ready", done: row.total });
  expect((await entriesOf(db, id)).map(([kind]) => kind)).toEqual([
    "export.requested",
    "export.completed",
  ]);
  expect(await desk.making(id)).toEqual([]);
});

/** How many sessions are at work on the database besides those of this test. */
async function sessions(): Promise<number> {
  const { rows } = await adminQuery(
    db.adminUrl,
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event = 'relation'",
  );
  return (rows as { n: number }[])[0]!.n;
}

/** Holds the head of the log meanwhile, so that whoever asks for it waits. */
async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  const client = await db.pools.owner.connect();
  try {
    await client.query("begin; lock table trail.head in access exclusive mode");
    return await work();
  } finally {
    await client.query("rollback");
    client.release();
  }
}

test("told to stop, it ends at once and says why it was told", async () => {
  await whileLocked(async () => {
    const stop = new AbortController();
    const checking = checkTrailApart(db.urls.worker, stop.signal).catch((error: unknown) => error);
    await vi.waitFor(async () => expect(await sessions()).toBe(1), { timeout: 60_000 });
    stop.abort(new Error("stopped"));
    expect(await checking).toEqual(new Error("stopped"));
  });
});

test("it is gone when who started it is killed, and signals to all do not end it before", async () => {
  await whileLocked(async () => {
    const path = join(import.meta.dirname, "apart-process.ts");
    const child = spawn(process.execPath, [path], { stdio: ["pipe", "ignore", "inherit"] });
    const ended = once(child, "exit");
    child.stdin.write(`${JSON.stringify({ kind: "check", databaseUrl: db.urls.worker })}\n`);
    await vi.waitFor(async () => expect(await sessions()).toBe(1), { timeout: 60_000 });
    child.kill("SIGTERM");
    expect(await sessions()).toBe(1);
    expect(child.exitCode).toBeNull();
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
  });
});
