import { createHash, generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { inclusionProof } from "../proof.ts";
import { leafHash } from "../tree.ts";
import { holdsEnvelope, parseEnvelope, preAuthEncoding, sealEnvelope } from "./dsse.ts";
import { FAULTS } from "./faults.ts";
import { manifestText, parseManifest, parseSums, sumsText } from "./manifest.ts";
import type { BundlePredicate } from "./manifest.ts";
import { ProofCollector } from "./proof-collector.ts";
import { parseProof, proofText } from "./proof-file.ts";

test("what is signed of an envelope is the test vector of DSSE", () => {
  const encoded = preAuthEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
  expect(encoded.toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
});

test("an envelope opens by its key alone, and in one spelling", () => {
  const [own, other] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const text = sealEnvelope('{"a":1}', own.privateKey, "id");
  const envelope = parseEnvelope(text)!;
  expect(envelope.body.toString()).toBe('{"a":1}');
  expect(holdsEnvelope(envelope, own.publicKey)).toBe(true);
  expect(holdsEnvelope(envelope, other.publicKey)).toBe(false);
  for (const spelling of [` ${text}`, text.trim(), text.replace("payload", "payloat"), "{}\n", ""])
    expect(parseEnvelope(spelling)).toBeNull();
});

const PREDICATE: BundlePredicate = {
  ...{ askedBy: "person:a", entries: 3, keyEntry: 1, log: "l", size: 9, v: 1 },
  scope: { kind: "period", from: 0, to: 8 },
  withheld: { evidence: false, names: true, payloads: false },
};

test("a manifest is read when each of its fields is what it should be, and is none otherwise", () => {
  const files = [{ name: "trail.jsonl", sha256: "0".repeat(64) }];
  const read = (predicate: unknown) =>
    parseManifest(manifestText({ files, predicate: predicate as BundlePredicate }));
  expect(read(PREDICATE)).toEqual({ files, predicate: PREDICATE });
  const { withheld, scope, ...rest } = PREDICATE;
  const others: unknown[] = [
    ...[null, 1, "p", {}, { ...rest, withheld }, { ...rest, scope }],
    ...Object.keys(rest).map((key) => ({ ...PREDICATE, [key]: { toString: 1 } })),
    ...Object.keys(withheld).map((key) => ({ ...PREDICATE, withheld: { ...withheld, [key]: 0 } })),
    ...[-1, "1", null].map((size) => ({ ...PREDICATE, size })),
    ...["", "incident", "person", "model", "prompt", "toString"].map((kind) => ({
      ...PREDICATE,
      scope: { kind },
    })),
    { ...PREDICATE, scope: { kind: "period", from: 0 } },
  ];
  for (const other of others) expect(read(other), JSON.stringify(other)).toBeNull();
});

test("whatever byte of a manifest changes, what is read of it has every field", () => {
  const text = manifestText({ files: [], predicate: PREDICATE });
  const bytes = Buffer.from(text);
  let readable = 0;
  for (let at = 0; at < bytes.length; at += 1)
    for (const by of [1, 2, 4, 8, 16, 32, 64, 128]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= by;
      const manifest = parseManifest(changed.toString("utf8"));
      if (!manifest) continue;
      readable += 1;
      const { predicate } = manifest;
      expect(Object.keys(predicate).toSorted()).toEqual(Object.keys(PREDICATE).toSorted());
      expect(Object.values(predicate.withheld).map((each) => typeof each)).toEqual(
        Array.from({ length: 3 }, () => "boolean"),
      );
    }
  expect(readable).toBeGreaterThan(0);
});

test("proofs collected in one pass are those of RFC 6962", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(fc.nat(), { maxLength: 9 }),
      (size, picks) => {
        const leaves = Array.from({ length: size }, (_, n) => leafHash(String(n)));
        const chosen = picks.map((pick) => pick % size);
        const collector = new ProofCollector(size, chosen);
        for (const leaf of leaves) collector.append(leaf);
        for (const index of chosen)
          expect(collector.proof(index)).toEqual(inclusionProof(index, leaves));
      },
    ),
    { numRuns: 300 },
  );
});

test("a proof's file is read back, and only as it was written", () => {
  const file = {
    index: 5,
    proof: [leafHash("a"), leafHash("b")],
    checkpoint: "o\n6\nr\n\n— o s\n",
  };
  const text = proofText(file);
  expect(parseProof(text)).toEqual(file);
  expect(parseProof(proofText({ ...file, proof: [] }))).toEqual({ ...file, proof: [] });
  for (const other of [
    text.replace("index 5", "index 05"),
    text.replace("@v1", "@v2"),
    "",
    `\n${text}`,
  ])
    expect(parseProof(other)).toBeNull();
});

test("a list of sums is read back, and nothing that leads outside or stands twice", () => {
  const sha256 = createHash("sha256").digest("hex");
  const files = ["README", "evidence/ab", "trail.jsonl"].map((name) => ({ name, sha256 }));
  expect(parseSums(sumsText(files))).toEqual(files);
  const [line] = sumsText(files).split("\n");
  for (const text of [
    "",
    line!,
    `${line}\n${line}\n`,
    `${sha256}  ../x\n`,
    `${sha256}  a/../x\n`,
    `${sha256}  /x\n`,
    `${sha256} *x\n`,
  ])
    expect(parseSums(text)).toBeNull();
});

test("every fault has an exit code of its own, and none is one that a crash has", () => {
  const codes = Object.values(FAULTS).map(({ exit }) => exit);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.every((code) => code > 1 && code < 126)).toBe(true);
});
