import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addSource, at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { trailSentence } from "#lib/trail/sentences.ts";
import { dropLoose } from "./drop-loose.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

/** Records received so many days ago, loose or in an incident. */
async function received(
  keys: string[],
  daysAgo: number,
  incidentId: string | null = null,
): Promise<void> {
  const source = await addSource(db.web);
  for (const [n, key] of keys.entries()) {
    const raw = new TextEncoder().encode(key);
    await db.web.evidenceItem.create({
      data: {
        id: randomUUID(),
        incidentId,
        position: incidentId === null ? null : 100 + n,
        sourceId: source.id,
        recordKey: key,
        kind: "event",
        format: "generic",
        timeQuality: "missing",
        receivedAt: new Date(Date.now() - daysAgo * 86_400_000),
        title: key,
        fields: {},
        raw,
        rawSha256: digest(raw),
      },
    });
  }
}

function digest(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

async function opened(): Promise<string> {
  const source = await addSource(db.web);
  const alert = {
    recordId: randomUUID(),
    time: at("02:00:00"),
    observables: observables(`host:${randomUUID()}`),
  };
  return (await ingest(db.web, source, [alert])).incidents[0]!.id;
}

async function isThere(...keys: string[]): Promise<boolean[]> {
  const rows = await db.web.evidenceItem.findMany({
    where: { recordKey: { in: keys } },
    select: { recordKey: true },
  });
  const there = new Set(rows.map(({ recordKey }) => recordKey));
  return keys.map((key) => there.has(key));
}

test("what joined nothing for thirty days goes, with its entry on the trail; nothing else goes", async () => {
  await received(["old 1", "old 2"], 31);
  await received(["young"], 29);
  await received(["in an incident"], 400, await opened());
  expect(await dropLoose(db.worker)).toBe(2);
  expect(await isThere("old 1", "old 2", "young", "in an incident")).toEqual([
    false,
    false,
    true,
    true,
  ]);
  const { rows } = await db.pools.auditor.query(
    `select e.actor, e.incident_id, e.role, convert_from(p.bytes, 'UTF8') as payload
     from trail.entry e join trail.payload p using (seq) where e.kind = 'evidence.dropped'`,
  );
  expect(rows).toMatchObject([
    { actor: "system:retention", incident_id: null, role: "countersign_worker" },
  ]);
  const payload = JSON.parse(rows[0].payload as string) as Record<string, unknown>;
  expect(payload).toEqual({
    count: 2,
    receivedFrom: expect.stringMatching(/^\d{4}-.*Z$/),
    receivedTo: expect.stringMatching(/^\d{4}-.*Z$/),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(trailSentence("evidence.dropped", payload)).toMatch(
    /^dropped 2 records that had joined no incident, received up to /,
  );
});

test("nothing to drop leaves no entry", async () => {
  const before = await db.pools.auditor.query("select size from trail.head");
  expect(await dropLoose(db.worker)).toBe(0);
  expect((await db.pools.auditor.query("select size from trail.head")).rows).toEqual(before.rows);
});

test("more than a statement takes goes in several, each with its entry", async () => {
  const source = await addSource(db.web);
  await db.pools.web.query(
    `insert into evidence_item (id, source_id, record_key, kind, format, time_quality, received_at, title, fields, observables, raw, raw_sha256)
     select gen_random_uuid(), $1, n, 'event', 'generic', 'missing', now() - interval '40 days', '', '{}', '{}', ''::bytea, sha256(''::bytea)
     from generate_series(1, 5001) n`,
    [source.id],
  );
  expect(await dropLoose(db.worker)).toBe(5_001);
});

test.each(["web", "signer", "auditor"] as const)(
  "the login %s may not call for it",
  async (login) => {
    await expect(db.pools[login].query("select gate.drop_loose('30 days')")).rejects.toThrow(
      /permission denied/,
    );
  },
);

test.each(["23 hours", "-1 day", "0"])(
  "the worker may not ask for less than a day: %s",
  async (interval) => {
    await expect(db.pools.worker.query("select gate.drop_loose($1)", [interval])).rejects.toThrow(
      "a day at least",
    );
  },
);

test.each(["web", "worker", "signer", "auditor"] as const)(
  "the login %s may not delete evidence itself",
  async (login) => {
    await received([`loose ${login}`], 90);
    await expect(
      db.pools[login].query("delete from evidence_item where record_key = $1", [`loose ${login}`]),
    ).rejects.toThrow(/permission denied/);
    expect(await isThere(`loose ${login}`)).toEqual([true]);
  },
);

test("not even the owner deletes what is in an incident, or young; what it may delete stands on the trail", async () => {
  const id = await opened();
  await received(["of today"], 0.5);
  await expect(
    db.pools.owner.query("delete from evidence_item where incident_id = $1", [id]),
  ).rejects.toThrow("append-only: DELETE");
  await expect(
    db.pools.owner.query("delete from evidence_item where record_key = 'of today'"),
  ).rejects.toThrow("append-only: DELETE");
  const count = "select count(*)::int as n from trail.entry where kind = 'evidence.dropped'";
  const before = (await db.pools.auditor.query(count)).rows[0].n as number;
  await received(["by hand"], 2);
  await db.pools.owner.query("delete from evidence_item where record_key = 'by hand'");
  expect((await db.pools.auditor.query(count)).rows[0].n).toBe(before + 1);
});
