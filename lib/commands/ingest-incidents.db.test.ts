import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { addSource, at, ingest, observables } from "./ingest-fixtures.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const OF_ALICE = observables("host:ws-014", "user:alice");

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
