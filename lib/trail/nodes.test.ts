import { generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { signCheckpoint } from "./checkpoint.ts";
import {
  consistencyFromNodes,
  inclusionFromNodes,
  rootFromNodes,
  type ReadNodes,
} from "./nodes.ts";
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from "./proof.ts";
import { openTlogProof, readTlogProof, writeTlogProof } from "./tlog-proof.ts";
import { leafHash, root, type Hash, type NodeId } from "./tree.ts";

/** The nodes of these leaves as the database keeps them: complete subtrees and no others. */
function nodesOf(leaves: readonly Hash[]): ReadNodes {
  const key = ({ level, index }: NodeId): string => `${level}/${index}`;
  const kept = new Map<string, Hash>();
  for (let level = 0; 2 ** level <= leaves.length; level += 1) {
    for (let index = 0; (index + 1) * 2 ** level <= leaves.length; index += 1) {
      kept.set(
        key({ level, index }),
        root(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      );
    }
  }
  return (ids) => {
    for (const id of ids) if (!kept.has(key(id))) throw new Error(`no node ${key(id)}`);
    return Promise.resolve((id) => kept.get(key(id))!);
  };
}

const leavesOf = (size: number): Hash[] =>
  Array.from({ length: size }, (_, i) => leafHash(`entry ${i}`));

test("proofs and roots from nodes are those from all leaves, at every size of one log", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), async (length, a, b) => {
      const leaves = leavesOf(length);
      const read = nodesOf(leaves);
      const size = 1 + (a % length);
      const [then, index, oldSize] = [leaves.slice(0, size), b % size, 1 + (b % size)];
      expect(await rootFromNodes(size, read)).toEqual(root(then));
      const proof = await inclusionFromNodes(index, size, read);
      expect(proof).toEqual(inclusionProof(index, then));
      const leaf = leaves[index]!;
      expect(verifyInclusion({ index, size, leaf, root: root(then), proof })).toBe(true);
      const consistency = await consistencyFromNodes(oldSize, size, read);
      expect(consistency).toEqual(consistencyProof(oldSize, then));
      const roots = { oldRoot: root(leaves.slice(0, oldSize)), newRoot: root(then) };
      const claim = { oldSize, newSize: size, ...roots, proof: consistency };
      expect(verifyConsistency(claim)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("a proof out of a million entries reads a few dozen nodes", async () => {
  const hash = leafHash("any");
  let readings = 0;
  const counting: ReadNodes = (ids) => {
    readings += ids.length;
    return Promise.resolve(() => hash);
  };
  for (const index of [0, 1, 524_287, 524_288, 777_777, 999_999]) {
    readings = 0;
    const proof = await inclusionFromNodes(index, 1_000_000, counting);
    expect(proof.length).toBeLessThanOrEqual(20);
    expect(readings).toBeLessThanOrEqual(40);
    expect(readings).toBeGreaterThan(0);
  }
});

test("what is not there has no proof", async () => {
  const read = nodesOf(leavesOf(5));
  await expect(inclusionFromNodes(5, 5, read)).rejects.toThrow("no such leaf");
  await expect(inclusionFromNodes(-1, 5, read)).rejects.toThrow("no such leaf");
  await expect(consistencyFromNodes(0, 5, read)).rejects.toThrow("no such size");
  await expect(consistencyFromNodes(6, 5, read)).rejects.toThrow("no such size");
  await expect(rootFromNodes(6, read)).rejects.toThrow("no node");
  expect(await rootFromNodes(0, read)).toEqual(root([]));
});

const { privateKey: key } = generateKeyPairSync("ed25519");
const ORIGIN = "countersign/test/trail";
const LOG = { name: ORIGIN, key };

function tlogProofOf(leaves: Hash[], index: number): string {
  const checkpoint = signCheckpoint(
    { origin: ORIGIN, size: leaves.length, root: root(leaves) },
    key,
  );
  return writeTlogProof({ index, hashes: inclusionProof(index, leaves), checkpoint });
}

test("a tlog-proof leads from a leaf to its checkpoint, and from no other leaf", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (size, a) => {
      const leaves = leavesOf(size);
      const index = a % size;
      const text = tlogProofOf(leaves, index);
      expect(openTlogProof(text, leaves[index]!, LOG)).toMatchObject({ size, origin: ORIGIN });
      expect(writeTlogProof(readTlogProof(text))).toBe(text);
      expect(() => openTlogProof(text, leafHash("another"), LOG)).toThrow("not in the tree");
    }),
  );
});

test("every single changed byte of a tlog-proof is noticed", () => {
  const leaves = leavesOf(7);
  const text = Buffer.from(tlogProofOf(leaves, 4));
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(text);
      bytes[at]! ^= flip;
      expect(() => openTlogProof(bytes.toString(), leaves[4]!, LOG)).toThrow(Error);
    }),
    { numRuns: 1500 },
  );
});

test("extra data is passed over, and what is no proof is named", () => {
  const leaves = leavesOf(3);
  const text = tlogProofOf(leaves, 1);
  const extra = text.replace("\nindex", "\nextra AAEC\nindex");
  expect(openTlogProof(extra, leaves[1]!, LOG).size).toBe(3);
  for (const [bad, says] of [
    ["", "no checkpoint"],
    [text.replace("@v1", "@v2"), "another header"],
    [text.replace("index 1", "index 01"), "no index"],
    [text.replace("\nindex", "\nextra %%\nindex"), "not base64"],
    [text.replace("\n\n", "\nAAEC\n\n"), "a hash has 32 bytes"],
  ] as const) {
    expect(() => readTlogProof(bad)).toThrow(says);
  }
});
