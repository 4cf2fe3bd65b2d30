import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { webPool } from "#lib/db/web-pool.ts";
import { Problem } from "#lib/domain/problem.ts";
import { limitSigning } from "./limit-signing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  process.env["DATABASE_URL_WEB"] = db.urls.web;
});
afterAll(async () => {
  await webPool().end();
  await db.close();
});

const owner = (sql: string) => db.pools.owner.query(sql);

test("what was signed is answered, and what was refused is told, also when the count cannot be settled", async () => {
  const person = randomUUID();
  const counterGone = () => owner("revoke all on rate_limit from countersign_web");
  const signed = limitSigning(person, async () => {
    await counterGone();
    return { ok: true, state: "in_effect" };
  });
  expect(await signed).toEqual({ ok: true, state: "in_effect" });
  await owner("grant select, insert, update, delete on rate_limit to countersign_web");
  const refused = limitSigning(person, async () => {
    await counterGone();
    throw new Problem("not_open", 409, "The decision is not open any more.");
  });
  await expect(refused).rejects.toMatchObject({ code: "not_open" });
  await owner("grant select, insert, update, delete on rate_limit to countersign_web");
});
