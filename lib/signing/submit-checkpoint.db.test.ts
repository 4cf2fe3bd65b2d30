import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { witnessServer } from "#lib/cli/witness/door.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { refusal } from "#lib/db/testing-gate.ts";
import { pgCosignatures, pgTrailLog } from "#lib/db/trail-log.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { openNote, parseVerifierKey, signCheckpoint, type NoteKey } from "#lib/trail/checkpoint.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { openSigner, type Signer } from "./signer.ts";
import { openSubmitter, type Submitter } from "./submit-checkpoint.ts";
import { openWitness } from "./witness.ts";
import { NOBODY } from "#lib/db/acting.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const ORIGIN = "countersign/test/trail";
const { privateKey: key } = generateKeyPairSync("ed25519");
const directory = ownFolder("submit");

let db: TestDatabase;
let signer: Signer;
let servers: Server[] = [];

beforeAll(async () => {
  db = await testDatabase();
  signer = await openSigner({
    log: pgTrailLog(db.pools.signer),
    key,
    origin: ORIGIN,
    statePath: join(directory, "signed.json"),
    signEveryEntries: 1,
  });
});
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await db.close();
});

async function append(count: number): Promise<void> {
  await transact(db.web, NOBODY, async (tx) => {
    for (let i = 0; i < count; i++)
      await appendTrail(tx, {
        kind: "note.added",
        actor: "system:test",
        incidentId: null,
        payload: {},
      });
  });
  expect(await signer.step()).toMatchObject({ did: "signed" });
}

async function listen(server: Server): Promise<URL> {
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/add-checkpoint`);
}

async function witness(name: string): Promise<{ url: URL; key: NoteKey }> {
  const opened = await openWitness({
    name,
    key: generateKeyPairSync("ed25519").privateKey,
    logs: () => Promise.resolve([{ name: ORIGIN, key }]),
    statePath: join(directory, `${name}.json`),
  });
  return {
    url: await listen(witnessServer(opened, () => undefined)),
    key: parseVerifierKey(opened.verifierKey),
  };
}

function submitterTo(url: URL, of: NoteKey): Submitter {
  return openSubmitter({
    log: pgTrailLog(db.pools.signer),
    cosignatures: pgCosignatures(db.pools.signer),
    logKeys: () => [{ name: ORIGIN, key }],
    witness: of,
    url,
  });
}

async function newest(): Promise<{ size: number; note: string; lines: string[] }> {
  const { rows } = await db.pools.auditor.query<{ size: string; note: string; lines: string[] }>(
    `select c.size, c.note, array_remove(array_agg(w.line), null) as lines
      from trail.checkpoint c left join trail.cosignature w using (size)
      group by c.size order by c.size desc limit 1`,
  );
  return { ...rows[0]!, size: Number(rows[0]!.size) };
}

test("each checkpoint is cosigned from where the witness stands, also after either was started anew", async () => {
  const { url, key: known } = await witness("w1");
  let submitter = submitterTo(url, known);
  for (const count of [3, 1, 70]) {
    await append(count);
    const step = await submitter.step();
    const { size, note, lines } = await newest();
    expect(step).toMatchObject({ did: "cosigned", size });
    const opened = openNote(note + lines.join(""), [{ name: ORIGIN, key }, known]);
    expect(opened).toMatchObject({ signers: [ORIGIN], cosignatures: [{ name: "w1" }] });
    expect(await submitter.step()).toEqual({ did: "nothing" });
    submitter = submitterTo(url, known);
    expect(await submitter.step()).toEqual({ did: "nothing" });
  }
});

test("a witness that saw another history is an alarm, and nothing is stored", async () => {
  const { url, key: known } = await witness("w2");
  const { size } = await newest();
  const forged = { origin: ORIGIN, size: size - 1, root: sha256("another history") };
  await fetch(url, { method: "POST", body: `old 0\n\n${signCheckpoint(forged, key)}` });
  const submitter = submitterTo(url, known);
  const failed = { did: "failed", isFork: true };
  expect(await submitter.step()).toMatchObject({ ...failed, isNews: true });
  expect(await submitter.step()).toMatchObject({ ...failed, isNews: false });
  const longer = { origin: ORIGIN, size: size + 5, root: sha256("a longer history") };
  const { url: other, key: otherKey } = await witness("w3");
  await fetch(other, { method: "POST", body: `old 0\n\n${signCheckpoint(longer, key)}` });
  expect(await submitterTo(other, otherKey).step()).toMatchObject({
    ...failed,
    reason: expect.stringContaining(`has seen ${size + 5} entries`) as string,
  });
  expect((await newest()).lines).toHaveLength(1);
});

const NONSENSE: [string, number, string, RegExp][] = [
  ["a line of an unknown key", 200, "\u2014 stranger AAAAAAAAAAA=\n", /without a cosignature/],
  ["words", 200, "all good\n", /malformed/],
  ["nothing", 200, "", /without a cosignature/],
  ["far too much", 200, "x".repeat(50_000), /too great length/],
  ["no size", 409, "many\n", /named no size/],
  ["a refusal", 403, "not signed by this log\n", /answered 403: not signed/],
  ["a way elsewhere", 302, "", /does not answer/],
];

test.each(NONSENSE)(
  "a witness that answers %s is not believed",
  async (_name, status, body, reason) => {
    const { key: known } = await witness("w4");
    const url = await listen(
      createServer((request, response) => {
        request.resume();
        response.writeHead(status, { location: "/elsewhere" }).end(body);
      }),
    );
    expect(await submitterTo(url, known).step()).toMatchObject({
      did: "failed",
      reason: expect.stringMatching(reason) as string,
    });
    expect((await newest()).lines).toHaveLength(1);
  },
);

test("a witness that is not there is said once, and asked again", async () => {
  const { key: known } = await witness("w5");
  const submitter = submitterTo(new URL("http://127.0.0.1:9/add-checkpoint"), known);
  const reason = "the witness does not answer";
  expect(await submitter.step()).toMatchObject({ did: "failed", reason, isNews: true });
  expect(await submitter.step()).toMatchObject({ did: "failed", reason, isNews: false });
});

test("a cosignature is for good, of a checkpoint that stands, and the signer's to add", async () => {
  const insert = "insert into trail.cosignature (size, witness, line, signed_at)";
  const values = "values ($1, 'x', E'— x AAAA\n', now())";
  const { pools } = db;
  const asSigner =
    (sql: string, ...given: unknown[]) =>
    () =>
      pools.signer.query(sql, given);
  expect(await refusal(asSigner(`${insert} ${values}`, 999_999))).toMatch(/foreign key/);
  expect(await refusal(asSigner("update trail.cosignature set line = line"))).toMatch(/denied/);
  expect(await refusal(() => pools.web.query(`${insert} ${values}`, [1]))).toMatch(/denied/);
  expect(await refusal(() => pools.owner.query("delete from trail.cosignature"))).toMatch(
    /^append-only: DELETE on cosignature/,
  );
});
