import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NOBODY } from "#lib/db/acting.ts";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { madeEntries } from "./made-entries.ts";
import { writeLog, type EntryParts } from "./write-log.ts";

const COUNT = 2_100;
const HOSTILE = 'a\\b\\N\t\n\r "é" \u007f\u2028 \u{1F600}';
/** All that an entry leaves behind; a payload key is random, so that of it only the form is compared. */
const LEFT = {
  entries: "select e::text from trail.entry e order by seq",
  payloads: "select y::text from trail.payload y order by seq",
  nodes: "select n::text from trail.node n order by level, index",
  heads: "select h::text from trail.head h",
  incidentHeads: "select h::text from trail.incident_head h order by incident_id",
  models: "select m::text from trail.entry_model m order by seq",
  sealed:
    "select (seq, octet_length(bytes), get_byte(bytes, 0) = 1)::text from trail.sealed_payload order by seq",
  keys: "select incident_id::text from trail.payload_key order by 1",
  triggers:
    "select (tgrelid::regclass, tgname, tgenabled)::text from pg_trigger where not tgisinternal order by 1",
};

let real: TestDatabase;
let made: TestDatabase;
beforeAll(async () => {
  [real, made] = await Promise.all([testDatabase(), testDatabase()]);
});
afterAll(() => Promise.all([real.close(), made.close()]));

async function appendForReal(): Promise<void> {
  const incidents = [randomUUID(), randomUUID(), null];
  const ana = await makePerson(real, "analyst", "Ana");
  const by = { kind: "person", session: "0123456789abcdef" } as const;
  for (let n = 0; n < COUNT; n += 100)
    await transact(n % 300 ? real.web : real.worker, n % 300 ? by : NOBODY, async (tx) => {
      for (let place = n; place < n + 100; place += 1)
        await appendTrail(tx, {
          kind: n % 300 ? "note.added" : "model_run.started",
          actor: n % 300 ? `person:${ana.id}` : "model:claude-test",
          incidentId: incidents[place % 3]!,
          payload: { n: place, text: HOSTILE },
        });
    });
}

async function partsOf({ adminUrl }: TestDatabase, first: number): Promise<EntryParts[]> {
  const { rows } = await adminQuery(
    adminUrl,
    `select line::json ->> 'at' as at, kind, actor, role, incident_id::text as incident, line::json ->> 'session' as session,
      line::json ->> 'onBehalf' as "onBehalf", convert_from(y.bytes, 'UTF8') as payload, y.salt
      from trail.entry e join trail.payload y using (seq) where seq >= ${first} order by seq`,
  );
  return rows as EntryParts[];
}

async function left({ adminUrl }: TestDatabase, sql: string): Promise<string[]> {
  const { rows } = await adminQuery(adminUrl, sql);
  return (rows as object[]).map((row) => String(Object.values(row)[0]));
}

test("a log that was written at once is the log that was appended entry by entry", async () => {
  const before = await left(made, LEFT.entries);
  expect(await left(real, LEFT.entries)).toEqual(before);
  await appendForReal();
  const parts = await partsOf(real, before.length);
  expect(parts.length).toBeGreaterThanOrEqual(COUNT);
  await writeLog(made.adminUrl, parts);
  for (const [what, sql] of Object.entries(LEFT)) {
    const expected = await left(real, sql);
    expect(expected.length, what).toBeGreaterThan(0);
    expect(await left(made, sql), what).toEqual(expected);
  }
}, 120_000);

test("a log that was made up is a true log, and goes on", async () => {
  const fresh = await testDatabase();
  try {
    const size = await writeLog(fresh.adminUrl, madeEntries(1_000));
    await transact(fresh.web, NOBODY, (tx) =>
      appendTrail(tx, {
        kind: "note.added",
        actor: "system:test",
        incidentId: null,
        payload: {},
      }),
    );
    const faults = (await checkWholeTrail(fresh.worker)).filter(({ fault }) => fault !== null);
    expect(faults).toEqual([]);
    expect(await left(fresh, "select size::text from trail.head")).toEqual([String(size + 1)]);
  } finally {
    await fresh.close();
  }
});
