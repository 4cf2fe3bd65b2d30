/** Cursors nobody here made, and what else a stranger writes behind a question mark: refused, never a failure. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { encodeCursor } from "./cursor.ts";
import { QUEUE_SORTS } from "#lib/contracts/queue-words.ts";
import { listIncidents } from "./list-incidents.ts";
import { listThread } from "./list-thread.ts";
import { listTrail } from "./list-trail.ts";

let database: TestDatabase;
let incidentId: string;

beforeAll(async () => {
  database = await testDatabase();
  incidentId = (await makeIncident(database)).id;
});
afterAll(() => database.close());

const KEYS = [
  "x",
  "",
  "\u0000",
  "9999-99-99 99:99:99+00",
  "2026-02-30 00:00:00+00",
  "99999999999999",
  "-1",
  "infinityx",
];

test.each(QUEUE_SORTS)("a made-up cursor of the queue by %s", async (sort) => {
  const filter = { personId: null, sort };
  for (const key of KEYS) {
    for (const id of [randomUUID(), "y", "\u0000"]) {
      const outcome = await listIncidents(database.web, filter, encodeCursor(key, id)).catch(
        (error) => error.code,
      );
      expect(["cursor_invalid", expect.objectContaining({ nextCursor: null })]).toContainEqual(
        outcome,
      );
    }
  }
});

test("a made-up place in a thread", async () => {
  const at = "2026-01-01T00:00:00.000000Z";
  const places = [
    "9999-99-99T99:99:99.000000Z~0~1",
    `${at}~1~abc`,
    `${at}~0~abc`,
    `${at}~0~99999999999`,
    `${at}~4~${randomUUID()}`,
  ];
  for (const place of places) {
    for (const end of [
      { after: place, before: null },
      { after: null, before: place },
    ]) {
      const outcome = await listThread(database.web, incidentId, {}, end).catch(
        (error) => error.code,
      );
      expect([
        "cursor_invalid",
        expect.objectContaining({ entries: expect.any(Array) }),
      ]).toContainEqual(outcome);
    }
  }
});

test("a made-up cursor of the trail", async () => {
  for (const key of KEYS) {
    await expect(
      listTrail(database.auditor, {}, encodeCursor(key, "trail")),
    ).resolves.toBeDefined();
  }
});
