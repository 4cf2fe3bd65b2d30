import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { CompactRange } from "#lib/trail/tree.ts";
import { addSource, at, bytesOf, ingest, observables, testNormalise } from "./ingest-fixtures.ts";
import { evidenceLeaf } from "./ingest/incident-draft.ts";
import { LETTER_ROOM, NOT_KEPT } from "./ingest/dead-letters.ts";
import { ingestRecords, LISTED_MAX } from "./ingest-records.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const OF_ALICE = observables("host:ws-014", "user:alice");

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

test("events open no incident by themselves, whatever they share", async () => {
  const source = await addSource(database.web);
  const records = Array.from({ length: 5 }, (_, n) => ({
    recordId: `e${n}`,
    kind: "event",
    time: at("05:00:00"),
    observables: observables("host:quiet", "user:nobody1"),
  }));
  const result = await ingest(database.web, source, records);
  expect(result).toMatchObject({ accepted: 5, incidents: [] });
});

test.each(["before", "after", "with"] as const)(
  "events that come %s the alert end in its incident",
  async (order) => {
    const source = await addSource(database.web);
    const host = `host:order-${order}`;
    const alert = {
      recordId: "alert",
      time: at("02:30:00"),
      observables: observables(host, `user:order-${order}`),
    };
    const near = {
      recordId: "near",
      kind: "event",
      time: at("02:10:00"),
      observables: observables(host),
    };
    const far = {
      recordId: "far",
      kind: "event",
      time: "2026-03-09T02:10:00.000Z",
      observables: observables(host),
    };
    if (order === "before") await ingest(database.web, source, [near, far]);
    const result = await ingest(
      database.web,
      source,
      order === "with" ? [near, alert, far] : [alert],
    );
    if (order === "after") await ingest(database.web, source, [near, far]);
    const items = await database.web.evidenceItem.findMany({
      where: { incidentId: result.incidents[0]!.id },
      orderBy: { recordKey: "asc" },
    });
    expect(items.map(({ recordKey }) => recordKey)).toEqual(["alert", "near"]);
  },
);

test("loose events are handed over when a later request names their case", async () => {
  const source = await addSource(database.web);
  const event = { recordId: "later", kind: "event", time: at("02:10:00"), observables: OF_ALICE };
  expect((await ingest(database.web, source, [event])).incidents).toEqual([]);
  const result = await ingest(database.web, source, [event], "CASE-10");
  expect(result).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(result.incidents).toHaveLength(1);
  expect(await findIncident(database.web, result.incidents[0]!.id)).toMatchObject({
    eventCount: 1,
    title: expect.stringContaining("CASE-10"),
  });
});

test("a source-incident row merges untouched incidents, moves the evidence and leads to the survivor", async () => {
  const source = await addSource(database.web);
  const one = await ingest(database.web, source, [
    { recordId: "m1", time: at("06:00:00"), observables: observables("host:m-one") },
  ]);
  const two = await ingest(database.web, source, [
    {
      recordId: "m2",
      severity: "critical",
      time: at("06:00:00"),
      observables: observables("host:m-two"),
    },
  ]);
  expect(one.incidents[0]!.id).not.toBe(two.incidents[0]!.id);
  const row = {
    recordId: "77",
    kind: "incident",
    title: "One attack",
    time: at("06:00:00"),
    sourceIncidentId: "77",
    alertIds: ["m1", "m2"],
  };
  const merged = await ingest(database.web, source, [row]);
  expect(merged.incidents.map(({ id }) => id)).toEqual([one.incidents[0]!.id]);
  const survivor = await findIncident(database.web, one.incidents[0]!.id);
  expect(survivor).toMatchObject({
    title: "One attack",
    severity: "critical",
    evidenceCount: 3,
    alertCount: 2,
  });
  const gone = await findIncident(database.web, two.incidents[0]!.number);
  expect(gone?.mergedInto).toEqual({ id: survivor!.id, number: survivor!.number });
  const later = await ingest(database.web, source, [
    { recordId: "m3", sourceIncidentId: "77", time: at("06:10:00") },
  ]);
  expect(later.incidents[0]?.id).toBe(survivor!.id);
});

test("an incident that somebody worked on is not merged away", async () => {
  const source = await addSource(database.web);
  const one = await ingest(database.web, source, [
    { recordId: "w1", time: at("07:00:00"), observables: observables("host:w-one") },
  ]);
  const two = await ingest(database.web, source, [
    { recordId: "w2", time: at("07:00:00"), observables: observables("host:w-two") },
  ]);
  await database.web.incident.update({
    where: { id: two.incidents[0]!.id },
    data: { verdict: "suspicious" },
    select: { id: true },
  });
  await ingest(database.web, source, [
    { recordId: "78", kind: "incident", sourceIncidentId: "78", alertIds: ["w1", "w2"] },
  ]);
  expect((await findIncident(database.web, two.incidents[0]!.id))?.mergedInto).toBeNull();
  expect((await findIncident(database.web, one.incidents[0]!.id))?.mergedInto).toBeNull();
});

test("an incident that its source names goes into an older one with its key", async () => {
  const source = await addSource(database.web);
  const one = await ingest(database.web, source, [
    { recordId: "q1", time: at("06:00:00"), observables: observables("host:q-one") },
  ]);
  await ingest(database.web, source, [
    {
      recordId: "q2",
      sourceIncidentId: "80",
      time: at("06:00:00"),
      observables: observables("host:q-two"),
    },
  ]);
  await ingest(database.web, source, [
    { recordId: "80", kind: "incident", sourceIncidentId: "80", alertIds: ["q1", "q2"] },
  ]);
  const later = await ingest(database.web, source, [
    { recordId: "q3", sourceIncidentId: "80", time: at("06:00:00") },
  ]);
  expect(later.incidents).toEqual(one.incidents);
  expect(await findIncident(database.web, one.incidents[0]!.id)).toMatchObject({ alertCount: 3 });
});

/** Alerts on two hosts, then one that saw both. */
async function bridged(name: string): Promise<{ ids: string[]; bridge: () => Promise<string[]> }> {
  const source = await addSource(database.web);
  const [a, b] = [`host:${name}-a`, `host:${name}-b`];
  const one = await ingest(database.web, source, [
    { recordId: "one", time: at("11:00:00"), observables: observables(a) },
  ]);
  const two = await ingest(database.web, source, [
    { recordId: "two", severity: "high", time: at("11:10:00"), observables: observables(b) },
  ]);
  const ids = [...one.incidents, ...two.incidents].map(({ id }) => id);
  const alert = { recordId: "bridge", time: at("11:20:00"), observables: observables(a, b) };
  return {
    ids,
    bridge: async () => (await ingest(database.web, source, [alert])).incidents.map(({ id }) => id),
  };
}

test("an alert that saw both makes two untouched incidents one", async () => {
  const { ids, bridge } = await bridged("both");
  expect(await bridge()).toEqual([ids[0]]);
  expect(await findIncident(database.web, ids[0]!)).toMatchObject({
    severity: "high",
    alertCount: 3,
    evidenceCount: 3,
  });
  expect((await findIncident(database.web, ids[1]!))?.mergedInto?.id).toBe(ids[0]);
  const { rows } = await database.pools.auditor.query(
    "select kind from trail.entry where incident_id = $1 order by seq",
    [ids[1]],
  );
  expect(rows.map(({ kind }) => kind)).toEqual([
    "incident.opened",
    "evidence.sealed",
    "incident.merged",
  ]);
});

test("an alert that saw both leaves an incident with a note where it is", async () => {
  const { ids, bridge } = await bridged("noted");
  const person = await database.owner.person.create({
    data: { email: "noted@x.test", name: "N", role: "analyst", passwordHash: "-" },
    select: { id: true },
  });
  await database.web.note.create({
    data: { incidentId: ids[1]!, personId: person.id, text: "mine" },
  });
  await bridge();
  expect((await findIncident(database.web, ids[1]!))?.mergedInto).toBeNull();
});

test.each(["before", "after"] as const)(
  "an alert of a source incident that comes %s a sensor's alert on its host and account ends in one",
  async (order) => {
    const [siem, sensor] = [await addSource(database.web), await addSource(database.web)];
    const values = observables(`host:adopt-${order}`, `user:adopt-${order}`);
    const keyed = () =>
      ingest(database.web, siem, [
        { recordId: "k", sourceIncidentId: "500", time: at("12:00:00"), observables: values },
      ]);
    const plain = () =>
      ingest(database.web, sensor, [{ recordId: "p", time: at("12:20:00"), observables: values }]);
    const first = order === "before" ? await keyed() : await plain();
    const second = order === "before" ? await plain() : await keyed();
    expect(second.incidents).toEqual(first.incidents);
    const incident = await database.web.incident.findUnique({
      where: { id: first.incidents[0]!.id },
    });
    expect(incident).toMatchObject({ alertCount: 2, sourceId: siem.id, sourceKey: "500" });
    const next = await ingest(database.web, siem, [{ recordId: "k2", sourceIncidentId: "500" }]);
    expect(next.incidents).toEqual(first.incidents);
  },
);

test("a sensor's same rule about one private address is one incident, about two it is two", async () => {
  const source = await addSource(database.web);
  const alert = (n: number, from: string) => ({
    recordId: `rule-${n}`,
    time: at("13:00:00"),
    fields: { "rule.name": "Invalid checksum", "source.ip": from },
    observables: observables(`ip:${from}`, `ip:198.51.100.${n}`),
  });
  const first = await ingest(
    database.web,
    source,
    [1, 2, 3].map((n) => alert(n, "10.77.0.1")),
  );
  const more = await ingest(database.web, source, [alert(4, "10.77.0.1"), alert(5, "10.77.0.2")]);
  expect(first.incidents).toHaveLength(1);
  expect(more.incidents).toHaveLength(2);
  expect(await findIncident(database.web, first.incidents[0]!.id)).toMatchObject({ alertCount: 4 });
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

test("alerts that follow their source-incident row join it", async () => {
  const source = await addSource(database.web);
  const row = await ingest(database.web, source, [
    {
      recordId: "79",
      kind: "incident",
      title: "Row first",
      sourceIncidentId: "79",
      alertIds: ["n1"],
    },
  ]);
  const alert = await ingest(database.web, source, [{ recordId: "n1", time: at("08:00:00") }]);
  expect(alert.incidents[0]?.id).toBe(row.incidents[0]?.id);
});

test("a value on too many incidents no longer links", async () => {
  const source = await addSource(database.web);
  for (let n = 0; n < 20; n += 1) {
    const time = new Date(Date.UTC(2026, 3, 1 + n * 2)).toISOString();
    await ingest(database.web, source, [
      { recordId: `u${n}`, time, observables: observables("ip:203.0.113.9", `host:u-${n}`) },
    ]);
  }
  const before = await database.web.incident.count();
  const records = [1, 2].map((n) => ({
    recordId: `v${n}`,
    time: at("09:00:00"),
    observables: observables("ip:203.0.113.9", `host:v-${n}`),
  }));
  await ingest(database.web, source, records);
  expect(await database.web.incident.count()).toBe(before + 2);
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
