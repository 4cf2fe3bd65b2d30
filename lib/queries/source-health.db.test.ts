import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeIncident, makeSource } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { clockSkew, findGaps } from "#lib/domain/evidence/source-health.ts";
import { sourceHealth } from "./source-health.ts";

const START = Date.parse("2026-03-01T00:00:00Z");
const HOUR = 3600;

let db: TestDatabase;
let edr: { id: string; name: string };
let incidentId: string;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  edr = await makeSource(db);
  ({ id: incidentId } = await makeIncident(db));
});

type Item = {
  /** Seconds after the start; null: the record has no time. */
  at: number | null;
  /** Receipt, seconds after the start; default: years later, an import. */
  received?: number;
  quality?: string;
};

/** Records of a source; in the incident from `position` on, or in none. */
async function store(sourceId: string, items: Item[], position: number | null = 1): Promise<void> {
  const rows = items.map(({ at, received = 9_000_000, quality = "exact" }, i) => ({
    id: randomUUID(),
    key: randomUUID(),
    time: at === null ? null : new Date(START + at * 1000),
    quality: at === null ? "missing" : quality,
    received: new Date(START + received * 1000),
    position: position === null ? null : position + i,
  }));
  await db.pools.owner.query(
    `insert into evidence_item (id, incident_id, position, source_id, record_key, kind, format, time, time_quality, received_at, title, fields, observables, raw, raw_sha256)
     select r.id, case when r.position is not null then $1::uuid end, r.position, $2::uuid, r.key, 'event', 'generic', r.time, r.quality, r.received, 't', '{}', '{}', 'x', sha256('x')
     from jsonb_to_recordset($3) as r (id uuid, key text, position int, time timestamptz, quality text, received timestamptz)`,
    [incidentId, sourceId, JSON.stringify(rows)],
  );
  await db.pools.owner.query(
    `update incident set first_evidence_at = e.f, last_evidence_at = e.l
     from (select min(time) as f, max(time) as l from evidence_item where incident_id = $1) e where id = $1`,
    [incidentId],
  );
}

/** `n` items, `every` seconds apart, from `from`, each received `delay` later when one is given. */
function steady(
  n: number,
  every: number,
  { from = 0, delay }: { from?: number; delay?: number } = {},
) {
  return Array.from({ length: n }, (_, i): Item => {
    const at = from + i * every;
    return delay === undefined ? { at } : { at, received: at + delay };
  });
}

/** A busy quarter of a day, then nothing. */
const UNTIL_FOUR_HOURS_BEFORE = steady(900, 60, { from: -901 * 60 - 4 * HOUR });

async function refuse(sourceId: string, n: number, received: number): Promise<void> {
  await db.pools.owner.query(
    `insert into dead_letter (id, source_id, received_at, index, reason, raw)
     select gen_random_uuid(), $1, $2, i, 'malformed', '{' from generate_series(1, $3::int) i`,
    [sourceId, new Date(START + received * 1000), n],
  );
}

async function healthOf(sourceId: string) {
  return (await sourceHealth(db.web, incidentId)).find((row) => row.sourceId === sourceId);
}

test("a source in the incident: how many records, from when to when, and where it paused", async () => {
  await store(edr.id, [...steady(20, 60), ...steady(20, 60, { from: 2 * HOUR }), { at: null }]);
  expect(await healthOf(edr.id)).toEqual({
    sourceId: edr.id,
    source: edr.name,
    records: 41,
    firstAt: "2026-03-01T00:00:00.000Z",
    lastAt: "2026-03-01T02:19:00.000Z",
    gaps: [{ from: "2026-03-01T00:19:00.000Z", to: "2026-03-01T02:00:00.000Z", seconds: 6060 }],
    refused: 0,
    refusedShare: 0,
    clockSkewSeconds: null,
    silent: false,
  });
});

test("a record dated a lifetime ahead, or far back, makes a long gap and no failure", async () => {
  const far = (iso: string) => (Date.parse(iso) - START) / 1000;
  const times = [far("1970-01-02T00:00:00Z"), far("2199-12-31T00:00:00Z")];
  await store(edr.id, [...steady(30, 10), ...times.map((at) => ({ at }))]);
  const gaps = (await healthOf(edr.id))?.gaps.map(({ seconds }) => seconds);
  expect(gaps).toEqual([times[1]! - 290, -times[0]!]);
});

test("the database and the rules find the same gaps and the same skew", async () => {
  const item = fc.record({
    step: fc.nat({ max: 1500 }),
    delay: fc.integer({ min: -400, max: 5000 }),
  });
  const flows = fc.array(item, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(flows, async (flow) => {
      edr = await makeSource(db);
      ({ id: incidentId } = await makeIncident(db));
      let at = 0;
      const items = flow.map(({ step, delay }): Item => {
        at += step < 1450 ? step % 50 : (step - 1449) * 100;
        return { at, received: at + delay };
      });
      await store(edr.id, items);
      const times = items.map(({ at: s }) => new Date(START + (s ?? 0) * 1000).toISOString());
      const health = await healthOf(edr.id);
      expect(health?.gaps).toEqual(findGaps(times).slice(0, 5));
      expect(health?.clockSkewSeconds).toBe(clockSkew(flow.map(({ delay }) => delay)));
    }),
    { numRuns: 40 },
  );
});

describe("the clock", () => {
  test("three minutes ahead shows in live records, whatever old ones were imported beside them", async () => {
    await store(edr.id, [...steady(30, 10), ...steady(12, 10, { from: HOUR, delay: -180 })]);
    expect(await healthOf(edr.id)).toMatchObject({ clockSkewSeconds: 180 });
  });

  test("times whose zone was assumed say nothing about it", async () => {
    const items = steady(30, 10, { delay: -180 });
    await store(
      edr.id,
      items.map((item) => ({ ...item, quality: "assumed_utc" })),
    );
    expect(await healthOf(edr.id)).toMatchObject({ clockSkewSeconds: null });
  });
});

test("refusals count while the incident's records were received, as a share of all the source sent then", async () => {
  const other = await makeSource(db);
  await store(edr.id, steady(6, 1, { delay: 5 }));
  await store(edr.id, steady(3, 1, { from: 1, delay: 5 }), null);
  await refuse(edr.id, 3, 8);
  await refuse(edr.id, 7, HOUR);
  await refuse(other.id, 9, 8);
  expect(await healthOf(edr.id)).toMatchObject({ records: 6, refused: 3, refusedShare: 0.25 });
  expect(await healthOf(other.id)).toBeUndefined();
});

describe("a connected source without a record in the incident", () => {
  let proxy: { id: string; name: string };
  beforeEach(async () => {
    proxy = await makeSource(db);
    await store(edr.id, steady(30, 60));
  });

  test("is silent when it delivered before and had nothing at all meanwhile", async () => {
    await store(proxy.id, steady(50, 60, { from: -51 * 60 - HOUR * 8 }), null);
    await store(proxy.id, steady(5, 60, { from: HOUR }), null);
    expect(await healthOf(proxy.id)).toBeUndefined();
    await store(proxy.id, UNTIL_FOUR_HOURS_BEFORE, null);
    const all = await sourceHealth(db.web, incidentId);
    expect(all[0]).toMatchObject({
      source: proxy.name,
      silent: true,
      records: 0,
      lastAt: new Date(START - (4 * HOUR + 120) * 1000).toISOString(),
    });
  });

  test("is not when it delivered meanwhile, to whatever incident or to none", async () => {
    await store(proxy.id, UNTIL_FOUR_HOURS_BEFORE, null);
    expect(await healthOf(proxy.id)).toMatchObject({ silent: true });
    await store(proxy.id, [{ at: 300 }], null);
    expect(await healthOf(proxy.id)).toBeUndefined();
  });

  test("is not when it never delivered, or was revoked", async () => {
    const idle = await makeSource(db);
    await store(proxy.id, UNTIL_FOUR_HOURS_BEFORE, null);
    expect(await healthOf(proxy.id)).toMatchObject({ silent: true });
    await db.pools.owner.query(
      "update source set active = false, token_sha256 = null where id = $1",
      [proxy.id],
    );
    expect(await healthOf(proxy.id)).toBeUndefined();
    expect(await healthOf(idle.id)).toBeUndefined();
  });
});

test("an incident without records has no sources to speak of", async () => {
  expect(await sourceHealth(db.auditor, incidentId)).toEqual([]);
});
