import { cpSync, existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { pgTrailLog, tellRotation } from "#lib/db/trail-log.ts";
import { loadLogKeys, makeNextKey, takeNextKey } from "#lib/signing/log-keys.ts";
import { openNote, parseVerifierKey, verifierKey } from "#lib/trail/checkpoint.ts";
import { openRotatingSigner } from "./rotating-signer.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const ORIGIN = "countersign/test/trail";
const directory = ownFolder("rotation");

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

function open() {
  return openRotatingSigner({
    directory,
    origin: ORIGIN,
    log: pgTrailLog(db.pools.signer),
    tellRotation: (from, to) => tellRotation(db.pools.signer, from, to),
    // an hour ahead: what is there is signed at once
    now: () => Date.now() + 3_600_000,
  });
}

async function newestNote(): Promise<string> {
  return (await pgTrailLog(db.pools.signer).last())!.note;
}

function signers(note: string, ...keys: string[]): number {
  return keys.filter((key) => openNote(note, [parseVerifierKey(key)]).signers.length > 0).length;
}

test("both keys sign the checkpoint that covers the change, then the new one alone; cut off, it goes on", async () => {
  let signer = await open();
  expect(await signer.step()).toMatchObject({ did: "signed" });
  const old = readFileSync(join(directory, "log.key.pub"), "utf8").trim();
  expect(signers(await newestNote(), old)).toBe(1);

  const next = await makeNextKey(directory, ORIGIN);
  expect(await makeNextKey(directory, ORIGIN)).toBe(next);
  expect(await signer.step()).toMatchObject({ did: "signed" });
  const both = await newestNote();
  expect(signers(both, old, next)).toBe(2);

  signer = await open();
  expect(await signer.step()).toEqual({ did: "rotated", to: next });
  const { rows } = await db.pools.auditor.query(
    "select count(*)::int as told, min(actor) as actor from trail.entry where kind = 'key.rotated'",
  );
  expect(rows).toEqual([{ told: 1, actor: "system:signer" }]);
  expect(signer.logKeys().map(verifierKey)).toEqual([next, old]);
  expect(readFileSync(join(directory, "log.key.pub"), "utf8").trim()).toBe(next);
  for (const left of ["log.key.next", "log.key.next.pub"])
    expect(existsSync(join(directory, left))).toBe(false);

  await makeNextKey(directory, ORIGIN);
  const third = await open();
  await third.step();
  expect(signers(await newestNote(), old)).toBe(0);
  expect(await third.step()).toMatchObject({ did: "rotated" });
  expect(third.logKeys().map(verifierKey).slice(1)).toEqual([old, next]);
});

test("a key taken over and cut off before its public half stood is put right at the next start", async () => {
  const place = ownFolder("rotation-cut");
  const [folder, cut] = [join(place, "whole"), join(place, "cut")];
  const { key: first } = await loadLogKeys(folder, ORIGIN);
  const next = await makeNextKey(folder, ORIGIN);
  cpSync(folder, cut, { recursive: true });
  await takeNextKey(folder, ORIGIN);
  cpSync(join(folder, "log.key.old"), join(cut, "log.key.old"));
  const before = await loadLogKeys(cut, ORIGIN);
  expect(before.next).not.toBeNull();
  expect(before.older).toEqual([]);
  renameSync(join(cut, "log.key.next"), join(cut, "log.key"));
  const { older, key } = await loadLogKeys(cut, ORIGIN);
  expect(verifierKey({ name: ORIGIN, key })).toBe(next);
  expect(older.map(verifierKey)).toEqual([verifierKey({ name: ORIGIN, key: first })]);
  expect(readFileSync(join(cut, "log.key.pub"), "utf8").trim()).toBe(next);
});
