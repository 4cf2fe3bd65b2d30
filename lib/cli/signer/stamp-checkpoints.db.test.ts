import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { pgStamps, pgTrailLog } from "#lib/db/trail-log.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { askTsa } from "./ask-tsa.ts";
import { openStamper } from "./stamp-checkpoints.ts";
import { startTsa } from "./testing-tsa.ts";
import { NOBODY } from "#lib/db/acting.ts";
import { ownFolder } from "#lib/testing-folder.ts";

type TestTsa = Awaited<ReturnType<typeof startTsa>>;
const HOUR_MS = 3_600_000;

let db: TestDatabase;
let tsa: TestTsa;
let other: TestTsa;
const folders = [ownFolder("tsa"), ownFolder("other-tsa")] as const;

beforeAll(async () => {
  [db, tsa, other] = await Promise.all([
    testDatabase(),
    startTsa(folders[0]),
    startTsa(folders[1]),
  ]);
});
afterAll(async () => {
  tsa.close();
  other.close();
  await db.close();
});

async function checkpoint(): Promise<number> {
  const note = { kind: "note.added", actor: "system:test", incidentId: null, payload: {} } as const;
  await transact(db.web, NOBODY, (tx) => appendTrail(tx, note));
  const { rows } = await db.pools.signer.query<{ size: string }>(
    "insert into trail.checkpoint (size, root, note) select size, sha256(''), 'the note of ' || size from trail.head returning size",
  );
  return Number(rows[0]!.size);
}

test("the newest checkpoint is stamped once an hour, and openssl finds the stored token good", async () => {
  let now = Date.now();
  const options = { log: pgTrailLog(db.pools.signer), stamps: pgStamps(db.pools.signer), tsa };
  let stamper = openStamper({ ...options, now: () => now });
  expect(await stamper.step()).toEqual({ did: "nothing" });
  const first = await checkpoint();
  expect(await stamper.step()).toMatchObject({ did: "stamped", size: first });
  await checkpoint();
  now += HOUR_MS / 2;
  expect(await stamper.step()).toEqual({ did: "nothing" });
  stamper = openStamper({ ...options, now: () => now });
  expect(await stamper.step()).toEqual({ did: "nothing" });
  now += HOUR_MS;
  const last = await checkpoint();
  expect(await stamper.step()).toMatchObject({ did: "stamped", size: last });
  now += 2 * HOUR_MS;
  expect(await stamper.step()).toEqual({ did: "nothing" });

  const { rows } = await db.pools.auditor.query<{ token: Buffer; note: string; at: Date }>(
    "select token, note, stamped_at as at from trail.timestamp_token join trail.checkpoint using (size) order by size",
  );
  expect(rows).toHaveLength(2);
  const folder = ownFolder("stamp");
  for (const { token, note, at } of rows) {
    expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
    writeFileSync(join(folder, "note"), note);
    writeFileSync(join(folder, "tsr"), token);
    const args = ["ts", "-verify", "-data", "note", "-in", "tsr", "-CAfile", tsa.caFile];
    expect(execFileSync("openssl", args, { cwd: folder, stdio: "pipe" }).toString()).toContain(
      "OK",
    );
  }
});

const BAD: [string, (query: Buffer) => Buffer | string, RegExp][] = [
  ["a token over something else", () => tsa.stamp(queryOver("something else")), /nonce|imprint/],
  ["an earlier token over the same", () => earlier, /nonce/],
  ["another authority's token", (query) => other.stamp(query), /certificate|verify/],
  ["garbage", () => Buffer.from("garbage"), /does not hold/],
  ["nothing", () => "", /does not hold/],
  ["a token with one bit turned", (query) => turned(tsa.stamp(query)), /does not hold/],
  ["far too much", () => Buffer.alloc(200_000), /too great length/],
];
let earlier: Buffer;

test.each(BAD)("%s is refused", async (_what, answer, reason) => {
  earlier = (await askTsa(tsa, "a note")).token;
  const honest = tsa.answer;
  tsa.answer = answer;
  await expect(askTsa(tsa, "a note").finally(() => (tsa.answer = honest))).rejects.toThrow(reason);
});

test("an authority under another CA is refused; one that is not there is said once", async () => {
  const { url } = tsa;
  const caFile = other.caFile;
  await expect(askTsa({ url, caFile }, "a note")).rejects.toThrow("does not hold");
  await checkpoint();
  const stamper = openStamper({
    log: pgTrailLog(db.pools.signer),
    stamps: { last: async () => null, save: pgStamps(db.pools.signer).save },
    tsa: { url: "http://127.0.0.1:9/", caFile },
    now: (() => {
      let now = Date.now();
      return () => (now += 120_000);
    })(),
  });
  const failed = { did: "failed", reason: "the time-stamping authority does not answer" };
  expect(await stamper.step()).toMatchObject({ ...failed, isNews: true });
  expect(await stamper.step()).toMatchObject({ ...failed, isNews: false });
});

function queryOver(text: string): Buffer {
  const folder = ownFolder("query");
  writeFileSync(join(folder, "data"), text);
  const args = ["ts", "-query", "-data", "data", "-sha256", "-cert"];
  return execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
}

function turned(token: Buffer): Buffer {
  const bytes = Buffer.from(token);
  bytes[bytes.length - 10]! ^= 1;
  return bytes;
}
