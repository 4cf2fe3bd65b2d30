import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOLDEN_FILE, goldenFaults, goldenText, readGuards } from "./golden-guards.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("the golden copy is what the migrations leave; after a change: npm run guards", async () => {
  expect(goldenText(await readGuards(database.urls.owner))).toBe(
    await readFile(GOLDEN_FILE, "utf8"),
  );
  expect(await goldenFaults(database.urls.owner)).toEqual([]);
});

test("an owner who takes guards away and writes the database's own list anew is still noticed", async () => {
  const owner = database.pools.owner;
  await owner.query("drop trigger check_sign_off on sign_off");
  await owner.query("alter table incident disable trigger incident_gate");
  await owner.query("alter table transition drop constraint g14_legal");
  await owner.query(
    "create or replace function gate.rank(p_role text) returns int language sql immutable as 'select 2'",
  );
  await owner.query("select gate.record_guards()");
  const { rows } = await owner.query("select gate.missing_guards()");
  expect(rows).toEqual([]);
  expect((await goldenFaults(database.urls.owner)).toSorted()).toEqual([
    "check g14_legal on public.transition is gone",
    "function gate.rank(text) was changed",
    "trigger check_sign_off on public.sign_off is gone",
    "trigger incident_gate on public.incident was changed",
  ]);
});
