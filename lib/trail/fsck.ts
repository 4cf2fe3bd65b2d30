import { parseCheckpoint } from "./checkpoint.ts";
import { FIRST_PREV, leafOfLine, parseLine, payloadCommitment, type TrailLine } from "./line.ts";
import { CompactRange, type Hash, type NodeId, type TreeNode } from "./tree.ts";

/** What is made anew from the bytes that are stored, in the order it is told. */
export const FSCK_CHECKS = {
  lines: "every line is in canonical form and says what its columns say",
  leaves: "every leaf is the hash of its line",
  chain: "sequence numbers run from 0 without a gap, and every entry names the one before",
  time: "time never runs backwards",
  payloads: "every payload is the one its line commits to",
  nodes: "the tree has the hash of each complete subtree, and no other",
  checkpoints: "every checkpoint has the root of the entries it covers",
  incidents: "within each incident, numbers and hashes run without a gap",
  heads: "the heads stand where the entries end",
} as const;
export type FsckCheck = keyof typeof FSCK_CHECKS;
/** `n`: how many were looked at. `fault`: the first that does not hold, in a sentence. */
export type FsckResult = { check: FsckCheck; n: number; fault: string | null };

/** An entry as it is stored. `salt` and `payload` are null when there is no payload. */
export type FsckEntry = {
  seq: number;
  /** As the line writes it. */
  at: string;
  kind: string;
  actor: string;
  role: string;
  incident: string | null;
  line: string;
  leaf: string;
  salt: string | null;
  payload: string | null;
  /** The entry that is said to have erased the payload, and whether it is one of the same incident that erases. */
  erased: { by: number; isNamed: boolean } | null;
};
export type FsckLink = {
  incident: string;
  seq: number;
  line: string;
  leaf: string;
  /** How many entries of the incident its head counts, and the leaf it names; null without a head. */
  head: { size: number; leaf: string } | null;
};
export type FsckCheckpoint = { size: number; root: Hash; note: string };

/** The stored log. Everything is asked for below `end`, the size there was at the start, in pieces of at most `limit`. */
export type FsckLog = {
  head: () => Promise<{ size: number; leaf: string }>;
  entries: (from: number, end: number, limit: number) => Promise<FsckEntry[]>;
  nodes: (ids: readonly NodeId[]) => Promise<(id: NodeId) => Hash | null>;
  /** How many nodes cover nothing but entries below `end`, or an entry that is not there yet. */
  nodeCount: (end: number) => Promise<number>;
  checkpoints: (afterSize: number, end: number, limit: number) => Promise<FsckCheckpoint[]>;
  /** Entries of incidents, ordered by incident and then by place. */
  links: (after: FsckLink | null, end: number, limit: number) => Promise<FsckLink[]>;
};

/** `onProgress` is told now and then how many of the entries were looked at, first each by itself, then by incident. */
export type FsckWatch = {
  signal?: AbortSignal;
  onProgress?: (walk: "entries" | "incidents", done: number, size: number) => void;
};

const STEP = 1_000;

/**
 * Makes leaves, chains, commitments, nodes and roots of the whole log anew and compares them with what is stored. In
 * memory that does not grow with the log; entries that come meanwhile are not looked at.
 */
export async function fsck(log: FsckLog, watch: FsckWatch = {}): Promise<FsckResult[]> {
  const notes = new Notes();
  const head = await log.head();
  await checkEntries(log, head, notes, watch);
  await checkIncidents(log, head.size, notes, watch);
  return notes.results();
}

class Notes {
  readonly #counts = new Map<FsckCheck, number>();
  readonly #faults = new Map<FsckCheck, string>();

  /** One more was looked at; `fault` when it does not hold. */
  note(check: FsckCheck, fault: string | null | false): void {
    this.#counts.set(check, (this.#counts.get(check) ?? 0) + 1);
    if (typeof fault === "string" && !this.#faults.has(check)) this.#faults.set(check, fault);
  }

  results(): FsckResult[] {
    return (Object.keys(FSCK_CHECKS) as FsckCheck[]).map((check) => ({
      check,
      n: this.#counts.get(check) ?? 0,
      fault: this.#faults.get(check) ?? null,
    }));
  }
}

type Walk = { range: CompactRange; leaf: string; at: string; checkpoints: CheckpointReader };

async function checkEntries(
  log: FsckLog,
  head: { size: number; leaf: string },
  notes: Notes,
  { signal, onProgress }: FsckWatch,
): Promise<void> {
  const checkpoints = new CheckpointReader(log, head.size);
  const walk: Walk = { range: new CompactRange(), leaf: FIRST_PREV, at: "", checkpoints };
  for (let from = 0; from < head.size;) {
    signal?.throwIfAborted();
    const entries = await log.entries(from, head.size, STEP);
    const completed: TreeNode[] = [];
    for (const entry of entries) {
      checkEntry(entry, walk, notes);
      walk.range.append(Buffer.from(leafOfLine(entry.line), "hex"), (node) => completed.push(node));
      await checkCheckpoint(walk, notes);
    }
    await checkNodes(log, completed, notes);
    const last = entries.at(-1);
    if (!last) break;
    from = last.seq + 1;
    onProgress?.("entries", Math.min(from, head.size), head.size);
  }
  const { size } = walk.range;
  const stands = size === head.size && walk.leaf === head.leaf;
  notes.note(
    "heads",
    !stands && `the log's head counts ${head.size} entries and ${size} are there`,
  );
  const expected = completeSubtrees(size);
  const stored = await log.nodeCount(head.size);
  notes.note("nodes", stored !== expected && `${stored} nodes are stored where ${expected} belong`);
}

function checkEntry(entry: FsckEntry, walk: Walk, notes: Notes): void {
  const { seq, line, leaf } = entry;
  const parsed = parseLine(line);
  const ownLeaf = leafOfLine(line);
  notes.note("leaves", ownLeaf !== leaf && `entry ${seq}: the line does not hash to its leaf`);
  const due = walk.range.size;
  const value = parsed.ok ? parsed.value : null;
  notes.note(
    "lines",
    parsed.ok ? otherColumn(entry, parsed.value) : `entry ${seq}: ${parsed.reason}`,
  );
  if (seq !== due) notes.note("chain", `found entry ${seq} where ${due} belongs`);
  else
    notes.note("chain", value?.prev !== walk.leaf && `entry ${seq} does not follow the one before`);
  notes.note(
    "time",
    value !== null && value.at < walk.at && `entry ${seq} is dated before the one before`,
  );
  notes.note("payloads", payloadFault(entry, value));
  if (entry.kind === "log.continued")
    notes.note(
      "checkpoints",
      citationFault(entry, { size: walk.range.size, root: walk.range.root() }),
    );
  walk.leaf = ownLeaf;
  walk.at = value?.at ?? walk.at;
}

function otherColumn(entry: FsckEntry, line: TrailLine): string | null {
  for (const column of ["seq", "at", "kind", "actor", "role", "incident"] as const) {
    if (entry[column] !== line[column])
      return `entry ${entry.seq}: ${column} is not what its line says`;
  }
  return null;
}

function payloadFault(
  { seq, salt, payload, erased }: FsckEntry,
  line: TrailLine | null,
): string | null {
  if (erased)
    return erased.isNamed ? null : `entry ${seq} is erased, and entry ${erased.by} does not say so`;
  if (salt === null || payload === null) return `entry ${seq} has no payload`;
  const holds = line === null || payloadCommitment(salt, payload) === line.payload;
  return holds ? null : `entry ${seq}: the payload is not the one it was written with`;
}

/** The first entry of a log that goes on under another name stands on the size and root of what is before it. */
function citationFault({ seq, payload }: FsckEntry, { size, root }: { size: number; root: Hash }) {
  try {
    const cited = JSON.parse(payload ?? "null") as { size?: unknown; root?: unknown } | null;
    if (cited?.size === size && cited.root === root.toString("base64")) return null;
  } catch {
    // what is no JSON cites nothing
  }
  return `entry ${seq} cites another log than the one before it`;
}

async function checkNodes(log: FsckLog, completed: TreeNode[], notes: Notes): Promise<void> {
  const stored = await log.nodes(completed);
  for (const { level, index, hash } of completed) {
    const holds = stored({ level, index })?.equals(hash) ?? false;
    notes.note("nodes", !holds && `node ${level}/${index} is missing or another`);
  }
}

async function checkCheckpoint({ range, checkpoints }: Walk, notes: Notes): Promise<void> {
  const checkpoint = await checkpoints.at(range.size);
  if (!checkpoint) return;
  const { size, root, note } = checkpoint;
  const own = range.root();
  notes.note(
    "checkpoints",
    !(own.equals(root) && noteSays(note, size, own)) &&
      `the checkpoint of ${size} entries has another root`,
  );
}

function noteSays(note: string, size: number, root: Hash): boolean {
  try {
    const said = parseCheckpoint(`${note.slice(0, note.lastIndexOf("\n\n"))}\n`);
    return said.size === size && said.root.equals(root);
  } catch {
    return false;
  }
}

/** Hands out checkpoints by size while the log is walked, a page at a time. */
class CheckpointReader {
  readonly #log: FsckLog;
  readonly #end: number;
  #page: FsckCheckpoint[] | null = null;
  #after = 0;

  constructor(log: FsckLog, end: number) {
    this.#log = log;
    this.#end = end;
  }

  async at(size: number): Promise<FsckCheckpoint | null> {
    if (this.#page === null || (this.#page.length === 0 && this.#after < this.#end)) {
      this.#page = await this.#log.checkpoints(this.#after, this.#end, STEP);
      if (this.#page.length === 0) this.#after = this.#end;
    }
    const [next] = this.#page;
    if (next?.size !== size) return null;
    this.#page.shift();
    this.#after = size;
    return next;
  }
}

async function checkIncidents(
  log: FsckLog,
  end: number,
  notes: Notes,
  { signal, onProgress }: FsckWatch,
): Promise<void> {
  let before: FsckLink | null = null;
  let place = 0;
  let done = 0;
  for (;;) {
    signal?.throwIfAborted();
    const links: FsckLink[] = await log.links(before, end, STEP);
    for (const link of links) {
      if (before?.incident !== link.incident) {
        if (before) checkIncidentHead(before, place, notes);
        place = 0;
      }
      const prev = place === 0 ? FIRST_PREV : before!.leaf;
      const parsed = parseLine(link.line);
      const said = parsed.ok ? parsed.value : null;
      const holds = said?.incidentSeq === place && said.incidentPrev === prev;
      notes.note(
        "incidents",
        !holds && `entry ${link.seq} does not follow the one before of its incident`,
      );
      place += 1;
      before = link;
    }
    if (links.length === 0) break;
    done += links.length;
    onProgress?.("incidents", done, end);
  }
  if (before) checkIncidentHead(before, place, notes);
}

/** A head may be ahead: entries that came since the start are not looked at. */
function checkIncidentHead({ incident, leaf, head }: FsckLink, count: number, notes: Notes): void {
  const holds = head !== null && (head.size > count || (head.size === count && head.leaf === leaf));
  notes.note("heads", !holds && `the head of incident ${incident} is not at its last entry`);
}

/** How many complete subtrees of two leaves and more a tree of this size has. */
function completeSubtrees(size: number): number {
  let count = 0;
  for (let n = Math.floor(size / 2); n > 0; n = Math.floor(n / 2)) count += n;
  return count;
}
