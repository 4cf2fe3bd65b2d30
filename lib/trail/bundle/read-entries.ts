import { FIRST_PREV } from "../line.ts";
import { verifyInclusion } from "../proof.ts";
import { CompactRange, type Hash } from "../tree.ts";
import { payloadOf, readEntry, type BundleEntry } from "./entry.ts";
import { BundleFault, type FaultName } from "./faults.ts";
import { batchesOf, readText, type BundleFiles } from "./files.ts";
import { SUPPORT, TRAIL, proofName, type BundlePredicate } from "./manifest.ts";
import { parseProof } from "./proof-file.ts";

/** What the checks after this one ask of the entries; the rest is read once and forgotten. */
export type EntriesRead = {
  /** The first of each kind of fault, in a sentence. */
  faults: Map<FaultName, string>;
  entries: number;
  /** Entries whose payload is left out, by seq with their incident. */
  bare: Map<number, string | null>;
  erasures: Erasure[];
  /** By seq: what is about decisions, passkeys, sealed evidence and the key of the manifest. */
  kept: Map<number, BundleEntry>;
  /** Those of them that the scope only rests on. */
  outside: Set<number>;
  firstAt: string | null;
  /** The time of the last entry that the checkpoint covers. */
  endsAt: string | null;
  root: Hash | null;
  /** The roots over the first entries of a whole log, by how many, of those sizes that were asked for. */
  roots: Map<number, Hash>;
};

/** What the entry `by` says it erased of its incident; null when its own payload is left out. */
type Erasure = { by: number; incident: string | null; said: { from: number; to: number } | null };

/** The first entry that says it erased the payload of this one, or null. */
export function erasedBy({ bare, erasures }: EntriesRead, seq: number): number | null {
  const found = erasures.find(
    ({ by, incident, said }) =>
      by > seq &&
      incident !== null &&
      incident === bare.get(seq) &&
      (said === null || (said.from <= seq && seq <= said.to)),
  );
  return found?.by ?? null;
}

export type Expected = { predicate: BundlePredicate; root: Hash | null; sizes: readonly number[] };

const KEPT_KINDS =
  /^(?:decision\.(?:proposed|signed|rejected|second_reviewed)|passkey\.enrolled|evidence\.sealed|incident\.merged|export\.key_published)$/;

/** Reads every entry once, in order, in constant memory but for what is kept. */
export async function readEntries(files: BundleFiles, expected: Expected): Promise<EntriesRead> {
  const reading = new Reading(files, expected);
  await reading.read(TRAIL, true);
  await reading.read(SUPPORT, false);
  return reading.end();
}

class Reading {
  readonly #files: BundleFiles;
  readonly #expected: Expected;
  readonly #range = new CompactRange();
  readonly #found: EntriesRead = {
    faults: new Map(),
    entries: 0,
    bare: new Map(),
    erasures: [],
    kept: new Map(),
    outside: new Set(),
    firstAt: null,
    endsAt: null,
    root: null,
    roots: new Map(),
  };
  #before: { seq: number; leaf: string; at: string } | null = null;
  readonly #incidents = new Map<string, { seq: number; leaf: string }>();

  constructor(files: BundleFiles, expected: Expected) {
    this.#files = files;
    this.#expected = expected;
  }

  async read(name: string, isScope: boolean): Promise<void> {
    let number = 0;
    const isWhole = this.#expected.predicate.scope.kind === "log";
    this.#before = null;
    for await (const lines of batchesOf(this.#files, name))
      for (const text of lines) {
        number += 1;
        // Nothing leads a further entry to the root of a whole log, and nothing needs one.
        if (!isScope && isWhole)
          return this.#fail("tree", `${name} holds an entry beside the whole log`);
        try {
          const read = readEntry(text, `${name}, line ${number}`);
          if (!read.isPayloadTrue)
            this.#fail("payload", `entry ${read.entry.seq}: another payload than it commits to`);
          if (isScope) this.#takeScope(read);
          this.#take(read, isScope);
          if (!isWhole) await this.#checkInclusion(read);
        } catch (error) {
          if (!(error instanceof BundleFault)) throw error;
          this.#fail(error.fault, error.message);
        }
      }
    if (isScope) this.#found.entries = number;
  }

  end(): EntriesRead {
    const found = this.#found;
    const { predicate } = this.#expected;
    if (found.entries !== predicate.entries)
      this.#fail(
        "tree",
        `${found.entries} entries are here, the manifest names ${predicate.entries}`,
      );
    if (predicate.scope.kind === "log") {
      found.root = this.#range.root();
      if (this.#range.size !== predicate.size)
        this.#fail(
          "tree",
          `${this.#range.size} entries are here, the checkpoint covers ${predicate.size}`,
        );
      else if (this.#expected.root && !found.root.equals(this.#expected.root))
        this.#fail("tree", "their root is not the one in the checkpoint");
    }
    return found;
  }

  #take(read: BundleEntry, isScope: boolean): void {
    const { entry, leafHex, payload } = read;
    const before = this.#before;
    if (before && entry.at < before.at)
      this.#fail("time", `entry ${entry.seq} is dated ${entry.at}, before entry ${before.seq}`);
    if (before && entry.seq <= before.seq)
      this.#fail("tree", `entry ${entry.seq} stands after entry ${before.seq}`);
    this.#before = { seq: entry.seq, leaf: leafHex, at: entry.at };
    if (entry.seq === this.#expected.predicate.size - 1) this.#found.endsAt = entry.at;
    if (payload === null)
      this.#found.bare.set(entry.seq, entry.incident === null ? null : copyOf(entry.incident));
    if (entry.kind === "payload.erased") this.#found.erasures.push(erasureOf(read));
    if (!KEPT_KINDS.test(entry.kind)) return;
    // Only an incident's bundle holds evidence; a log of years seals it a million times.
    const isOfEvidence = entry.kind === "evidence.sealed" || entry.kind === "incident.merged";
    if (isOfEvidence && this.#expected.predicate.scope.kind !== "incident") return;
    this.#found.kept.set(entry.seq, read);
    if (!isScope) this.#found.outside.add(entry.seq);
  }

  /** Entries of the scope: complete within themselves, whatever the rest of the log is. */
  #takeScope(read: BundleEntry): void {
    const { entry, leaf } = read;
    const { scope } = this.#expected.predicate;
    this.#found.firstAt ??= entry.at;
    const before = this.#before;
    if (scope.kind === "log" || scope.kind === "period") {
      const expected = before ? before.seq + 1 : scope.kind === "log" ? 0 : scope.from;
      const prev = before?.leaf ?? (expected === 0 ? FIRST_PREV : null);
      if (entry.seq !== expected)
        this.#fail("tree", `found entry ${entry.seq} where ${expected} belongs`);
      else if (prev !== null && entry.prev !== prev)
        this.#fail("tree", `entry ${entry.seq} does not follow the entry before it`);
    }
    if (scope.kind === "incident" && entry.incident !== scope.incident)
      this.#fail("tree", `entry ${entry.seq} is not of this incident`);
    if (entry.incident !== null && (scope.kind === "incident" || scope.kind === "log"))
      this.#checkIncident(entry.incident, read);
    if (scope.kind !== "log") return;
    if (entry.kind === "log.continued" && read.payload !== null && !this.#citesAllBefore(read))
      this.#fail("tree", `entry ${entry.seq} cites another log than the one before it`);
    this.#range.append(leaf);
    const { size } = this.#range;
    if (this.#expected.sizes.includes(size)) this.#found.roots.set(size, this.#range.root());
  }

  /** The first entry under another name stands on the size and root of what is before it. */
  #citesAllBefore(read: BundleEntry): boolean {
    const { size, root } = payloadOf(read);
    return size === this.#range.size && root === this.#range.root().toString("base64");
  }

  #checkIncident(incident: string, { entry, leafHex }: BundleEntry): void {
    const before = this.#incidents.get(incident);
    if (
      entry.incidentSeq !== (before?.seq ?? -1) + 1 ||
      entry.incidentPrev !== (before?.leaf ?? FIRST_PREV)
    )
      this.#fail("tree", `entry ${entry.seq} does not follow the entry of its incident before it`);
    const seq = entry.incidentSeq ?? (before?.seq ?? -1) + 1;
    if (before) {
      before.seq = seq;
      before.leaf = leafHex;
    } else this.#incidents.set(copyOf(incident), { seq, leaf: leafHex });
  }

  async #checkInclusion({ entry, leaf }: BundleEntry): Promise<void> {
    const { root, predicate } = this.#expected;
    if (!root) return;
    const proof = parseProof(await readText(this.#files, proofName(entry.seq)));
    if (!proof || proof.index !== entry.seq)
      throw new BundleFault("tree", `${proofName(entry.seq)} is no proof of entry ${entry.seq}`);
    const claim = { index: entry.seq, size: predicate.size, leaf, root, proof: proof.proof };
    if (!verifyInclusion(claim))
      throw new BundleFault("tree", `entry ${entry.seq} is not in the signed log`);
  }

  #fail(fault: FaultName, found: string): void {
    if (!this.#found.faults.has(fault)) this.#found.faults.set(fault, found);
  }
}

/** A text that was cut out of a longer one holds on to all of that; of ASCII alone. */
function copyOf(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

function erasureOf(read: BundleEntry): Erasure {
  const { seq: by, incident } = read.entry;
  if (read.payload === null) return { by, incident, said: null };
  const { from, to } = payloadOf(read);
  const isSaid = Number.isSafeInteger(from) && Number.isSafeInteger(to);
  return { by, incident, said: { from: isSaid ? Number(from) : by, to: isSaid ? Number(to) : -1 } };
}
