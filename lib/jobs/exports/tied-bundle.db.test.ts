import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStamper } from "#lib/cli/signer/stamp-checkpoints.ts";
import { startTsa } from "#lib/cli/signer/testing-tsa.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { ownFolder } from "#lib/testing-folder.ts";
import { pgStamps, pgTrailLog } from "#lib/db/trail-log.ts";
import { FAULTS } from "#lib/trail/bundle/faults.ts";
import { CONSISTENCY, STAMP, STAMPED } from "#lib/trail/bundle/manifest.ts";
import { signCheckpoint } from "#lib/trail/checkpoint.ts";
import {
  altered,
  editFile,
  ORIGIN,
  resealed,
  sealedTrail,
  verifyBy,
  type SealedTrail,
} from "./testing-bundle.ts";

type TestTsa = Awaited<ReturnType<typeof startTsa>>;
const MS_MAX = 240_000;
/** A few entries are enough: what is tried here is what ties them to the rest. */
const PART = { kind: "period", from: 2, to: 4 } as const;

const folders = [ownFolder("tsa"), ownFolder("other-tsa")] as const;

let db: TestDatabase;
let trail: SealedTrail;
let tsa: TestTsa;
let other: TestTsa;
/** Files with the checkpoints before the last, oldest first; the second is stamped. */
const kept: string[] = [];
let part: string;
let log: string;
let unstamped: string;

beforeAll(async () => {
  [db, tsa, other] = await Promise.all([
    testDatabase(),
    startTsa(folders[0]),
    startTsa(folders[1]),
  ]);
  trail = await sealedTrail(db);
  const store = pgTrailLog(db.pools.signer);
  for (const more of [1, 2, 1, 5]) {
    kept.push(join(trail.place, `kept-${kept.length}`));
    await writeFile(kept.at(-1)!, (await store.last())!.note);
    if (kept.length === 2) {
      unstamped = await trail.bundle(PART);
      const stamper = openStamper({ log: store, stamps: pgStamps(db.pools.signer), tsa });
      if ((await stamper.step()).did !== "stamped") throw new Error("nothing was stamped");
    }
    await trail.append(more);
    await trail.seal();
  }
  [part, log] = [await trail.bundle(PART), await trail.bundle({ kind: "log" })];
}, MS_MAX);
afterAll(async () => {
  tsa.close();
  other.close();
  await trail.close();
  await db.close();
});

/** What both verifiers of a sound bundle say: how they end, and their line about `check`. */
async function told(folder: string, args: string[], check: RegExp) {
  const found = await Promise.all(
    (["node", "sh"] as const).map((tool) => verifyBy(tool, folder, args, log)),
  );
  return found.map(({ exit, output }) => [
    exit,
    output.split("\n").find((line) => check.test(line) && /^(ok|FAIL|-) /.test(line)),
  ]);
}
const HISTORY = /earlier checkpoint is the start/;
const TIME = /time-stamping authority/;
const alike = (exit: number, line: RegExp) =>
  [0, 1].map(() => [exit, expect.stringMatching(line) as string]);

/** A checkpoint by the log's own key over another history. */
async function forked(size: number): Promise<string> {
  const file = join(trail.place, `forked-${size}`);
  const root = randomBytes(32);
  await writeFile(file, signCheckpoint({ origin: ORIGIN, size, root }, trail.logKey));
  return file;
}
const sizeIn = async (file: string) => Number((await readFile(file, "utf8")).split("\n")[1]);

describe("a part of the log", () => {
  test(
    "is held against any checkpoint before its own",
    async () => {
      for (const file of [...kept, join(part, "checkpoint")]) {
        const size = await sizeIn(file);
        const said = await told(part, ["--checkpoint", file], HISTORY);
        expect(said).toEqual(alike(0, new RegExp(`^ok .*: the first ${size} entries$`)));
      }
    },
    MS_MAX,
  );

  test(
    "of a log that was rewritten since is found out, and so is a proof that was changed",
    async () => {
      const args = ["--checkpoint", await forked(await sizeIn(kept[1]!))];
      const rewritten = alike(FAULTS.rewritten.exit, /^FAIL .*are not those of the earlier/);
      expect(await told(part, args, HISTORY)).toEqual(rewritten);
      const size = await sizeIn(kept[2]!);
      for (const edit of [
        (proof: string[]) => proof.slice(0, -1),
        (proof: string[]) => [...proof, proof[0]!],
        (proof: string[]) => [randomBytes(32).toString("base64"), ...proof.slice(1)],
        () => [],
      ]) {
        const folder = await altered(part, async (copy) => {
          await editFile(copy, CONSISTENCY, (text) => withProof(text, size, edit));
          await resealed(copy, trail.key);
        });
        expect(await told(folder, ["--checkpoint", kept[2]!], HISTORY)).toEqual(rewritten);
      }
    },
    MS_MAX,
  );

  test(
    "says so when it has no proof from there",
    async () => {
      const size = (await sizeIn(kept[3]!)) + 1;
      expect(await told(part, ["--checkpoint", await forked(size)], HISTORY)).toEqual(
        alike(0, new RegExp(`^- .*no proof from ${size} entries`)),
      );
    },
    MS_MAX,
  );
});

function withProof(text: string, size: number, edit: (proof: string[]) => string[]): string {
  const lines = text.split("\n").map((line) => {
    const read = JSON.parse(line || "null") as { proof: string[]; size: number } | null;
    return read?.size === size ? JSON.stringify({ ...read, proof: edit(read.proof) }) : line;
  });
  return lines.join("\n");
}

describe("a time stamp", () => {
  const ca = () => ["--tsa-ca", tsa.caFile];
  const bad = (line = /^FAIL /) => alike(FAULTS.time_stamp.exit, line);

  test(
    "bounds the time of a part and of a whole log",
    async () => {
      const size = await sizeIn(kept[1]!);
      for (const folder of [part, log])
        expect(await told(folder, ca(), TIME)).toEqual(
          alike(0, new RegExp(`^ok .*: its first ${size} entries were there at 20[-0-9T:]+Z$`)),
        );
      expect(await told(part, [], TIME)).toEqual(alike(0, /^- .*no CA/));
    },
    MS_MAX,
  );

  test(
    "under another CA, and one that is not there, do not hold",
    async () => {
      expect(await told(part, ["--tsa-ca", other.caFile], TIME)).toEqual(bad());
      expect(await told(unstamped, ca(), TIME)).toEqual(bad(/^FAIL .*holds no time stamp/));
      expect(await told(part, ["--tsa-ca", kept[0]!], TIME)).toEqual(
        [0, 1].map(() => [FAULTS.usage.exit, undefined]),
      );
    },
    MS_MAX,
  );

  const changes: [string, (copy: string) => Promise<unknown>][] = [
    ["over something else", (copy) => restamped(copy, "something else")],
    ["of another authority", (copy) => restamped(copy, null, other)],
    ["over a history that never was", (copy) => stampedFork(copy)],
    ["cut off", (copy) => editBytes(copy, (bytes) => bytes.subarray(0, -9))],
    [
      "with a bit turned in its signature",
      (copy) => editBytes(copy, (bytes) => turned(bytes, -10)),
    ],
    ["with a bit turned in its time", (copy) => editBytes(copy, turnedTime)],
    ["that is empty", (copy) => writeFile(join(copy, STAMP), "")],
    ["without the note it is over", (copy) => unlink(join(copy, STAMPED))],
    ["over no checkpoint", (copy) => writeFile(join(copy, STAMPED), "words\n\n")],
  ];
  test.each(changes)(
    "%s does not hold",
    async (_, change) => {
      const folder = await altered(part, async (copy) => {
        await change(copy);
        await resealed(copy, trail.key);
      });
      expect(await told(folder, ca(), TIME)).toEqual(bad());
    },
    MS_MAX,
  );

  async function restamped(copy: string, text: string | null, by = tsa): Promise<void> {
    const data = text ?? (await readFile(join(copy, STAMPED), "utf8"));
    await writeFile(join(trail.place, "stamped"), data);
    const query = execFileSync(
      "openssl",
      ["ts", "-query", "-data", "stamped", "-sha256", "-cert"],
      {
        cwd: trail.place,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    await writeFile(join(copy, STAMP), by.stamp(query));
  }

  async function stampedFork(copy: string): Promise<void> {
    const note = await readFile(await forked(await sizeIn(kept[1]!)), "utf8");
    await writeFile(join(copy, STAMPED), note);
    await restamped(copy, note);
  }
});

async function editBytes(copy: string, edit: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(join(copy, STAMP), edit(await readFile(join(copy, STAMP))));
}

function turned(bytes: Buffer, at: number): Buffer {
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = bytes[index]! ^ 1;
  return bytes;
}

/** genTime is the first GeneralizedTime in the token: fifteen bytes that begin with the century. */
function turnedTime(bytes: Buffer): Buffer {
  return turned(bytes, bytes.indexOf(Buffer.from("180f3230", "hex")) + 15);
}
