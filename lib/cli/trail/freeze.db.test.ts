import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NOBODY } from "#lib/db/acting.ts";
import { freePort } from "#lib/db/embedded.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { pgTrailLog } from "#lib/db/trail-log.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { healthAlarms } from "#lib/queries/health-faults.ts";
import { sealState } from "#lib/queries/seal-state.ts";
import { openSigner } from "#lib/signing/signer.ts";
import { ownFolder } from "#lib/testing-folder.ts";
import {
  openCheckpointBy,
  parseVerifierKeys,
  privateKeyFromPem,
  signCheckpoint,
} from "#lib/trail/checkpoint.ts";

const MS_MAX = 240_000;
const WAIT = { timeout: 60_000, interval: 200 };

let db: TestDatabase;
const home = ownFolder("freeze");
let keys: string;
let witnessPort: number;
const children: ChildProcess[] = [];

beforeAll(async () => {
  db = await testDatabase();
  keys = join(home, "keys");
  witnessPort = await freePort();
}, MS_MAX);
afterAll(async () => {
  for (const child of children) {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  }
  await db.close();
}, MS_MAX);

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    COUNTERSIGN_HOME: home,
    COUNTERSIGN_ORG: "test",
    DATABASE_URL: db.adminUrl,
    DATABASE_URL_SIGNER: db.urls.signer,
    COUNTERSIGN_WITNESS_URL: `http://127.0.0.1:${witnessPort}/`,
    COUNTERSIGN_WITNESS_KEY: join(home, "w", "witness.key.pub"),
  };
}

async function trail(...args: string[]): Promise<{ code: number; said: string }> {
  const ran = promisify(execFile)(process.execPath, ["lib/cli/trail.ts", ...args], {
    env: environment(),
  });
  return ran.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      said: `${stdout}${stderr}`,
    }),
  );
}

function note(): Promise<bigint> {
  const entry = {
    kind: "note.added",
    actor: "system:test",
    incidentId: null,
    payload: {},
  } as const;
  return transact(db.web, NOBODY, (tx) => appendTrail(tx, entry));
}

const newest = async () => (await pgTrailLog(db.pools.signer).last())!;
const signerFile = (name: string) => readFileSync(join(home, "signer", name), "utf8");

function start(...args: string[]): void {
  children.push(spawn(process.execPath, args, { env: environment(), stdio: "ignore" }));
}

/**
 * Waits until the newest checkpoint covers every entry, and a witness has cosigned it; gives its note. The last entry
 * must be one that is signed at once: another may wait a minute for its checkpoint.
 */
async function sealed(): Promise<string> {
  await expect
    .poll(async () => {
      const { rows } = await db.pools.auditor.query<{ done: boolean }>(
        `select h.size = (select max(size) from trail.checkpoint)
          and exists (select from trail.cosignature c where c.size = h.size) as done from trail.head h`,
      );
      return rows[0]?.done;
    }, WAIT)
    .toBe(true);
  return (await newest()).note;
}

async function knowKeys(): Promise<void> {
  const known = existsSync(keys) ? readFileSync(keys, "utf8") : "";
  writeFileSync(keys, known + signerFile("log.key.pub"));
}
const FIRST = "countersign/test/trail";
const nameOf = (note: string) =>
  openCheckpointBy(note, parseVerifierKeys(readFileSync(keys, "utf8"))).origin;

test(
  "a log is frozen, and goes on under another name and key; the old one signs nothing more",
  async () => {
    start("lib/cli/signer.ts");
    await expect.poll(() => existsSync(join(home, "signer", "log.key.pub")), WAIT).toBe(true);
    await knowKeys();
    start(
      ...["lib/cli/witness.ts", "--dir", join(home, "w"), "--port", String(witnessPort)],
      ...["--log-key", keys, "--name", "w1"],
    );
    await note();
    expect(await trail("new-origin", "--reason", "x")).toMatchObject({ code: 2 });
    expect((await trail("freeze")).said).toContain("Say why");

    expect(await trail("freeze", "--reason", "the key was copied", "--by", "Ana")).toMatchObject({
      code: 0,
    });
    await expect(note()).rejects.toMatchObject({ code: "log_frozen", status: 503 });
    expect((await trail("freeze", "--reason", "again")).said).toContain("frozen already");
    expect((await healthAlarms(db.web)).join(" ")).toMatch(/^The log is frozen since 20/);
    expect((await sealState(db.web)).frozenAt).not.toBeNull();
    expect(nameOf(await sealed())).toBe(FIRST);
    const stolen = join(home, "stolen");
    await cp(join(home, "signer"), stolen, { recursive: true });

    const said = await trail("new-origin", "--reason", "a new key is in place", "--by", "Ana");
    expect(said).toMatchObject({ code: 0, said: expect.stringContaining(`${FIRST}/2`) as string });
    await knowKeys();
    expect(nameOf(await sealed())).toBe(`${FIRST}/2`);
    expect((await sealState(db.web)).frozenAt).toBeNull();
    expect(await healthAlarms(db.web)).toEqual([]);
    expect((await checkWholeTrail(db.owner)).map(({ fault }) => fault).filter(Boolean)).toEqual([]);

    await refusesTheOldKey(stolen);
    expect((await trail("freeze", "--reason", "once more")).code).toBe(0);
    expect((await trail("new-origin", "--reason", "and on")).said).toContain(`${FIRST}/3`);
    await knowKeys();
    expect(nameOf(await sealed())).toBe(`${FIRST}/3`);
    await expect(note()).resolves.toBeGreaterThan(0n);
  },
  MS_MAX,
);

/** By the signer, by the witness, and by the database. */
async function refusesTheOldKey(folder: string): Promise<void> {
  const key = privateKeyFromPem(readFileSync(join(folder, "log.key"), "utf8"));
  const statePath = join(folder, "signed.json");
  const log = pgTrailLog(db.pools.signer);
  const older = parseVerifierKeys(readFileSync(keys, "utf8"));
  const signer = await openSigner({ log, key, origin: FIRST, older, statePath });
  const refused = {
    did: "refused",
    reason: expect.stringContaining("under another name") as string,
  };
  expect(await signer.step()).toMatchObject(refused);
  await note();
  expect(await signer.step()).toMatchObject(refused);
  const { size } = await newest();
  const checkpoint = { origin: FIRST, size: size + 1, root: Buffer.alloc(32) };
  const forged = signCheckpoint(checkpoint, key);
  await expect(log.save({ size: size + 1, root: checkpoint.root, note: forged })).rejects.toThrow(
    `the log goes on as ${FIRST}/2`,
  );
  const answer = await fetch(`http://127.0.0.1:${witnessPort}/add-checkpoint`, {
    method: "POST",
    body: `old 0\n\n${forged}`,
  });
  expect([answer.status, await answer.text()]).toEqual([404, `this log goes on as ${FIRST}/2\n`]);
}
