import * as fc from "fast-check";
import { expect, test } from "vitest";
import { consistencyProof, verifyConsistency } from "./proof.ts";
import { GrowthProof } from "./range-proof.ts";
import { CompactRange, leafHash, root } from "./tree.ts";

const LEAVES = Array.from({ length: 130 }, (_, n) => leafHash(`leaf ${n}`));

function grown(oldSize: number, size: number) {
  const old = new CompactRange();
  for (const leaf of LEAVES.slice(0, oldSize)) old.append(leaf);
  const growth = new GrowthProof(old, size);
  for (const leaf of LEAVES.slice(oldSize, size)) growth.append(leaf);
  return growth.finish();
}

test("from the old edge and the new leaves comes the very proof that all leaves give", () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 130 }));
  fc.assert(
    fc.property(sizes, ([a, b]) => {
      const [oldSize, size] = [Math.min(a, b), Math.max(a, b)];
      const { range, proof } = grown(oldSize, size);
      const leaves = LEAVES.slice(0, size);
      expect(proof).toEqual(consistencyProof(oldSize, leaves));
      expect(range.root()).toEqual(root(leaves));
      const roots = { oldRoot: root(LEAVES.slice(0, oldSize)), newRoot: root(leaves) };
      expect(verifyConsistency({ oldSize, newSize: size, ...roots, proof })).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("sizes and leaves that do not fit are refused", () => {
  expect(() => new GrowthProof(new CompactRange(), 1)).toThrow("no such sizes");
  const old = new CompactRange();
  old.append(LEAVES[0]!);
  old.append(LEAVES[1]!);
  expect(() => new GrowthProof(old, 1)).toThrow("no such sizes");
  const growth = new GrowthProof(old, 3);
  expect(() => growth.finish()).toThrow("fewer leaves");
  growth.append(LEAVES[2]!);
  expect(() => growth.append(LEAVES[3]!)).toThrow("more leaves");
});
