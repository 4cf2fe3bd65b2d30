import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { webPool } from "#lib/db/web-pool.ts";
import { Problem } from "#lib/domain/problem.ts";
import { sessionDigest } from "#lib/trail/line.ts";
import type { LivePerson } from "#lib/auth/session.ts";
import { makePerson } from "#lib/db/testing-people.ts";
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

const personOf = (id: string): LivePerson => ({
  ...{ id, name: "ana", role: "analyst", sessionId: randomUUID() },
});
const owner = (sql: string) => db.pools.owner.query(sql);

test("what was signed is answered, and what was refused is told, also when the count cannot be settled", async () => {
  const person = personOf(randomUUID());
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

test("a wrong password is on the trail with its person and session, and another refusal is not", async () => {
  const { id } = await makePerson(db, "analyst", "ana");
  const person = personOf(id);
  for (const code of ["password_wrong", "not_open"]) {
    const refused = limitSigning(person, () => Promise.reject(new Problem(code, 403, "No.")));
    await expect(refused).rejects.toMatchObject({ code });
  }
  const { rows } = await owner("select line from trail.entry where kind = 'password.refused'");
  expect(rows.map(({ line }: { line: string }) => JSON.parse(line) as unknown)).toMatchObject([
    { actor: `person:${id}`, session: sessionDigest(person.sessionId), role: "countersign_web" },
  ]);
});
