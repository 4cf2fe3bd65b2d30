import { generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
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
  expect(opened).toEqual({ text: "This is an example message.\n", signers: ["example.com/foo"] });
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
