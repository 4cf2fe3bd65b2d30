/** Signing in against real rows: how many guesses count, and who waits for whose mistakes. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { webPool } from "#lib/db/web-pool.ts";
import { beginSigning, settleSigning } from "./limits.ts";
import { withPeer } from "./peer.ts";
import { signIn, TooManyAttempts } from "./sign-in.ts";

let database: TestDatabase;
let ana: TestPerson;

beforeAll(async () => {
  database = await testDatabase();
  process.env["DATABASE_URL_WEB"] = database.urls.web;
  ana = await makePerson(database, "analyst", "ana");
});
beforeEach(() => database.pools.web.query("delete from rate_limit"));
afterAll(async () => {
  await webPool().end();
  await database.close();
});

const attempt = (password: string, address: string, headers = {}, email = ana.email) =>
  withPeer(address, () => signIn(database.web, { email, password, headers })).then(
    (session) => (session ? "in" : "refused"),
    (error: unknown) => (error instanceof TooManyAttempts ? "waits" : String(error)),
  );

test("thirty guesses at once are thirty: ten are looked at", async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, i) => attempt(`guess ${i}`, "192.0.2.1")),
  );
  expect(outcomes.filter((one) => one === "refused")).toHaveLength(10);
  expect(outcomes.filter((one) => one === "waits")).toHaveLength(20);
});

test("another X-Forwarded-For is not another address", async () => {
  for (let i = 0; i < 10; i++)
    await attempt("wrong", "192.0.2.1", { "x-forwarded-for": `203.0.113.${i}` });
  expect(await attempt(ana.password, "192.0.2.1", { "x-forwarded-for": "198.51.100.1" })).toBe(
    "waits",
  );
});

test("a stranger's mistakes do not keep the owner of an account out", async () => {
  for (let i = 0; i < 12; i++) await attempt("wrong", "192.0.2.66");
  expect(await attempt(ana.password, "192.0.2.66")).toBe("waits");
  expect(await attempt(ana.password, "192.0.2.1")).toBe("in");
});

test("one address that tries fifty accounts waits", async () => {
  for (let i = 0; i < 50; i++) await attempt("wrong", "192.0.2.1", {}, `nobody-${i}@example.test`);
  expect(await attempt("wrong", "192.0.2.1", {}, "somebody@example.test")).toBe("waits");
});

test("a right password takes nobody's turn", async () => {
  for (let i = 0; i < 60; i++) expect(await attempt(ana.password, "192.0.2.1")).toBe("in");
});

test("ten wrong passwords at a statement, then the signer waits; a right one forgets them", async () => {
  for (let i = 0; i < 9; i++) expect(await beginSigning(ana.id)).toBe(0);
  await settleSigning(ana.id, "right");
  for (let i = 0; i < 10; i++) expect(await beginSigning(ana.id)).toBe(0);
  expect(await beginSigning(ana.id)).toBeGreaterThan(0);
});
