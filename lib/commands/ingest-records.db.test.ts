import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { CompactRange } from "#lib/trail/tree.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { addSource, at, bytesOf, ingest, observables, testNormalise } from "./ingest-fixtures.ts";
import { LETTER_ROOM, NOT_KEPT } from "./ingest/dead-letters.ts";
import { ingestRecords, LISTED_MAX } from "./ingest-records.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("an alert opens an incident, is sealed, and everything stands on the trail", async () => {
  const source = await addSource(database.web);
  const result = await ingest(database.web, source, [
    {
      recordId: "a1",
      title: "Credential dumping",
      severity: "high",
      time: at("02:14:07"),
      observables: observables("host:one"),
    },
  ]);
  expect(result).toMatchObject({ accepted: 1, duplicates: 0, rejected: [] });
  const [opened] = result.incidents;
  expect(opened?.number).toMatch(/^INC-\d{6}$/);
  const head = await findIncident(database.web, opened!.number);
  expect(head).toMatchObject({
    title: "Credential dumping",
    severity: "high",
    alertCount: 1,
    eventCount: 0,
    sources: [source.name],
  });
  const [item] = await database.web.evidenceItem.findMany({ where: { incidentId: opened!.id } });
  const range = new CompactRange();
  range.append(evidenceLeaf({ id: item!.id, sha256: item!.rawSha256 }, 1));
  expect(head?.evidenceRoot).toBe(range.root().toString("hex"));
  const { rows } = await database.pools.web.query(
    "select kind from trail.entry where incident_id = $1 order by seq",
    [opened!.id],
  );
  expect(rows.map(({ kind }) => kind)).toEqual(["incident.opened", "evidence.sealed"]);
  const outbox = await database.web.outbox.findMany({ where: { incidentId: opened!.id } });
  expect(outbox.map(({ kind }) => kind)).toEqual(["evidence.added"]);
});

test("the same record again is a duplicate that names its incident", async () => {
  const source = await addSource(database.web);
  const record = { recordId: "same", observables: observables("host:two"), time: at("01:00:00") };
  const first = await ingest(database.web, source, [record, record]);
  const again = await ingest(database.web, source, [record]);
  expect(first).toMatchObject({ accepted: 1, duplicates: 1 });
  expect(again).toMatchObject({ accepted: 0, duplicates: 1, incidents: first.incidents });
});

test("the same id with other content stays a duplicate and its bytes are kept", async () => {
  const source = await addSource(database.web);
  await ingest(database.web, source, [{ recordId: "x", title: "one" }]);
  const again = await ingest(database.web, source, [{ recordId: "x", title: "two" }]);
  expect(again).toMatchObject({ accepted: 0, duplicates: 1 });
  const letters = await database.web.deadLetter.findMany({ where: { sourceId: source.id } });
  expect(letters).toHaveLength(1);
  expect(letters[0]?.reason).toMatch(/^same id as [0-9a-f-]{36}, other content$/);
  expect(Buffer.from(letters[0]!.raw).toString()).toContain("two");
});

test("a bad record is refused by its index with its bytes kept, and the good ones go in", async () => {
  const source = await addSource(database.web);
  const result = await ingest(database.web, source, [
    { recordId: "g1" },
    { bad: "no time at all" },
    { recordId: "g2" },
  ]);
  expect(result).toMatchObject({ accepted: 2, rejected: [{ index: 1, reason: "no time at all" }] });
  const letters = await database.web.deadLetter.findMany({ where: { sourceId: source.id } });
  expect(letters.map(({ index }) => index)).toEqual([1]);
});

test("of two requests with the same record at once one is accepted and one is a duplicate", async () => {
  const source = await addSource(database.web);
  const records = Array.from({ length: 20 }, (_, n) => ({
    recordId: `r${n}`,
    observables: observables(`host:race-${n}`),
    time: at("03:00:00"),
  }));
  const results = await Promise.all([1, 2, 3, 4].map(() => ingest(database.web, source, records)));
  expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(20);
  expect(results.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(60);
  expect(await database.web.evidenceItem.count({ where: { sourceId: source.id } })).toBe(20);
});

test("requests that open the same key at once open one incident", async () => {
  const source = await addSource(database.web);
  const results = await Promise.all(
    [1, 2, 3, 4, 5].map((n) =>
      ingest(
        database.web,
        source,
        [{ recordId: `k${n}`, kind: "event", time: at("03:00:00") }],
        "CASE-9",
      ),
    ),
  );
  const ids = new Set(results.flatMap(({ incidents }) => incidents.map(({ id }) => id)));
  expect(ids.size).toBe(1);
  const head = await findIncident(database.web, [...ids][0]!);
  expect(head).toMatchObject({ evidenceCount: 5, eventCount: 5 });
  const items = await database.web.evidenceItem.findMany({
    where: { incidentId: head!.id },
    orderBy: { position: "asc" },
  });
  expect(items.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
  const range = new CompactRange();
  for (const [n, item] of items.entries())
    range.append(evidenceLeaf({ id: item.id, sha256: item.rawSha256 }, n + 1));
  expect(head?.evidenceRoot).toBe(range.root().toString("hex"));
});

test("integers over 2^53 and odd spacing survive byte for byte", async () => {
  const source = await addSource(database.web);
  const text = '{ "recordId":"big",\t"Keywords": -9214364837600034816 , "pad":"\\u0000"}';
  await ingestRecords(database.web, {
    source,
    format: "generic",
    incidentKey: null,
    records: [{ index: 0, bytes: new TextEncoder().encode(text) }],
    normalise: testNormalise,
  });
  const [item] = await database.web.evidenceItem.findMany({ where: { sourceId: source.id } });
  expect(Buffer.from(item!.raw).toString("utf8")).toBe(text);
});

test("text that Postgres refuses is stored in its place and the bytes stay exact", async () => {
  const source = await addSource(database.web);
  const record = {
    recordId: "nul\u0000id",
    title: "a\u0000b\ud800",
    fields: { message: "x\u0000y\udfff" },
    observables: observables("url:http://a\u0000b"),
  };
  const result = await ingest(database.web, source, [record]);
  expect(result.accepted).toBe(1);
  const [item] = await database.web.evidenceItem.findMany({ where: { sourceId: source.id } });
  expect(item?.title).toBe("a\u2400b\ufffd");
  expect(item?.fields).toEqual({ message: "x\u2400y\ufffd" });
  expect(Buffer.from(item!.raw)).toEqual(Buffer.from(bytesOf(record)));
});

test("values longer than an index entry still go in and are found again", async () => {
  const source = await addSource(database.web);
  const record = {
    recordId: "i".repeat(9_000),
    observables: observables(`url:http://x/${"y".repeat(20_000)}`),
    time: at("04:00:00"),
  };
  expect((await ingest(database.web, source, [record])).accepted).toBe(1);
  expect((await ingest(database.web, source, [record])).duplicates).toBe(1);
});

test("the answer to a long stream lists so many and counts the rest", async () => {
  const source = await addSource(database.web);
  const bytes = bytesOf({ bad: "no" });
  const records = (function* () {
    for (let index = 0; index < LISTED_MAX + 5; index += 1) yield { index, bytes };
  })();
  const result = await ingestRecords(database.web, {
    source,
    format: "generic",
    incidentKey: null,
    records,
    normalise: testNormalise,
  });
  expect(result).toMatchObject({ accepted: 0, duplicates: 0, rejectedMore: 5 });
  expect(result.rejected).toHaveLength(LISTED_MAX);
  expect(result).not.toHaveProperty("incidentsMore");
  expect(result.notKept).toBe(LISTED_MAX + 5 - LETTER_ROOM.letters);
  expect(await database.web.deadLetter.count({ where: { sourceId: source.id } })).toBe(
    LETTER_ROOM.letters,
  );
  const reasons = result.rejected.map(({ reason }) => reason);
  expect(reasons[LETTER_ROOM.letters - 1]).toBe("no");
  expect(reasons[LETTER_ROOM.letters]).toBe(`no; ${NOT_KEPT}`);
});

test("dead letters keep their bytes exactly, the empty ones too", async () => {
  const source = await addSource(database.web);
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const sent = [all, new Uint8Array(0), all.subarray(100, 103), all.subarray(0, 1)];
  const records = sent.map((bytes, index) => ({
    index,
    bytes,
    error: `line ${index + 1}: \u0000 not JSON`,
  }));
  await ingestRecords(database.web, {
    source,
    format: "auto",
    incidentKey: null,
    records,
    normalise: testNormalise,
  });
  const letters = await database.web.deadLetter.findMany({
    where: { sourceId: source.id },
    orderBy: { index: "asc" },
  });
  expect(letters.map(({ raw }) => Buffer.from(raw).toString("hex"))).toEqual(
    sent.map((b) => Buffer.from(b).toString("hex")),
  );
  expect(letters.map(({ reason }) => reason)).toEqual(
    sent.map((_, n) => `line ${n + 1}: \u2400 not JSON`),
  );
});

test("two batches of a stream end in one sealed incident", async () => {
  const source = await addSource(database.web);
  const records = Array.from({ length: 2_500 }, (_, n) => ({
    recordId: `s${n}`,
    kind: "event",
    time: at("10:00:00"),
    observables: observables("host:stream"),
  }));
  const result = await ingest(database.web, source, records, "STREAM");
  expect(result).toMatchObject({ accepted: 2_500, duplicates: 0 });
  const head = await findIncident(database.web, result.incidents[0]!.id);
  expect(head?.eventCount).toBe(2_500);
  const items = await database.web.evidenceItem.findMany({
    where: { incidentId: head!.id },
    orderBy: { position: "asc" },
    select: { id: true, rawSha256: true },
  });
  const range = new CompactRange();
  for (const [n, item] of items.entries())
    range.append(evidenceLeaf({ id: item.id, sha256: item.rawSha256 }, n + 1));
  expect(head?.evidenceRoot).toBe(range.root().toString("hex"));
});
