import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { TRAIL_KINDS, type TrailKind } from "./kinds.ts";
import { trailSentence } from "./sentences.ts";
import {
  buildLine,
  exportLine,
  FIRST_PREV,
  leafOfLine,
  parseLine,
  payloadCommitment,
  type ExportedEntry,
} from "./line.ts";
import { verifyLines } from "./verify.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const INCIDENTS = ["01930000-0000-7000-8000-000000000001", "01930000-0000-7000-8000-000000000002"];

const PERSON = "person:01930000-0000-7000-8000-00000000000a";
/** Entries before this one are lines of version 1. */
const FIRST_OF_V2 = 6;

/** A trail as the database would write it: every third entry belongs to no incident. */
function trail(
  length: number,
  payloadOf = (i: number): unknown => ({ note: `entry ${i}`, text: "é \u2028 \uFFFD" }),
): ExportedEntry[] {
  const chains = new Map<string | null, { seq: number; leaf: string }>();
  let prev = FIRST_PREV;
  return Array.from({ length }, (_, seq) => {
    const incident = seq % 3 === 2 ? null : INCIDENTS[seq % 2]!;
    const before = chains.get(incident) ?? { seq: -1, leaf: FIRST_PREV };
    const payload = canonicalJson(payloadOf(seq));
    const salt = Buffer.alloc(32, seq).toString("hex");
    const line = buildLine({
      actor: "system:test",
      at: `2026-03-01T02:14:${String(seq % 60).padStart(2, "0")}.000000Z`,
      incident,
      incidentPrev: incident && before.leaf,
      incidentSeq: incident === null ? null : before.seq + 1,
      kind: "note.added",
      payload: payloadCommitment(salt, payload),
      prev,
      role: "countersign_web",
      seq,
      ...(seq < FIRST_OF_V2
        ? { v: 1 }
        : {
            v: 2,
            onBehalf: seq % 4 ? null : PERSON,
            session: seq % 5 ? null : "0123456789abcdef",
          }),
    });
    prev = leafOfLine(line);
    chains.set(incident, { seq: before.seq + 1, leaf: prev });
    return { leaf: prev, line, payload, salt };
  });
}

function verify(entries: ExportedEntry[]) {
  return verifyLines(entries.map(exportLine));
}

function failed(result: Awaited<ReturnType<typeof verify>>): string[] {
  return result.checks.filter((check) => !check.holds).map((check) => check.name);
}

function ofIncident(entries: ExportedEntry[], incident: string): ExportedEntry[] {
  return entries.filter((entry) => entry.line.includes(`"incident":"${incident}"`));
}

test("a whole log verifies and says that it is one", async () => {
  const result = await verify(trail(60));
  expect(result).toMatchObject({
    scope: "log",
    holds: true,
    entries: 60,
    firstAt: "2026-03-01T02:14:00.000000Z",
  });
  expect(result.checks.map((check) => check.name)).toEqual([
    "form",
    "leaf",
    "payload",
    "sequence",
    "chain",
    "incidents",
    "time",
  ]);
  expect(result.cannotProve[0]).toContain("nothing was written after 2026-03-01T02:14:59.000000Z");
});

test("the extract of one incident verifies alone and says that it is one", async () => {
  const result = await verify(ofIncident(trail(60), INCIDENTS[1]!));
  expect(result).toMatchObject({
    scope: "incident",
    incident: INCIDENTS[1],
    holds: true,
    entries: 20,
  });
});

test("an empty file is not a trail", async () => {
  expect(await verify([])).toMatchObject({ holds: false, entries: 0 });
});

const entries = trail(60);
const TAMPERED: [string, ExportedEntry[], string[], number][] = [
  [
    "an altered line",
    entries.with(7, {
      ...entries[7]!,
      line: entries[7]!.line.replace("system:test", "system:best"),
    }),
    ["leaf", "chain", "incidents"],
    8,
  ],
  ["an altered line with its leaf made anew", rehashed(entries, 7), ["chain", "incidents"], 9],
  [
    "an altered payload",
    entries.with(7, { ...entries[7]!, payload: '{"note":"other"}' }),
    ["payload"],
    8,
  ],
  ["a missing entry", entries.toSpliced(7, 1), ["sequence", "chain", "incidents"], 8],
  ["a missing first entry", entries.slice(1), ["sequence", "chain", "incidents"], 1],
  [
    "two entries swapped",
    entries.with(7, entries[8]!).with(8, entries[7]!),
    ["sequence", "chain"],
    8,
  ],
  ["an entry twice", entries.toSpliced(7, 0, entries[7]!), ["sequence", "chain", "incidents"], 9],
];

test.each(TAMPERED)("%s is found and named with its line", async (_name, file, expected, line) => {
  const result = await verify(file);
  expect(failed(result)).toEqual(expect.arrayContaining(expected));
  expect(
    Math.min(...result.checks.map((check) => check.first?.line ?? Number.POSITIVE_INFINITY)),
  ).toBe(line);
});

test("leaving an entry out of an incident's extract is found", async () => {
  const extract = ofIncident(entries, INCIDENTS[0]!);
  for (const at of [0, 3, extract.length - 2]) {
    expect(failed(await verify(extract.toSpliced(at, 1)))).toContain("incidents");
  }
});

test("a time that runs backwards is found even when the chain was made anew", async () => {
  const late = entries[0]!.line.replace("02:14:00", "02:15:30");
  const one = { ...entries[0]!, line: late, leaf: leafOfLine(late) };
  expect(failed(await verify([one, ...entries.slice(1)]))).toContain("time");
});

test("every change of one byte of an exported file is found", async () => {
  const file = Buffer.from(`${trail(9).map(exportLine).join("\n")}\n`);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: file.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const bytes = Buffer.from(file);
        bytes[at]! ^= flip;
        expect(await holdsAsFile(bytes)).toBe(false);
      },
    ),
    { numRuns: 3000 },
  );
  expect(await holdsAsFile(file)).toBe(true);
});

test("every spelling of a line but the canonical one is refused", () => {
  const { line } = entries[0]!;
  for (const other of [
    ` ${line}`,
    line.replace('"v":1', '"v":1.0'),
    line.replace('"v":1', '"v":2'),
    line.replace("{", '{"actor":"x",'),
    line.replace('"seq":0', '"seq":-1'),
  ]) {
    expect(parseLine(other).ok).toBe(false);
  }
  expect(parseLine(line).ok).toBe(true);
});

test("a line is held to the rules of its own version", () => {
  const [old, { line }] = [entries[0]!.line, entries[20]!];
  expect(parseLine(line)).toMatchObject({ ok: true, value: { onBehalf: PERSON, v: 2 } });
  const wrong: [string, string][] = [
    [line.replace('"v":2', '"v":1'), "has the keys"],
    [old.replace('"v":1', '"v":2'), "has the keys"],
    [line.replace('"v":2', '"v":3'), "has the keys"],
    [line.replace('"0123456789abcdef"', '"0123456789ABCDEF"'), "session is not 16 hex digits"],
    [line.replace(PERSON, "system:gate"), "onBehalf is not a person"],
    [line.replace('"system:test"', `"${PERSON}"`), "a person who acts on behalf of another"],
  ];
  for (const [other, reason] of wrong) {
    expect(other).not.toBe(line);
    expect(parseLine(other)).toEqual({
      ok: false,
      reason: expect.stringContaining(reason) as string,
    });
  }
});

test("the command line names each check in order and exits 0, or 1 on a tampered file", async () => {
  const good = await runVerify(entries.map(exportLine).join("\n") + "\n");
  expect(good.code).toBe(0);
  expect(good.out).toContain("Checked the whole log.");
  expect(good.out).toContain(
    "60 entries, from 2026-03-01T02:14:00.000000Z to 2026-03-01T02:14:59.000000Z",
  );
  expect(good.out).toContain("cannot prove");
  const bad = await runVerify(entries.toSpliced(5, 1).map(exportLine).join("\n") + "\n");
  expect(bad.code).toBe(1);
  expect(bad.out).toContain(
    "FAIL  the sequence numbers run from 0 without a gap: line 6: found entry 6 where 5 belongs",
  );
  expect((await runVerify(entries.map(exportLine).join("\n"))).code).toBe(1);
});

test("every kind has a sentence, for an empty payload and for a hostile one", () => {
  const hostile = {
    number: {},
    title: "a\nb\u0000".repeat(200),
    reason: ["x", { code: "y" }],
    count: 1,
    __proto__: null,
  };
  for (const kind of TRAIL_KINDS) {
    for (const payload of [{}, null, "text", hostile]) {
      const sentence = trailSentence(kind, payload);
      expect(sentence).toMatch(/^\S.{3,600}$/);
      expect(sentence).not.toMatch(/undefined|\[object|NaN/);
    }
  }
});

const SAID: [TrailKind, unknown, string][] = [
  [
    "alert.ingested",
    { accepted: 12, duplicates: 2, rejected: 1, source: "EDR" },
    "brought 12 records, 2 known already, 1 refused",
  ],
  [
    "incident.opened",
    { number: "INC-000004", title: "Odd logon", count: 3 },
    'opened INC-000004 "Odd logon"',
  ],
  [
    "incident.merged",
    { into: "INC-000002", from: "INC-000004", count: 1 },
    "merged INC-000004 into INC-000002 with 1 record",
  ],
  [
    "evidence.sealed",
    { evidenceCount: 9, added: 2, evidenceRoot: "ab".repeat(32) },
    "sealed 9 records of evidence, new ones: 2, root abababababab",
  ],
  [
    "model_run.failed",
    { model: "m-1", error: "The model is overloaded." },
    "ended a request to the model m-1 without a whole answer: The model is overloaded.",
  ],
  [
    "summary.issued",
    { origin: "rules", version: 2, claimCount: 51, standing: "supported" },
    "issued the rules summary version 2 with 51 claims, worst standing supported",
  ],
  [
    "claim.reviewed",
    { claim: "uuid", outcome: "disputed", text: "Five logons failed.", reason: "It was six." },
    'disputed a claim "Five logons failed.": It was six.',
  ],
  [
    "decision.refused",
    { kind: "closure", reason: "Done.", reasons: [{ code: "x", sentence: "Nobody looked." }] },
    "was refused the closure: Nobody looked.",
  ],
  ["decision.took_effect", { kind: "containment" }, "put the containment into effect"],
  ["session.closed", { sessions: 3 }, "ended 3 sessions"],
  [
    "payload.key_rotated",
    { from: "ab", incidents: 3, to: "cd" },
    "changed the key that payloads lie under from ab to cd; the old one is retired",
  ],
  ["export.downloaded", { format: "proof", entry: 17 }, "took away the proof of entry 17"],
  [
    "table.downloaded",
    { of: "queue", format: "csv", view: "mine" },
    "took rows of the queue away as a file, view mine in the format csv",
  ],
  ["export.downloaded", { format: "jsonl" }, "took the trail away as a file in the format jsonl"],
];

test.each(SAID)("%s is told in plain words", (kind, payload, sentence) => {
  expect(trailSentence(kind, payload)).toBe(sentence);
});

function rehashed(all: ExportedEntry[], at: number): ExportedEntry[] {
  const line = all[at]!.line.replace("system:test", "system:best");
  return all.with(at, { ...all[at]!, line, leaf: leafOfLine(line) });
}

async function holdsAsFile(bytes: Buffer): Promise<boolean> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const lines = text.split("\n");
    const last = lines.pop();
    if (last !== "") return false;
    return (await verifyLines(lines)).holds;
  } catch {
    return false;
  }
}

async function runVerify(text: string): Promise<{ code: number; out: string }> {
  const file = join(ownFolder("trail"), "trail.jsonl");
  writeFileSync(file, text);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["lib/cli/verify.ts", file]);
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, out: stdout };
  }
}
