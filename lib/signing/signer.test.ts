import { generateKeyPairSync } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openCheckpoint } from "#lib/trail/checkpoint.ts";
import { buildLine, FIRST_PREV, leafOfLine } from "#lib/trail/line.ts";
import { root } from "#lib/trail/tree.ts";
import type { LogEntry } from "#lib/trail/log.ts";
import { openSigner, type Signer } from "./signer.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const ORIGIN = "countersign/test/trail";
const { privateKey: key } = generateKeyPairSync("ed25519");

/** A log in memory that can be tampered with, and a clock that is set by hand. */
let entries: LogEntry[];
let notes: string[];
let clock: number;
let statePath: string;

beforeEach(() => {
  entries = [];
  notes = [];
  clock = 0;
  statePath = join(ownFolder("signer"), "signer.json");
});

function open(): Promise<Signer> {
  return openSigner({
    log: {
      read: async (seq, limit) => entries.filter((entry) => entry.seq >= seq).slice(0, limit),
      last: async () => {
        const note = notes.at(-1);
        return note === undefined ? null : { ...openCheckpoint(note, { name: ORIGIN, key }), note };
      },
      save: async ({ note }) => {
        if (!notes.includes(note)) notes.push(note);
      },
    },
    key,
    origin: ORIGIN,
    statePath,
    now: () => clock,
  });
}

function append(count: number, kind = "note.added"): void {
  for (let i = 0; i < count; i++) {
    const seq = entries.length;
    const line = lineOf(seq, entries.at(-1)?.leaf ?? FIRST_PREV, kind);
    entries.push({ seq, line, leaf: leafOfLine(line) });
  }
}

function lineOf(seq: number, prev: string, kind: string, actor = "system:test"): string {
  return buildLine({
    actor,
    at: "2026-03-01T02:14:07.000000Z",
    incident: null,
    incidentPrev: null,
    incidentSeq: null,
    kind,
    payload: FIRST_PREV,
    prev,
    role: "countersign_web",
    seq,
    v: 1,
  });
}

/** What a superuser would do: change one entry and make every later hash anew. */
function rewriteFrom(at: number): void {
  for (let seq = at; seq < entries.length; seq++) {
    const line = lineOf(
      seq,
      entries[seq - 1]?.leaf ?? FIRST_PREV,
      "note.added",
      seq === at ? "system:forger" : "system:test",
    );
    entries[seq] = { seq, line, leaf: leafOfLine(line) };
  }
}

test("a decision that took effect is signed at once, other entries within a minute", async () => {
  const signer = await open();
  append(3);
  expect(await signer.step()).toEqual({ did: "nothing", size: 0 });
  clock = 59_999;
  expect(await signer.step()).toMatchObject({ did: "nothing" });
  clock = 60_000;
  expect(await signer.step()).toMatchObject({ did: "signed", size: 3 });
  append(1);
  expect(await signer.step()).toMatchObject({ did: "nothing" });
  append(1, "decision.took_effect");
  expect(await signer.step()).toMatchObject({ did: "signed", size: 5 });
  expect(await signer.step()).toMatchObject({ did: "nothing", size: 5 });
});

test("256 entries are signed at once", async () => {
  const signer = await open();
  append(255);
  expect(await signer.step()).toMatchObject({ did: "nothing" });
  append(1);
  expect(await signer.step()).toMatchObject({ did: "signed", size: 256 });
});

test("the checkpoint names the size and root of the tree over the lines", async () => {
  const signer = await open();
  append(1500);
  await signer.step();
  expect(openCheckpoint(notes[0]!, { name: ORIGIN, key })).toEqual({
    origin: ORIGIN,
    size: 1500,
    root: root(entries.map((entry) => Buffer.from(entry.leaf, "hex"))),
  });
});

test("a signer that was stopped goes on from its own state", async () => {
  append(300);
  await (await open()).step();
  append(300);
  expect(await (await open()).step()).toMatchObject({ did: "signed", size: 600 });
});

test("a checkpoint lost in a crash between signing and storing is stored at the next start", async () => {
  append(300);
  await (await open()).step();
  const [lost] = notes.splice(0);
  await (await open()).step();
  expect(notes).toEqual([lost]);
});

const TAMPERINGS: [string, () => void, RegExp][] = [
  [
    "an entry was edited in place",
    () => (entries[5]!.line = entries[5]!.line.replace("system:test", "system:best")),
    /entry 5 was altered/,
  ],
  ["an entry was edited and the chain made anew", () => rewriteFrom(5), /was rewritten/],
  ["an entry in the middle is gone", () => entries.splice(5, 1), /has a gap: entry 5 is missing/],
  ["the newest entries are gone", () => entries.splice(290), /the trail shrank/],
  ["the log was emptied", () => entries.splice(0), /the trail shrank/],
  [
    "the log was cut back and grew again",
    () => (entries.splice(290), append(50, "note.added"), rewriteFrom(290)),
    /was rewritten/,
  ],
];

test.each(TAMPERINGS)(
  "when %s, the signer refuses, says so once, and signs nothing more",
  async (_name, tamper, reason) => {
    append(300);
    const signer = await open();
    await signer.step();
    const before = structuredClone(entries);
    tamper();
    clock += 700_000; // past the next reading of the whole log
    expect(await signer.step()).toMatchObject({
      did: "refused",
      size: 300,
      isNews: true,
      reason: expect.stringMatching(reason) as string,
    });
    expect(await signer.step()).toMatchObject({ did: "refused", isNews: false });
    expect(await (await open()).step()).toMatchObject({ did: "refused" });
    expect(notes).toHaveLength(1);
    entries = before;
    append(300);
    expect(await signer.step()).toMatchObject({ did: "signed", size: 600 });
  },
);

test("entries that vanish before they were signed are noticed as well", async () => {
  const signer = await open();
  append(10);
  await signer.step();
  entries.splice(8);
  expect(await signer.step()).toMatchObject({
    did: "refused",
    isNews: true,
    reason: expect.stringContaining("shrank") as string,
  });
  expect(await signer.step()).toMatchObject({ did: "refused", isNews: true });
  expect(await signer.step()).toMatchObject({ did: "refused", isNews: false });
});

test("a signer whose state was lost is bound by what it signed", async () => {
  append(300);
  await (await open()).step();
  const before = structuredClone(entries);
  rmSync(statePath);
  rewriteFrom(5);
  append(10);
  const forgetful = await open();
  expect(await forgetful.step()).toMatchObject({
    did: "refused",
    reason: expect.stringContaining("rewritten") as string,
  });
  entries = before.slice(0, 290);
  expect(await forgetful.step()).toMatchObject({
    did: "refused",
    reason: expect.stringContaining("shrank") as string,
  });
  entries = before;
  append(1);
  expect(await forgetful.step()).toMatchObject({ did: "signed", size: 301 });
});

test("a damaged state file or one of another log stops the signer from starting", async () => {
  append(300);
  await (await open()).step();
  const good = readFileSync(statePath, "utf8");
  for (const bad of [
    "",
    "{}",
    good.replace(ORIGIN, "other/log"),
    good.replace('"size":300', '"size":301'),
    good.replace(/"peaks":"../, '"peaks":"00'),
  ]) {
    writeFileSync(statePath, bad);
    await expect(open()).rejects.toThrow("the signer's state");
  }
});
