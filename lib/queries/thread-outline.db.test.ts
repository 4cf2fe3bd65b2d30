import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addNote } from "#lib/commands/add-note.ts";
import { at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { mergeIncident } from "#lib/commands/merge-incident.ts";
import { pinRecord } from "#lib/commands/pin-record.ts";
import { undoMerge } from "#lib/commands/undo-merge.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { ThreadFilter, ThreadOutline } from "#lib/contracts/thread-views.ts";
import { layRows, summed } from "#lib/domain/thread/thread-rows.ts";
import { countStatements } from "#lib/cli/bench/statements.ts";
import { listPins } from "./list-pins.ts";
import { listThread } from "./list-thread.ts";
import { deskWorld } from "./queries-fixtures.ts";
import type { DeskWorld } from "./queries-fixtures.ts";
import { OUTLINE_ACTS_MAX, threadGlimpse, threadOutline } from "./thread-outline.ts";
import { threadRecords, threadRecordsById } from "./thread-records.ts";

let world: DeskWorld;
let nightId: string;
beforeAll(async () => {
  world = await deskWorld();
  nightId = await night(world);
});
afterAll(() => world.database.close());

/** Forty failed logons of one kind among twenty of another, then an alert, then five more of the first. */
async function night({ database, source }: DeskWorld): Promise<string> {
  const logon = (n: number, user: string, port: number) => ({
    recordId: `l${n}`,
    kind: "event",
    title: `Failed logon for ${user}`,
    time: at(
      `03:${String(Math.floor(n / 60)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}`,
    ),
    fields: { action: "logon", user, "source.ip": "10.4.0.9", "source.port": port },
    observables: observables(`user:${user}`, "host:dc-1"),
  });
  const records = [
    ...Array.from({ length: 60 }, (_, n) =>
      logon(n, n % 3 === 0 ? "ana" : "svc-backup", 40_000 + n),
    ),
    {
      recordId: "alert",
      time: at("03:01:30"),
      severity: "high",
      title: "Many failed logons",
      observables: observables("host:dc-1"),
    },
    ...Array.from({ length: 5 }, (_, n) => logon(100 + n, "svc-backup", 50_000 + n)),
  ];
  return (await ingest(database.web, source, records, "NIGHT")).incidents[0]!.id;
}

const outline = (incidentId: string, filter: ThreadFilter = {}): Promise<ThreadOutline> =>
  threadOutline(world.database.web, { incidentId, filter });

describe("the outline of a thread", () => {
  test("places every record and act where the paged thread has them", async () => {
    const { database, caseId, ana } = world;
    await addNote(database.web, { incidentId: caseId, text: "Looks like a test." }, ana);
    const pages = await listThread(database.web, caseId, {}, { after: null, before: null }, 500);
    const told = await outline(caseId);
    const rows = layRows({ ...told, folds: [] }, new Set());
    const lines = Array.from({ length: rows.count }, (_, row) => rows.at(row)).flatMap<
      number | string
    >((line) =>
      line.kind === "record"
        ? [line.position]
        : line.kind === "act"
          ? [told.acts[line.act]!.entry.id]
          : [],
    );
    expect(lines).toEqual(
      pages.entries.map((entry) => (entry.type === "record" ? entry.position : entry.id)),
    );
    expect(told).toMatchObject({ records: 451, capped: false, where: null });
  });

  test("folds what repeats but for its port, each kind by itself, and not across an alert", async () => {
    const { folds } = await outline(nightId);
    expect(folds.map(({ count }) => count).toSorted((x, y) => x - y)).toEqual([5, 20, 40]);
    const [ana, backup] = folds;
    expect(
      await threadRecords(world.database.web, nightId, [ana!.head, backup!.head]),
    ).toMatchObject([{ title: "Failed logon for ana" }, { title: "Failed logon for svc-backup" }]);
  });

  test("folds nothing under a filter that can hide what stands in between", async () => {
    const folded = async (filter: ThreadFilter) => (await outline(nightId, filter)).folds.length;
    expect(await folded({ from: at("03:00:00") })).toBe(3);
    for (const filter of [
      { kinds: ["event"] },
      { sources: ["edr"] },
      { q: "failed" },
      { entity: "user:svc-backup" },
      { where: "user=svc-backup" },
    ]) {
      expect(await folded(filter), JSON.stringify(filter)).toBe(0);
    }
  });

  test("tells the newest acts where there are too many, says so, and folds nothing before them", async () => {
    const { database, source, ana } = world;
    const logons = Array.from({ length: 4 }, (_, n) => ({
      recordId: `many${n}`,
      kind: "event",
      title: "Failed logon",
      time: at(`04:00:0${n}`),
      fields: { action: "logon", "source.port": n },
    }));
    const { incidents } = await ingest(database.web, source, logons, "MANY");
    const { id } = incidents[0]!;
    const noted = (count: number) => database.owner.$executeRaw`
      INSERT INTO note (id, incident_id, person_id, text)
      SELECT gen_random_uuid(), ${id}::uuid, ${ana.id}::uuid, 'Note ' || n FROM generate_series(1, ${count}::int) n`;
    await noted(OUTLINE_ACTS_MAX);
    expect(await outline(id)).toMatchObject({ actsCapped: false, folds: [{ count: 4 }] });
    await addNote(database.web, { incidentId: id, text: "The last." }, ana);
    const told = await outline(id);
    expect(told).toMatchObject({ actsCapped: true, folds: [] });
    expect(told.acts).toHaveLength(OUTLINE_ACTS_MAX);
    expect(told.acts.at(-1)!.entry).toMatchObject({ type: "note", text: "The last." });
  });

  test("is narrowed by every filter, alone and together", async () => {
    const found = async (filter: ThreadFilter) => (await outline(nightId, filter)).records;
    expect(await found({ entity: "user:ana" })).toBe(20);
    expect(await found({ kinds: ["alert"] })).toBe(1);
    expect(await found({ severity: "high" })).toBe(1);
    expect(await found({ sources: ["edr"] })).toBe(66);
    expect(await found({ sources: ["another"] })).toBe(0);
    expect(await found({ q: "failed LOGON for ana" })).toBe(20);
    expect(await found({ where: "user=svc-backup" })).toBe(45);
    expect(await found({ from: at("03:01:00"), to: at("03:01:40") })).toBe(1);
    expect(await found({ entity: "user:svc-backup", from: at("03:01:00"), q: "failed" })).toBe(5);
    expect(await found({ entity: "user:ana", kinds: ["alert"] })).toBe(0);
  });

  test("finds a path as it is written, with its backslashes", async () => {
    const { database, source } = world;
    const record = {
      recordId: "path",
      kind: "event",
      title: "process created",
      time: at("03:00:00"),
      fields: { "process.path": String.raw`C:\Users\ana\tool.exe` },
    };
    const { incidents } = await ingest(database.web, source, [record], "PATH");
    const q = String.raw`users\ana\tool`;
    expect((await outline(incidents[0]!.id, { q })).records).toBe(1);
    expect((await outline(incidents[0]!.id, { q: "users%tool" })).records).toBe(0);
  });

  test("comes with the words of its first lines, and a glimpse with those around a record", async () => {
    const { database, caseId } = world;
    const told = await outline(caseId);
    expect(told.rows.length).toBeGreaterThan(50);
    const last = summed(told.positions).at(-1)!;
    const [record] = await threadRecords(database.web, caseId, [last]);
    const seen = await threadGlimpse(database.web, {
      incidentId: caseId,
      filter: {},
      around: record!.id,
      folded: true,
    });
    expect(seen.around).toEqual({ evidenceId: record!.id, position: last });
    expect(seen.rows).toContainEqual(record);
    expect(await threadRecordsById(database.web, caseId, record!.id)).toEqual([record]);
    expect(await threadRecordsById(database.web, nightId, record!.id)).toEqual([]);
  });

  test("tells what came since it was read last, and what a merge brought and its undoing took", async () => {
    const { database, source } = world;
    const merger = await makePerson(database, "analyst");
    const ana = { kind: "person", id: merger.id, role: merger.role, session: null } as const;
    const record = (n: number, recordId: string) => ({
      recordId,
      time: at(`05:00:0${n}`),
      severity: "low",
      title: `Alert ${n}`,
    });
    const bring = async (key: string, n: number) =>
      (await ingest(database.web, source, [record(n, `${key}-${n}`)], key)).incidents[0]!.id;
    const [one, two] = [await bring("KEPT-1", 1), await bring("KEPT-2", 5)];
    const counts = async () => (await outline(one)).records;
    expect([await counts(), await counts()]).toEqual([1, 1]);
    await bring("KEPT-1", 0);
    const before = await outline(one);
    expect([before.positions, await counts()]).toEqual([[2, -1], 2]);
    const { mergeId } = await mergeIncident(
      database.web,
      { incidentId: two, intoId: one, reason: "The same." },
      ana,
    );
    expect([await counts(), await counts()]).toEqual([3, 3]);
    await undoMerge(database.web, { mergeId }, ana);
    const after = await outline(one);
    expect([after.positions, after.seconds]).toEqual([before.positions, before.seconds]);
    await bring("KEPT-1", 3);
    expect(summed((await outline(one)).positions)).toEqual(new Float64Array([2, 1, 3]));
  });

  test("takes three statements, and the records of a screen one", async () => {
    const webUrl = world.database.urls.web;
    expect(
      await countStatements(webUrl, (db) => threadOutline(db, { incidentId: nightId, filter: {} })),
    ).toBe(3);
    expect(await countStatements(webUrl, (db) => threadRecords(db, nightId, [1, 2, 3]))).toBe(1);
  });

  test("is read from the index of the thread alone, in its order", async () => {
    const plan = await world.database.owner.$transaction(async (tx) => {
      // so few rows would be sorted: what is asked here is whether the index can give them alone
      await tx.$executeRaw`SET LOCAL enable_sort = off`;
      await tx.$executeRaw`SET LOCAL enable_bitmapscan = off`;
      const rows = await tx.$queryRaw<{ "QUERY PLAN": string }[]>`
        EXPLAIN SELECT e.position, coalesce(e.time, e.received_at), e.kind, e.shape FROM evidence_item e
        WHERE e.incident_id = ${nightId}::uuid ORDER BY coalesce(e.time, e.received_at), e.position LIMIT 10`;
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
    expect(plan).toContain("Index Only Scan using evidence_item_thread_idx");
    expect(plan).not.toContain("Sort");
  });
});

describe("pinned records", () => {
  test("stand above the thread with who pinned them, and can be all that it shows", async () => {
    const { database, ana } = world;
    const pin = (evidenceId: string, pinned: boolean) =>
      pinRecord(database.web, { incidentId: nightId, evidenceId, pinned }, ana);
    const [first, second] = await threadRecords(database.web, nightId, [3, 61]);
    await pin(second!.id, true);
    await pin(first!.id, true);
    await pin(first!.id, true);
    const pins = await listPins(database.web, nightId);
    expect(pins.map(({ record, by }) => [record.position, by.name])).toEqual([
      [3, "Ana"],
      [61, "Ana"],
    ]);
    expect((await outline(nightId, { pinned: true })).records).toBe(2);
    expect((await outline(nightId, { pinned: true, kinds: ["alert"] })).records).toBe(1);
    await pin(first!.id, false);
    await pin(first!.id, false);
    expect((await listPins(database.web, nightId)).map(({ record }) => record.position)).toEqual([
      61,
    ]);
  });
});
