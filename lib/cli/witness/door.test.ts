import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWitness } from "#lib/signing/witness.ts";
import { writeAddCheckpoint } from "#lib/trail/add-checkpoint.ts";
import { openNote, parseVerifierKey, signCheckpoint } from "#lib/trail/checkpoint.ts";
import { consistencyProof } from "#lib/trail/proof.ts";
import { leafHash, root } from "#lib/trail/tree.ts";
import { witnessServer } from "./door.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const ORIGIN = "countersign/test/trail";
const { privateKey } = generateKeyPairSync("ed25519");
const log = { name: ORIGIN, key: privateKey };
const HONEST = Array.from({ length: 40 }, (_, n) => leafHash(`entry ${n}`));
/** The same up to its twentieth entry. */
const FORKED = HONEST.map((leaf, n) => (n < 20 ? leaf : leafHash(`forged ${n}`)));
const NOW = Date.parse("2026-03-01T02:14:07Z");

let directory: string;
let stop: () => Promise<void>;
let url: string;
let vkey: string;

beforeEach(async () => {
  directory = ownFolder("witness");
  await start();
});
afterEach(() => stop());

async function start(): Promise<void> {
  const witness = await openWitness({
    name: "witness.example/w1",
    key: generateKeyPairSync("ed25519").privateKey,
    logs: () => Promise.resolve([log]),
    statePath: join(directory, "seen.json"),
    now: () => NOW,
  });
  vkey = witness.verifierKey;
  const server = witnessServer(witness, () => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/add-checkpoint`;
  stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
}

function noteOver(leaves: Buffer[], key = privateKey, origin = ORIGIN): string {
  return signCheckpoint({ origin, size: leaves.length, root: root(leaves) }, key);
}

function requestOf(leaves: Buffer[], oldSize: number): string {
  const proof = oldSize === 0 ? [] : consistencyProof(oldSize, leaves);
  return writeAddCheckpoint({ oldSize, proof, note: noteOver(leaves) });
}

async function post(body: string | Uint8Array<ArrayBuffer>) {
  const answer = await fetch(url, { method: "POST", body });
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    text: await answer.text(),
  };
}

function signedAt(leaves: Buffer[], text: string): number[] {
  const { cosignatures } = openNote(noteOver(leaves) + text, [parseVerifierKey(vkey)]);
  return cosignatures.map(({ at }) => at);
}

test("a history that grows is cosigned, at the time it was seen", async () => {
  for (const [size, before] of [
    [13, 0],
    [13, 13],
    [40, 13],
  ] as const) {
    const leaves = HONEST.slice(0, size);
    const answer = await post(requestOf(leaves, before));
    expect(answer.status).toBe(200);
    expect(signedAt(leaves, answer.text)).toEqual([NOW / 1000]);
  }
});

test("a fork, a smaller tree and another root of the same size are not, also after a restart", async () => {
  await post(requestOf(HONEST.slice(0, 30), 0));
  for (const isRestarted of [false, true]) {
    if (isRestarted) {
      await stop();
      await start();
    }
    expect(await post(requestOf(FORKED, 30))).toMatchObject({ status: 422 });
    const conflict = { status: 409, type: "text/x.tlog.size", text: "30\n" };
    expect(await post(requestOf(FORKED, 20))).toEqual(conflict);
    expect(await post(requestOf(FORKED, 0))).toEqual(conflict);
    expect(await post(requestOf(HONEST.slice(0, 20), 20))).toEqual(conflict);
    expect(await post(requestOf(FORKED.slice(0, 30), 30))).toEqual(conflict);
  }
  expect(await post(requestOf(HONEST, 30))).toMatchObject({ status: 200 });
});

test("two branches at once: one is cosigned, the other is told the size", async () => {
  await post(requestOf(HONEST.slice(0, 20), 0));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => post(requestOf(n % 2 === 0 ? HONEST : FORKED, 20))),
  );
  const good = answers.flatMap(({ status }, n) => (status === 200 ? [n % 2] : []));
  // a second request of the winner comes from a size that is no longer the last
  expect(good).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
});

const other = generateKeyPairSync("ed25519").privateKey;
const BAD: [string, () => string, number][] = [
  ["nothing", () => "", 400],
  ["no old size", () => `\n\n${noteOver(HONEST)}`, 400],
  ["an old size with a leading zero", () => requestOf(HONEST, 0).replace("old 0", "old 00"), 400],
  [
    "a proof of 64 lines",
    () =>
      writeAddCheckpoint({
        oldSize: 1,
        proof: Array<Buffer>(64).fill(HONEST[0]!),
        note: noteOver(HONEST),
      }),
    400,
  ],
  ["a line that is no hash", () => requestOf(HONEST, 0).replace("old 0\n", "old 0\nAAAA\n"), 400],
  ["no signature", () => requestOf(HONEST, 0).replace(/\u2014.*\n/, ""), 400],
  ["an old size beyond the new", () => requestOf(HONEST, 0).replace("old 0", "old 41"), 400],
  [
    "a log that is not watched",
    () => writeAddCheckpoint({ oldSize: 0, proof: [], note: noteOver(HONEST, other, "other/log") }),
    404,
  ],
  [
    "another key under the log's name",
    () => writeAddCheckpoint({ oldSize: 0, proof: [], note: noteOver(HONEST, other) }),
    403,
  ],
  [
    "the log's signature over another text",
    () => requestOf(HONEST, 0).replace("\n40\n", "\n39\n"),
    403,
  ],
  [
    "a proof from nothing",
    () => writeAddCheckpoint({ oldSize: 0, proof: [HONEST[0]!], note: noteOver(HONEST) }),
    422,
  ],
  [
    "an origin like a member of every object",
    () => writeAddCheckpoint({ oldSize: 0, proof: [], note: noteOver(HONEST, other, "__proto__") }),
    404,
  ],
];

test.each(BAD)("%s is refused, and nothing is remembered", async (_name, body, status) => {
  expect(await post(body())).toMatchObject({ status });
  expect(await post(requestOf(HONEST.slice(0, 5), 0))).toMatchObject({ status: 200 });
});

test("other doors, other verbs and great bodies are turned away", async () => {
  expect((await fetch(url)).status).toBe(405);
  expect((await fetch(new URL("/", url))).status).toBe(404);
  expect((await post("x".repeat(40_000))).status).toBe(413);
});

test("a witness whose memory is damaged does not start", async () => {
  await post(requestOf(HONEST, 0));
  const path = join(directory, "seen.json");
  const good = readFileSync(path, "utf8");
  for (const bad of [
    "",
    "[]",
    good.replace("40", '"40"'),
    good.replace(/"root":"../, '"root":"'),
  ]) {
    writeFileSync(path, bad);
    await expect(start()).rejects.toThrow("memory");
  }
  writeFileSync(path, good);
});
