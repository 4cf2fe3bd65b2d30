import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packFolder } from "#lib/bundle/pack.ts";
import { padding, TAR_END, tarHeader } from "#lib/bundle/tar.ts";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { exportTable } from "#lib/queries/export-trail.ts";
import { FAULTS } from "#lib/trail/bundle/faults.ts";
import type { BundleScope } from "#lib/trail/bundle/manifest.ts";
import { BROKEN_BUNDLES } from "./testing-broken-bundles.ts";
import {
  altered,
  editFile,
  resealed,
  sealedTrail,
  testWitness,
  verifyBy,
  type SealedTrail,
} from "./testing-bundle.ts";

const TOOLS = ["node", "sh"] as const;
/** The verifier in sh starts hundreds of processes: on a busy machine a test of it takes its time. */
const MS_MAX = 240_000;
/** Each kind of fault is tried with both verifiers once, and every row with the first. */
const BY_BOTH = new Set(
  BROKEN_BUNDLES.filter(
    ({ fault, byBoth }, at) =>
      byBoth || BROKEN_BUNDLES.findIndex((one) => one.fault === fault) === at,
  ),
);

let db: TestDatabase;
let trail: SealedTrail;
/** A bundle of the incident and one of the whole log, both sound. */
let incident: string;
let log: string;

beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
  [incident, log] = [await trail.bundle(), await trail.bundle({ kind: "log" })];
});
afterAll(async () => {
  await trail.close();
  await db.close();
});

type How = { source?: string; tools?: readonly ("node" | "sh")[] };

/** What the verifiers of a sound bundle, or of `source`, make of a folder. */
async function exits(folder: string, args: string[] = [], how: How = {}): Promise<number[]> {
  const { source = incident, tools = TOOLS } = how;
  const found = await Promise.all(tools.map((tool) => verifyBy(tool, folder, args, source)));
  return found.map(({ exit }) => exit);
}

describe("a bundle as it was written holds by both verifiers", () => {
  const scopes: [string, () => BundleScope][] = [
    ["an incident", () => ({ kind: "incident", incident: trail.incident.id, number: 1 })],
    ["the whole log", () => ({ kind: "log" })],
    ["a period", () => ({ kind: "period", from: 2, to: 9 })],
    ["a person", () => ({ kind: "person", person: trail.people.lea })],
    ["a model that did nothing", () => ({ kind: "model", model: "m-1" })],
    ["a prompt that nothing is about", () => ({ kind: "prompt", prompt: "summary/1" })],
  ];
  test.each(scopes)(
    "%s",
    async (_, scope) => {
      const folder = await trail.bundle(scope());
      const given = ["--log-key", trail.logKeyFile];
      expect(await exits(folder, given, { source: folder })).toEqual([0, 0]);
    },
    MS_MAX,
  );

  test(
    "with what is withheld, and they say so",
    async () => {
      for (const withheld of [
        { evidence: true },
        { names: true },
        { payloads: true, evidence: true },
      ]) {
        const folder = await trail.bundle(undefined, withheld);
        for (const tool of TOOLS) {
          const { exit, output } = await verifyBy(tool, folder);
          expect([exit, output.includes("Left out on purpose")]).toEqual([0, true]);
        }
      }
      const folder = await trail.bundle(undefined, { names: true });
      for (const file of ["trail.jsonl", "support.jsonl", "signoffs.jsonl", "credentials.jsonl"])
        expect(await readFile(join(folder, file), "utf8")).not.toMatch(/\b(Ana|Lea)\b/);
    },
    MS_MAX,
  );

  test(
    "with a witness, an earlier checkpoint, and a log that reaches far enough",
    async () => {
      const witness = await testWitness(trail.place, 1_900_000_000);
      const folder = await altered(log, async (copy) => {
        await editFile(copy, "checkpoint", witness.cosign);
        await resealed(copy, trail.key);
      });
      const older = join(trail.place, "older");
      await writeFile(older, await readFile(join(log, "checkpoint"), "utf8"));
      await trail.append(5);
      await trail.seal();
      const grown = await trail.bundle({ kind: "log" });
      expect(await exits(grown, ["--checkpoint", older, "--witness-size", "16"])).toEqual([0, 0]);
      const args = ["--witness-key", witness.keyFile, "--newer-than", "2030-01-01T00:00:00Z"];
      expect(await exits(folder, args)).toEqual([0, 0]);
    },
    MS_MAX,
  );
});

test.each(BROKEN_BUNDLES)(
  "$name: $fault",
  async (broken) => {
    const { fault, of, change, isResealed, args } = broken;
    const folder = await altered(of === "log" ? log : incident, async (copy) => {
      await change?.(copy, trail);
      if (isResealed) await resealed(copy, trail.key);
    });
    const given = await args?.(trail);
    const { exit } = FAULTS[fault];
    const tools = BY_BOTH.has(broken) ? TOOLS : TOOLS.slice(0, 1);
    expect(await exits(folder, given, { tools })).toEqual(tools.map(() => exit));
    await rm(folder, { recursive: true });
  },
  MS_MAX,
);

describe("an archive", () => {
  const pack = async (name: string) => {
    const to = join(trail.place, name);
    await packFolder(incident, { to, name: "bundle", mtime: 0 });
    return to;
  };
  const verdict = async (path: string) => (await verifyBy("node", path, [], incident)).exit;
  const member = (name: string, bytes: Buffer) =>
    Buffer.concat([tarHeader({ name, size: bytes.length }, 0), bytes, padding(bytes.length)]);
  const archive = async (...members: Buffer[]) => {
    const path = join(trail.place, "made.tar.gz");
    await writeFile(path, gzipSync(Buffer.concat([...members, TAR_END])));
    return path;
  };

  test("is checked as it is, and a standard tar unpacks it", async () => {
    expect(await verdict(await pack("whole.tar.gz"))).toBe(0);
  });

  test("that was cut off at any place cannot be read", async () => {
    const path = await pack("cut.tar.gz");
    const whole = await readFile(path);
    for (const share of [0, 0.01, 0.3, 0.7, 0.999]) {
      await writeFile(path, whole.subarray(0, Math.floor(whole.length * share)));
      expect(await verdict(path)).toBe(FAULTS.unreadable.exit);
    }
  });

  test("that unpacks to more than a hundred times its size is refused", async () => {
    const path = await archive(member("bundle/trail.jsonl", Buffer.alloc(80 * 2 ** 20)));
    expect(await verdict(path)).toBe(FAULTS.unsafe.exit);
  });

  test("with a name that leads outside, or twice the same name, is refused", async () => {
    for (const name of ["bundle/../../evil", "/etc/evil", "bundle/a/../b", "alone"])
      expect(await verdict(await archive(member(name, Buffer.from("x"))))).toBe(FAULTS.unsafe.exit);
    const twice = member("bundle/README", Buffer.from("x"));
    expect(await verdict(await archive(twice, twice))).toBe(FAULTS.unsafe.exit);
  });
});

test(
  "a clock that ran backwards before the log was signed",
  async () => {
    await adminQuery(
      db.adminUrl,
      `set session_replication_role = replica; alter table trail.head disable trigger all;
     update trail.head set last_at = '-infinity'; alter table trail.head enable always trigger step;`,
    );
    await adminQuery(
      db.adminUrl,
      `do $$ declare l text; v text; begin
       perform trail.write('session.opened', 'system:test', null, '{}');
       alter table trail.entry disable trigger all; alter table trail.head disable trigger all;
       select line into l from trail.entry order by seq desc limit 1;
       v := regexp_replace(l, '"at":"[^"]*"', '"at":"2001-01-01T00:00:00.000000Z"');
       update trail.entry set line = v, leaf = sha256('\\x00'::bytea || convert_to(v, 'UTF8')) where line = l;
       update trail.head set prev = (select leaf from trail.entry order by seq desc limit 1);
       alter table trail.entry enable always trigger append_only; alter table trail.head enable always trigger step;
     end $$;`,
    );
    await trail.seal();
    const folder = await trail.bundle({ kind: "log" });
    expect(await exits(folder)).toEqual([FAULTS.time.exit, FAULTS.time.exit]);
  },
  MS_MAX,
);

test("as a table an incident has a row for each entry", async () => {
  const rows: string[] = [];
  for await (const row of exportTable(db.web, { incidentId: trail.incident.id })) rows.push(row);
  const entries = (await readFile(join(incident, "trail.jsonl"), "utf8")).trimEnd().split("\n");
  expect(rows).toHaveLength(entries.length + 1);
  expect(rows[0]).toMatch(/^"seq","at"/);
});
