import { evidenceLeaf } from "../evidence-root.ts";
import { FIRST_PREV } from "../line.ts";
import { CompactRange } from "../tree.ts";
import { payloadOf } from "./entry.ts";
import { BundleFault, NotChecked } from "./faults.ts";
import { recordsOf, type BundleFiles } from "./files.ts";
import { EVIDENCE, type BundleScope } from "./manifest.ts";
import type { EntriesRead } from "./read-entries.ts";

export type EvidenceCount = { items: number; withBytes: number };
type Checking = {
  read: EntriesRead;
  scope: BundleScope;
  /** Digest of every file of the bundle, by name. */
  digests: Map<string, string>;
  /** Whether raw bytes were left out on purpose. */
  isWithheld: boolean;
};

/**
 * The incident's list of evidence leads to the root that its newest `evidence.sealed` put on the trail; it is empty where
 * the incident was merged into another since.
 */
export async function checkEvidence(
  files: BundleFiles,
  { read, scope, digests, isWithheld }: Checking,
): Promise<EvidenceCount> {
  if (scope.kind !== "incident") throw new NotChecked("only an incident's bundle holds evidence");
  const range = new CompactRange();
  let withBytes = 0;
  for await (const item of recordsOf(files, EVIDENCE)) {
    const { id, position, sha256 } = item;
    if (typeof id !== "string" || typeof sha256 !== "string" || position !== range.size + 1)
      throw new BundleFault("evidence", `${EVIDENCE} has no item ${range.size + 1}`);
    const digest = digests.get(`evidence/${sha256}`);
    if (digest !== undefined && digest !== sha256)
      throw new BundleFault("evidence", `the bytes of item ${range.size + 1} are others`);
    if (digest !== undefined) withBytes += 1;
    else if (!isWithheld)
      throw new BundleFault("evidence", `the bytes of item ${range.size + 1} are not here`);
    range.append(evidenceLeaf({ id, sha256: Buffer.from(sha256, "hex") }, range.size + 1));
  }
  checkRoot(range, sealedIn(read, scope.incident));
  return { items: range.size, withBytes };
}

const MERGED = "incident.merged";
type Sealed = { count: unknown; root: unknown };

function sealedIn({ kept }: EntriesRead, incident: string): Sealed | null {
  let last: Sealed | "left out" | null = null;
  for (const read of kept.values()) {
    const { kind } = read.entry;
    if (read.entry.incident !== incident || !(kind === "evidence.sealed" || kind === MERGED))
      continue;
    const told = payloadOf(read);
    if (read.payload === null) last = "left out";
    else if (kind === "evidence.sealed")
      last = { count: told["evidenceCount"], root: told["evidenceRoot"] };
    // of the incident that was merged away nothing is left: its records are the other's
    else if (told["fromId"] === incident) last = { count: 0, root: FIRST_PREV };
  }
  if (last === "left out") throw new NotChecked("the entry with the root is left out");
  return last;
}

function checkRoot(range: CompactRange, sealed: Sealed | null): void {
  if (!sealed && range.size === 0) throw new NotChecked("no evidence was sealed in this incident");
  if (!sealed) throw new BundleFault("evidence", "evidence is here that was never sealed");
  if (sealed.count !== range.size)
    throw new BundleFault(
      "evidence",
      `${range.size} items are here, ${Number(sealed.count)} were sealed`,
    );
  if (range.root().toString("hex") !== sealed.root)
    throw new BundleFault("evidence", "its root is not the one that was sealed");
}
