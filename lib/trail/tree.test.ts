import * as fc from "fast-check";
import { expect, test } from "vitest";
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from "./proof.ts";
import { CompactRange, leafHash, root, sha256, type Hash } from "./tree.ts";

// the test vectors of Certificate Transparency: eight leaves and the roots of their first n
const CT_LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((hex) => leafHash(Buffer.from(hex, "hex")));
const CT_ROOTS: [number, string][] = [
  [1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
  [2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
  [3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
  [4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
  [5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"],
  [6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"],
  [7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"],
  [8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
];

test.each(CT_ROOTS)("the root of the first %i leaves is the published one", (size, expected) => {
  expect(root(CT_LEAVES.slice(0, size)).toString("hex")).toBe(expected);
});

test("the root of nothing is the hash of nothing", () => {
  expect(root([]).equals(sha256())).toBe(true);
});

test("every leaf is included, and in no other place and under no altered proof", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (size, a, b) => {
      const leaves = leavesOf(size);
      const index = a % size;
      const claim = {
        index,
        size,
        leaf: leaves[index]!,
        root: root(leaves),
        proof: inclusionProof(index, leaves),
      };
      expect(verifyInclusion(claim)).toBe(true);
      if (size === 1) return;
      expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(false);
      expect(verifyInclusion({ ...claim, proof: altered(claim.proof, b) })).toBe(false);
      expect(verifyInclusion({ ...claim, proof: claim.proof.slice(1) })).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("a grown log is consistent with its past, and a rewritten one is not", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (newSize, a, b) => {
      const leaves = leavesOf(newSize);
      const oldSize = 1 + (a % (newSize - 1));
      const [oldRoot, newRoot] = [root(leaves.slice(0, oldSize)), root(leaves)];
      const claim = {
        oldSize,
        newSize,
        oldRoot,
        newRoot,
        proof: consistencyProof(oldSize, leaves),
      };
      expect(verifyConsistency(claim)).toBe(true);
      expect(verifyConsistency({ ...claim, proof: altered(claim.proof, b) })).toBe(false);
      const forged = leaves.with(b % oldSize, leafHash("forged"));
      expect(
        verifyConsistency({
          ...claim,
          newRoot: root(forged),
          proof: consistencyProof(oldSize, forged),
        }),
      ).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("a compact range put away and taken out again goes on to the same root", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat({ max: 300 }), (size, more) => {
      const leaves = leavesOf(size + more);
      const before = new CompactRange();
      for (const leaf of leaves.slice(0, size)) before.append(leaf);
      const after = CompactRange.fromBytes(size, before.toBytes());
      for (const leaf of leaves.slice(size)) after.append(leaf);
      expect(after.root().equals(rootByDefinition(leaves))).toBe(true);
      expect(before.root().equals(rootByDefinition(leaves.slice(0, size)))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("peaks that do not fit the size are refused", () => {
  const range = new CompactRange();
  for (const leaf of leavesOf(5)) range.append(leaf);
  expect(() => CompactRange.fromBytes(7, range.toBytes())).toThrow("do not fit");
  expect(() => CompactRange.fromBytes(5, range.toBytes().subarray(1))).toThrow("not whole hashes");
});

function leavesOf(size: number): Hash[] {
  return Array.from({ length: size }, (_, i) => leafHash(`entry ${i}`));
}

function altered(proof: readonly Hash[], at: number): Hash[] {
  const copy = proof.map((hash) => Buffer.from(hash));
  const hash = copy[at % copy.length]!;
  hash[at % 32]! ^= 1;
  return copy;
}

/** RFC 6962 2.1 word for word, to compare the quick way with. */
function rootByDefinition(leaves: Hash[]): Hash {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [
    rootByDefinition(leaves.slice(0, split)),
    rootByDefinition(leaves.slice(split)),
  ];
  return sha256(Buffer.from([1]), left, right);
}
