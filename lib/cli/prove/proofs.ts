/** Trees and proofs against a second implementation, written from the definitions of RFC 6962 alone. */
import { createHash } from "node:crypto";
import { ProofCollector } from "#lib/trail/bundle/proof-collector.ts";
import {
  consistencyProof,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from "#lib/trail/proof.ts";
import { root, type Hash } from "#lib/trail/tree.ts";
import { none, told } from "../figures.ts";
import { seededRandom } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";

const TREES: Record<ProofMode, number> = { short: 2_000, normal: 20_000, long: 100_000 };
const LEAVES_MAX = 150;
const SEED = 6962;

const LIMITS = `Trees of up to ${LEAVES_MAX} leaves, of every shape that sizes of up to that have. The second implementation shares node:crypto's
sha256 with the first. The published vectors of Certificate Transparency are tried here, those of C2SP's signed notes by the unit
tests (lib/trail/checkpoint.test.ts).`;

/** The leaves of Certificate Transparency's test vectors and the root over all eight. */
const CT_LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";

export async function proveProofs(mode: ProofMode): Promise<Proof> {
  const random = seededRandom(SEED);
  const wrong = { roots: 0, inclusion: 0, consistency: 0, accepted: 0 };
  for (let n = 0; n < TREES[mode]; n += 1) tryTree(random, wrong);
  const ct = CT_LEAVES.map((hex) => sha(Buffer.concat([Buffer.of(0), Buffer.from(hex, "hex")])));
  const vectors = [root(ct), rootOf(ct)].filter((hash) => hash.toString("hex") !== CT_ROOT).length;
  const trees = TREES[mode];
  return {
    figures: [
      told("trees", trees, trees, `random, up to ${LEAVES_MAX} leaves`),
      none("roots", wrong.roots, trees, "roots that differ"),
      none("inclusion", wrong.inclusion, trees, "inclusion proofs that differ or do not verify"),
      none(
        "consistency",
        wrong.consistency,
        trees,
        "consistency proofs that differ or do not verify",
      ),
      none("accepted", wrong.accepted, trees * 3, "altered proofs that verified"),
      none("vectors", vectors, 2, "published roots that are missed, by either implementation"),
    ],
    limits: LIMITS,
  };
}

type Wrong = { roots: number; inclusion: number; consistency: number; accepted: number };

function tryTree(random: () => number, wrong: Wrong): void {
  const pick = (below: number) => Math.floor(random() * below);
  const size = 1 + pick(LEAVES_MAX);
  const leaves = Array.from({ length: size }, () =>
    sha(Buffer.of(pick(256), pick(256), pick(256))),
  );
  const [index, oldSize] = [pick(size), 1 + pick(size)];
  const newRoot = rootOf(leaves);
  const oldRoot = rootOf(leaves.slice(0, oldSize));
  if (!root(leaves).equals(newRoot)) wrong.roots += 1;
  const path = pathOf(index, leaves);
  const collector = new ProofCollector(size, [index]);
  for (const leaf of leaves) collector.append(leaf);
  const inclusion = { index, size, leaf: leaves[index]!, root: newRoot, proof: path };
  const isSame =
    areEqual(path, inclusionProof(index, leaves)) && areEqual(path, collector.proof(index));
  if (!isSame || !verifyInclusion(inclusion)) wrong.inclusion += 1;
  const steps = stepsOf(oldSize, leaves, true);
  const consistency = { oldSize, newSize: size, oldRoot, newRoot, proof: steps };
  if (!areEqual(steps, consistencyProof(oldSize, leaves)) || !verifyConsistency(consistency))
    wrong.consistency += 1;
  const other = sha(Buffer.of(1));
  const isAccepted = [
    verifyInclusion({ ...inclusion, leaf: other }),
    verifyInclusion({ ...inclusion, proof: [...path, other] }),
    verifyConsistency({ ...consistency, oldRoot: other }),
  ];
  wrong.accepted += isAccepted.filter(Boolean).length;
}

function areEqual(one: readonly Hash[], two: readonly Hash[]): boolean {
  return one.length === two.length && one.every((hash, at) => hash.equals(two[at]!));
}

function sha(bytes: Uint8Array): Hash {
  return createHash("sha256").update(bytes).digest();
}

/** MTH of RFC 6962 2.1 over leaf hashes. */
function rootOf(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return sha(Buffer.alloc(0));
  if (leaves.length === 1) return leaves[0]!;
  const k = splitOf(leaves.length);
  return sha(Buffer.concat([Buffer.of(1), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k))]));
}

/** PATH of RFC 6962 2.1.1. */
function pathOf(m: number, leaves: readonly Hash[]): Hash[] {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  return m < k
    ? [...pathOf(m, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...pathOf(m - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}

/** SUBPROOF of RFC 6962 2.1.2. */
function stepsOf(m: number, leaves: readonly Hash[], isWhole: boolean): Hash[] {
  if (m === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const k = splitOf(leaves.length);
  return m <= k
    ? [...stepsOf(m, leaves.slice(0, k), isWhole), rootOf(leaves.slice(k))]
    : [...stepsOf(m - k, leaves.slice(k), false), rootOf(leaves.slice(0, k))];
}

/** The largest power of two below n. */
function splitOf(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1);
}
