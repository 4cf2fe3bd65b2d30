import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRotatingSigner } from "#lib/cli/signer/rotating-signer.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { pgTrailLog, tellRotation } from "#lib/db/trail-log.ts";
import { makeNextKey } from "#lib/signing/log-keys.ts";
import { FAULTS } from "#lib/trail/bundle/faults.ts";
import { verifierKey } from "#lib/trail/checkpoint.ts";
import {
  ORIGIN,
  sealedTrail,
  strangersKeyFile,
  verifyBy,
  type SealedTrail,
} from "./testing-bundle.ts";

const MS_MAX = 240_000;

let db: TestDatabase;
let trail: SealedTrail;
/** Key files: the first key, the one after it, both. */
let files: { first: string; next: string; both: string };
/** Bundles of the whole log, and a checkpoint from before the change of keys. */
let before: string;
let after: string;
let kept: string;

beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
  before = await trail.bundle({ kind: "log" });
  kept = join(trail.place, "kept");
  await writeFile(kept, await readFile(join(before, "checkpoint")));
  const first = `${verifierKey({ name: ORIGIN, key: trail.logKey })}\n`;
  const next = `${await makeNextKey(trail.place, ORIGIN)}\n`;
  files = { first: "first", next: "next", both: "both" };
  for (const [name, text] of [
    ["first", first],
    ["next", next],
    ["both", `${next}\n${first}`],
  ] as const) {
    files[name] = join(trail.place, `${name}.pub`);
    await writeFile(files[name], text);
  }
  const signer = await openRotatingSigner({
    directory: trail.place,
    origin: ORIGIN,
    log: pgTrailLog(db.pools.signer),
    tellRotation: (from, to) => tellRotation(db.pools.signer, from, to),
    now: () => Date.now() + 3_600_000,
  });
  for (let did = ""; did !== "rotated";) ({ did } = await signer.step());
  await trail.append(3);
  if ((await signer.step()).did !== "signed") throw new Error("the new key signed nothing");
  after = await trail.bundle({ kind: "log" });
}, MS_MAX);
afterAll(async () => {
  await trail.close();
  await db.close();
});

/** The first check that does not hold by either verifier, and how they end. */
async function verdicts(folder: string, args: string[]) {
  const found = await Promise.all(
    (["node", "sh"] as const).map((tool) => verifyBy(tool, folder, args, after)),
  );
  return found.map(({ exit, output }) => ({ exit, output }));
}
const exitsOf = async (folder: string, args: string[]) =>
  (await verdicts(folder, args)).map(({ exit }) => exit);

const both = (exit: number) => [exit, exit];

test(
  "a bundle from before and one from after hold under the file of both keys, or under one file each",
  async () => {
    const twoFiles = ["--log-key", files.first, "--log-key", files.next];
    for (const folder of [before, after])
      for (const args of [["--log-key", files.both], twoFiles, []])
        expect(await exitsOf(folder, args)).toEqual(both(0));
  },
  MS_MAX,
);

test(
  "each holds under its own key alone, and not under the other",
  async () => {
    expect(await exitsOf(before, ["--log-key", files.first])).toEqual(both(0));
    expect(await exitsOf(after, ["--log-key", files.next])).toEqual(both(0));
    expect(await exitsOf(before, ["--log-key", files.next])).toEqual(both(FAULTS.other_key.exit));
    expect(await exitsOf(after, ["--log-key", files.first])).toEqual(both(FAULTS.other_key.exit));
  },
  MS_MAX,
);

test(
  "a checkpoint from before is held against a bundle from after when its key is known",
  async () => {
    for (const keys of [["--log-key", files.both], []])
      for (const { exit, output } of await verdicts(after, ["--checkpoint", kept, ...keys])) {
        expect(exit).toBe(0);
        expect(output).toMatch(/ok +the auditor's earlier checkpoint is the start of this log/);
      }
    expect(await exitsOf(after, ["--checkpoint", kept, "--log-key", files.next])).toEqual(
      both(FAULTS.other_key.exit),
    );
  },
  MS_MAX,
);

test(
  "a key of another log among them is refused in a sentence, a line that is no key as a wrong call",
  async () => {
    const strange = join(trail.place, "strange.pub");
    const [own] = (await readFile(files.next, "utf8")).split("\n");
    const other = verifierKey({ name: "countersign/else/trail", key: trail.logKey });
    await writeFile(strange, `${own}\n${other}\n`);
    for (const { exit, output } of await verdicts(after, ["--log-key", strange])) {
      expect(exit).toBe(FAULTS.other_key.exit);
      expect(output).toContain(`a key is of the log countersign/else/trail, this is ${ORIGIN}`);
    }
    for (const text of [
      "",
      `${own}\nno key\n`,
      `${own?.replace(/\+[0-9a-f]{8}\+/, "+00000000+")}\n`,
    ]) {
      await writeFile(strange, text);
      expect(await exitsOf(after, ["--log-key", strange])).toEqual(both(FAULTS.usage.exit));
    }
    expect(await exitsOf(after, ["--log-key", await strangersKeyFile(trail.place)])).toEqual(
      both(FAULTS.other_key.exit),
    );
  },
  MS_MAX,
);
