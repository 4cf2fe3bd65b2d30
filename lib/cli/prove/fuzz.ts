/** Every single byte of a bundle changed: does the verifier notice? */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { folderFiles } from "#lib/bundle/open-bundle.ts";
import { sealedTrail, type SealedTrail } from "#lib/jobs/exports/testing-bundle.ts";
import { readEntry } from "#lib/trail/bundle/entry.ts";
import { BundleFault } from "#lib/trail/bundle/faults.ts";
import type { BundleFiles } from "#lib/trail/bundle/files.ts";
import { TRAIL } from "#lib/trail/bundle/manifest.ts";
import { verifyBundle } from "#lib/trail/bundle/verify-bundle.ts";
import { parseVerifierKeys, type NoteKey } from "#lib/trail/checkpoint.ts";
import { none, told, type Figure } from "../figures.ts";
import { drillDatabase } from "./drill/database.ts";
import { seededRandom } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";

/** `bytes` null: each one. `whole`: changes that the whole verifier is run over. */
type Size = { entries: number; bytes: number | null; whole: number };
const SIZES: Record<ProofMode, Size> = {
  short: { entries: 500, bytes: 20_000, whole: 100 },
  normal: { entries: 5_000, bytes: 500_000, whole: 300 },
  long: { entries: 5_000, bytes: null, whole: 1_000 },
};
const SEED = 6;

const LIMITS = `A changed byte of the trail is looked for in its own line, without the sums and the manifest: the line must be refused, or
its payload must be another, or its leaf, which changes the root. A line that passed with the leaf it had would be told as missed.
The whole verifier is run over a sample of changes in every file of the bundle. One byte at a time is no clever attacker: that is
\`prove -- tamper\`.`;

export async function proveFuzz(mode: ProofMode): Promise<Proof> {
  const size = SIZES[mode];
  const db = await drillDatabase();
  const trail = await sealedTrail(db);
  try {
    await trail.append(size.entries);
    await trail.seal();
    const folder = await trail.bundle({ kind: "log" });
    const random = seededRandom(SEED);
    const alone = changeLines(await readFile(join(folder, TRAIL)), { bytes: size.bytes, random });
    const whole = await changeWhole(folder, {
      times: size.whole,
      random,
      logKeys: await keysOf(trail),
    });
    return { figures: figuresOf({ entries: size.entries, alone, whole }), limits: LIMITS };
  } finally {
    await trail.close();
    await db.close();
  }
}

async function keysOf(trail: SealedTrail): Promise<NoteKey[]> {
  return parseVerifierKeys(await readFile(trail.logKeyFile, "utf8"));
}

type Found = { tried: number; missed: number; bytes: number };

/** Changes bytes of the trail one at a time; each into one other value. */
function changeLines(
  bytes: Buffer,
  { bytes: wanted, random }: { bytes: number | null; random: () => number },
): Found {
  const share = wanted === null ? 1 : Math.min(1, wanted / bytes.length);
  const found = { tried: 0, missed: 0, bytes: bytes.length };
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start);
    const leaf = readEntry(bytes.toString("utf8", start, end), "line").leaf;
    // a line that lost its end runs into the next one
    const nextEnd = bytes.indexOf(10, end + 1);
    const changed = Buffer.from(bytes.subarray(start, nextEnd < 0 ? end + 1 : nextEnd));
    for (let at = 0; at <= end - start; at += 1) {
      if (share < 1 && random() >= share) continue;
      const was = changed[at]!;
      changed[at] = (was + 1 + Math.floor(random() * 255)) % 256;
      found.tried += 1;
      if (!isNoticed(changed, { at, length: end - start, leaf })) found.missed += 1;
      changed[at] = was;
    }
    start = end + 1;
  }
  return found;
}

type Place = { at: number; length: number; leaf: Buffer };

function isNoticed(changed: Buffer, { at, length, leaf }: Place): boolean {
  const text = at === length ? changed : changed.subarray(0, length);
  try {
    const line = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
    const read = readEntry(line.split("\n")[0]!, "line");
    return !read.isPayloadTrue || !read.leaf.equals(leaf);
  } catch (error) {
    if (error instanceof BundleFault || error instanceof TypeError) return true;
    throw error;
  }
}

/** The whole verifier over the bundle with one byte changed, the files taken in turn. */
async function changeWhole(
  folder: string,
  { times, random, logKeys }: { times: number; random: () => number; logKeys: NoteKey[] },
): Promise<Found> {
  const names = (await folderFiles(folder).names()).toSorted();
  const contents = new Map<string, Buffer>();
  for (const name of names) contents.set(name, await readFile(join(folder, name)));
  const filled = names.filter((name) => contents.get(name)!.length > 0);
  const found = {
    tried: 0,
    missed: 0,
    bytes: [...contents.values()].reduce((n, one) => n + one.length, 0),
  };
  for (let n = 0; n < times; n += 1) {
    const name = filled[n % filled.length]!;
    const changed = Buffer.from(contents.get(name)!);
    const at = Math.floor(random() * changed.length);
    changed[at] = (changed[at]! + 1 + Math.floor(random() * 255)) % 256;
    const { exit } = await verifyBundle(memoryFiles(new Map(contents).set(name, changed)), {
      logKeys,
    });
    found.tried += 1;
    if (exit === 0) found.missed += 1;
  }
  return found;
}

function memoryFiles(contents: ReadonlyMap<string, Buffer>): BundleFiles {
  return {
    names: async () => [...contents.keys()],
    async *read(name) {
      const bytes = contents.get(name);
      if (!bytes) throw Object.assign(new Error(`${name} is not there`), { code: "ENOENT" });
      yield bytes;
    },
  };
}

function figuresOf({
  entries,
  alone,
  whole,
}: {
  entries: number;
  alone: Found;
  whole: Found;
}): Figure[] {
  return [
    told("entries", entries, 1, "in the bundle, beside those of its desk"),
    told("changed", alone.tried, alone.bytes, "bytes of the trail, each to one other value"),
    none("missed", alone.missed, alone.tried, "changes that a line alone does not show"),
    told("changedWhole", whole.tried, whole.bytes, "bytes of any file, the whole verifier run"),
    none("missedWhole", whole.missed, whole.tried, "changes after which every check held"),
  ];
}
