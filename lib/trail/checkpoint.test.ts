import { generateKeyPairSync, verify } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  checkpointText,
  cosignatureLine,
  openCheckpoint,
  openNote,
  parseVerifierKey,
  signCheckpoint,
  signNote,
  verifierKey,
} from "./checkpoint.ts";
import { sha256 } from "./tree.ts";

// the example of C2SP signed-note.md
const EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE_NOTE =
  "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

const ORIGIN = "countersign/test/trail";
const { privateKey } = generateKeyPairSync("ed25519");
const log = { name: ORIGIN, key: privateKey };
const checkpoint = { origin: ORIGIN, size: 42, root: sha256("some tree") };

test("the example note of the specification opens under its key", () => {
  const opened = openNote(EXAMPLE_NOTE, [parseVerifierKey(EXAMPLE_KEY)]);
  expect(opened).toMatchObject({
    text: "This is an example message.\n",
    signers: ["example.com/foo"],
  });
  expect(verifierKey(parseVerifierKey(EXAMPLE_KEY))).toBe(EXAMPLE_KEY);
});

test("a signed checkpoint opens to what was signed", () => {
  const note = signCheckpoint(checkpoint, privateKey);
  expect(note.startsWith(`${ORIGIN}\n42\n`)).toBe(true);
  expect(openCheckpoint(note, parseVerifierKey(verifierKey(log)))).toEqual(checkpoint);
});

test("every change of one byte of a checkpoint is refused", () => {
  const note = Buffer.from(signCheckpoint(checkpoint, privateKey));
  fc.assert(
    fc.property(fc.nat({ max: note.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(note);
      bytes[at]! ^= flip;
      expect(() => openCheckpoint(bytes.toString("utf8"), log)).toThrow(/note|checkpoint/);
    }),
    { numRuns: 1000 },
  );
});

test("signatures of unknown keys are passed over, a wrong one of a known key is not", () => {
  const stranger = { name: "witness.example", key: generateKeyPairSync("ed25519").privateKey };
  const text = `${ORIGIN}\n42\n${checkpoint.root.toString("base64")}\n`;
  const twice = signNote(text, log) + signNote(text, stranger).slice(text.length + 1);
  expect(openNote(twice, [log]).signers).toEqual([ORIGIN]);
  expect(openNote(twice, [log, stranger]).signers).toEqual([ORIGIN, "witness.example"]);
  expect(() => openCheckpoint(signNote(text, stranger), log)).toThrow("not signed by");
  const otherText = text.replace("42", "43");
  const mixed = otherText + signNote(text, log).slice(text.length);
  expect(() => openNote(mixed, [log])).toThrow("wrong");
});

test("a checkpoint of another log is refused even under the right key", () => {
  const note = signNote(`other/log\n42\n${checkpoint.root.toString("base64")}\n`, log);
  expect(() => openCheckpoint(note, log)).toThrow("of another log");
});

test.each([
  ["no signature", "text\n"],
  ["a control character", "te\u0000xt\n\n\u2014 a AAAAAAAA\n"],
  ["a signature line without the dash", "text\n\n- a AAAAAAAA\n"],
  ["base64 spelled otherwise", "text\n\n\u2014 a AAAAAAB\n"],
])("a note with %s is refused", (_name, note) => {
  expect(() => openNote(note, [log])).toThrow("note");
});

const witness = { name: "witness.example/w1", key: generateKeyPairSync("ed25519").privateKey };
const watcher = { ...witness, use: "witness" as const };
const AT = 1_679_315_147;

test("a witness's line is the timestamped signature of the standard, under an id of its own kind", () => {
  const text = checkpointText(checkpoint);
  const line = cosignatureLine(text, witness, AT);
  const [, name, encoded] = line.trim().split(" ");
  const bytes = Buffer.from(encoded!, "base64");
  expect([name, bytes.length, bytes.readBigUInt64BE(4)]).toEqual([witness.name, 76, BigInt(AT)]);
  const x = Buffer.from(witness.key.export({ format: "jwk" }).x!, "base64url");
  expect(bytes.subarray(0, 4)).toEqual(
    sha256(`${witness.name}\n`, Buffer.from([4]), x).subarray(0, 4),
  );
  const message = Buffer.from(`cosignature/v1\ntime ${AT}\n${text}`);
  expect(
    verify(null, message, parseVerifierKey(verifierKey(watcher)).key, bytes.subarray(12)),
  ).toBe(true);
});

test("a cosigned checkpoint opens with and without the witness's key, and tells the time", () => {
  const note = signCheckpoint(checkpoint, privateKey);
  const line = cosignatureLine(checkpointText(checkpoint), witness, AT);
  expect(openCheckpoint(note + line, log)).toEqual(checkpoint);
  const known = parseVerifierKey(verifierKey(watcher));
  expect(openNote(note + line, [log, known])).toMatchObject({
    signers: [ORIGIN],
    cosignatures: [{ name: witness.name, at: AT, line }],
  });
  // the same key does not pass for a log's: it is of another kind
  expect(openNote(note + line, [witness])).toMatchObject({ signers: [], cosignatures: [] });
});

function cosignedBy(note: string): string {
  try {
    return openNote(note, [watcher]).cosignatures[0]?.name ?? "none";
  } catch (error) {
    return (error as Error).message;
  }
}

test("every change of one byte of a cosignature is refused or leaves none", () => {
  const note = signCheckpoint(checkpoint, privateKey);
  const line = Buffer.from(cosignatureLine(checkpointText(checkpoint), witness, AT));
  fc.assert(
    fc.property(fc.nat({ max: line.length - 2 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(line);
      bytes[at]! ^= flip;
      expect(cosignedBy(note + bytes.toString("utf8"))).toMatch(/^(none|note: .*)$/);
    }),
    { numRuns: 1000 },
  );
});

test("two keys of one log sign one checkpoint, and either opens it", () => {
  const next = generateKeyPairSync("ed25519").privateKey;
  const note = signCheckpoint(checkpoint, privateKey, next);
  expect(openCheckpoint(note, log)).toEqual(checkpoint);
  expect(openCheckpoint(note, { name: ORIGIN, key: next })).toEqual(checkpoint);
  const onlyOld = signCheckpoint(checkpoint, privateKey);
  expect(openCheckpoint(onlyOld, { name: ORIGIN, key: next }, log)).toEqual(checkpoint);
  expect(() => openCheckpoint(onlyOld, { name: ORIGIN, key: next })).toThrow("not signed by");
});

test("the text ends at the last empty line, so extension lines may hold what looks like a signature", () => {
  const text = `${checkpointText(checkpoint)}\n\u2014 other AAAAAAAA\n`;
  expect(openNote(signNote(text, log), [log]).text).toBe(text);
});
