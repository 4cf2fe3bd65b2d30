import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRotatingSigner } from "#lib/cli/signer/rotating-signer.ts";
import { continueLog, freezeLog, frozenLog } from "#lib/db/freeze-log.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { pgTrailLog, tellRotation } from "#lib/db/trail-log.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { renameLog, verifierKeysOf } from "#lib/signing/log-origin.ts";
import { FAULTS } from "#lib/trail/bundle/faults.ts";
import { ORIGIN, sealedTrail, verifyBy, type SealedTrail } from "./testing-bundle.ts";

const MS_MAX = 240_000;
const TO = `${ORIGIN}/2`;

let db: TestDatabase;
let trail: SealedTrail;
let kept: string;

beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
  kept = join(trail.place, "kept");
  await writeFile(kept, (await pgTrailLog(db.pools.signer).last())!.note);
}, MS_MAX);
afterAll(async () => {
  await trail.close();
  await db.close();
});

/** Freezes the log and lets it go on; `cites` may tell another root than the log's. */
async function goOn(to: string, cites: (root: string) => string = (root) => root): Promise<void> {
  const why = { reason: "the key was copied", by: "Ana" };
  await freezeLog(db.urls.owner, why);
  const { name, size, root } = await frozenLog(db.urls.owner, ORIGIN);
  await renameLog(trail.place, { from: name, to });
  const keys = await verifierKeysOf(trail.place, to);
  const cited = { ...why, ...keys, from: name, to, size, root: cites(root) };
  await continueLog(db.urls.owner, cited);
  await trail.append(2);
  const signer = await openRotatingSigner({
    directory: trail.place,
    origin: ORIGIN,
    log: pgTrailLog(db.pools.signer),
    tellRotation: (from, next) => tellRotation(db.pools.signer, from, next),
  });
  expect(await signer.step()).toMatchObject({ did: "signed" });
}

const exits = async (folder: string, args: string[] = []) =>
  Promise.all(
    (["node", "sh"] as const).map(async (tool) => (await verifyBy(tool, folder, args)).exit),
  );

test(
  "a bundle of a log that goes on under another name holds, also against a checkpoint from before",
  async () => {
    await goOn(TO);
    const [whole, part] = [
      await trail.bundle({ kind: "log" }),
      await trail.bundle({ kind: "period", from: 1, to: 3 }),
    ];
    const { key, oldKeys } = await verifierKeysOf(trail.place, TO);
    const both = join(trail.place, "both.pub");
    await writeFile(both, [...oldKeys, key].join("\n"));
    expect(await readFile(join(part, "log.key.pub"), "utf8")).toContain(key);
    expect(await exits(whole, ["--checkpoint", kept, "--log-key", both])).toEqual([0, 0]);
    expect(await exits(part, ["--checkpoint", kept])).toEqual([0, 0]);
    const old = FAULTS.other_key.exit;
    await writeFile(both, oldKeys.join("\n"));
    expect(await exits(whole, ["--log-key", both])).toEqual([old, old]);
  },
  MS_MAX,
);

test(
  "an entry that cites another root than the log had is found by both verifiers and by the check of the database",
  async () => {
    await goOn(`${TO.slice(0, -1)}3`, () => Buffer.alloc(32).toString("base64"));
    const folder = await trail.bundle({ kind: "log" });
    expect(await exits(folder)).toEqual([FAULTS.tree.exit, FAULTS.tree.exit]);
    const faults = (await checkWholeTrail(db.owner)).map(({ fault }) => fault ?? "");
    expect(faults.join("")).toMatch(/cites another log than the one before it/);
  },
  MS_MAX,
);
