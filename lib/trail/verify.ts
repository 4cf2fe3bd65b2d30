import { Erasures, type Erased } from "./erasures.ts";
import {
  FIRST_PREV,
  leafOfLine,
  parseExportLine,
  parseLine,
  payloadCommitment,
  type ErasedEntry,
  type ExportedEntry,
  type TrailLine,
} from "./line.ts";

export const CHECKS = {
  form: "every line is one entry in canonical form",
  leaf: "every leaf is the hash of its line",
  payload: "every payload is the one its line commits to, or was erased by a later entry",
  sequence: "the sequence numbers run from 0 without a gap",
  chain: "every entry names the hash of the one before",
  incidents: "within each incident, numbers and hashes run without a gap",
  time: "time never runs backwards",
} as const;
export type CheckName = keyof typeof CHECKS;

/** `line` counts the lines of the file from 1. */
export type Failure = { line: number; reason: string };
export type CheckResult = {
  name: CheckName;
  sentence: string;
  holds: boolean;
  first: Failure | null;
};

export type Verification = {
  /** `log`: the whole trail from its first entry. `incident`: the entries of one incident. */
  scope: "log" | "incident";
  incident: string | null;
  checks: CheckResult[];
  holds: boolean;
  entries: number;
  firstAt: string | null;
  lastAt: string | null;
  /** Leaf of the last entry, hex; compare it with a later export or with a signed checkpoint. */
  lastLeaf: string | null;
  /** Payloads that are gone, by the entry that says so. */
  erased: Erased[];
  /** What no file can show about itself. */
  cannotProve: string[];
};

type Link = { seq: number; leaf: string };
type State = {
  lines: number;
  failures: Map<CheckName, Failure>;
  /** Where the chain of the whole log stands, and of each incident. */
  log: Link;
  incidents: Map<string, Link>;
  hasEntryWithoutIncident: boolean;
  erasures: Erasures;
  firstAt: string | null;
  lastAt: string | null;
};

/**
 * Checks an export of the trail (one JSON object a line, see docs/trail-format.md) with nothing but the file.
 * Reads once, in constant memory per incident; takes the lines without their line ends.
 */
export async function verifyLines(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<Verification> {
  const state = start();
  for await (const text of lines) take(state, text);
  return conclude(state);
}

function start(): State {
  return {
    lines: 0,
    failures: new Map(),
    log: { seq: -1, leaf: FIRST_PREV },
    incidents: new Map(),
    hasEntryWithoutIncident: false,
    erasures: new Erasures(),
    firstAt: null,
    lastAt: null,
  };
}

function take(state: State, text: string): void {
  state.lines += 1;
  const outer = parseExportLine(text);
  if (!outer.ok) return fail(state, "form", outer.reason);
  const { leaf, line } = outer.value;
  const inner = parseLine(line);
  if (!inner.ok) return fail(state, "form", inner.reason);
  const entry = inner.value;
  const ownLeaf = leafOfLine(line);
  if (ownLeaf !== leaf)
    fail(state, "leaf", `entry ${entry.seq} was altered: its line does not hash to its leaf`);
  checkPayload(state, entry, outer.value);
  checkLog(state, entry, ownLeaf);
  checkIncident(state, entry, ownLeaf);
  checkTime(state, entry);
}

function checkPayload(state: State, entry: TrailLine, given: ExportedEntry | ErasedEntry): void {
  if ("erasedBy" in given) {
    const wrong = state.erasures.erased(entry, given.erasedBy);
    if (wrong) fail(state, "payload", wrong);
  } else if (payloadCommitment(given.salt, given.payload) !== entry.payload) {
    fail(state, "payload", `the payload of entry ${entry.seq} is not the one it was written with`);
  }
  const wrong = state.erasures.passes(entry, "erasedBy" in given ? null : given.payload);
  if (wrong) fail(state, "payload", wrong);
}

function checkLog(state: State, entry: TrailLine, leaf: string): void {
  const expected = state.log.seq + 1;
  if (entry.seq !== expected)
    fail(state, "sequence", `found entry ${entry.seq} where ${expected} belongs`);
  if (entry.prev !== state.log.leaf)
    fail(state, "chain", `entry ${entry.seq} does not follow the entry before it`);
  state.log = { seq: entry.seq, leaf };
}

function checkIncident(state: State, entry: TrailLine, leaf: string): void {
  if (entry.incident === null) {
    state.hasEntryWithoutIncident = true;
    return;
  }
  const before = state.incidents.get(entry.incident) ?? { seq: -1, leaf: FIRST_PREV };
  const expected = before.seq + 1;
  if (entry.incidentSeq !== expected) {
    fail(
      state,
      "incidents",
      `found entry ${entry.incidentSeq} of the incident where ${expected} belongs`,
    );
  }
  if (entry.incidentPrev !== before.leaf) {
    fail(
      state,
      "incidents",
      `entry ${entry.incidentSeq} of the incident does not follow the one before it`,
    );
  }
  state.incidents.set(entry.incident, { seq: entry.incidentSeq ?? expected, leaf });
}

function checkTime(state: State, entry: TrailLine): void {
  if (state.lastAt !== null && entry.at < state.lastAt) {
    fail(state, "time", `entry ${entry.seq} is dated ${entry.at}, before the entry above it`);
  }
  state.firstAt ??= entry.at;
  state.lastAt = entry.at;
}

function fail(state: State, check: CheckName, reason: string): void {
  if (!state.failures.has(check)) state.failures.set(check, { line: state.lines, reason });
}

function conclude(state: State): Verification {
  if (state.lines === 0) state.failures.set("form", { line: 0, reason: "the file holds no entry" });
  const unnamed = state.erasures.unnamed();
  if (unnamed) fail(state, "payload", unnamed);
  const incident = extractOf(state);
  const skipped: CheckName[] = incident ? ["sequence", "chain"] : [];
  const checks = (Object.keys(CHECKS) as CheckName[])
    .filter((name) => !skipped.includes(name))
    .map((name) => {
      const first = state.failures.get(name) ?? null;
      return { name, sentence: CHECKS[name], holds: first === null, first };
    });
  return {
    scope: incident ? "incident" : "log",
    incident,
    checks,
    holds: checks.every((check) => check.holds),
    entries: state.lines,
    firstAt: state.firstAt,
    lastAt: state.lastAt,
    lastLeaf: state.lines > 0 ? state.log.leaf : null,
    erased: state.erasures.found,
    cannotProve: limits(state, incident),
  };
}

/**
 * The incident a file is an extract of, or null for a whole log. A file of one incident whose log chain also
 * holds is the whole log; anything that mixes incidents must be the whole log, so leaving lines out cannot pass.
 */
function extractOf(state: State): string | null {
  const [only, ...others] = state.incidents.keys();
  if (only === undefined || others.length > 0 || state.hasEntryWithoutIncident) return null;
  const isWholeLog = !state.failures.has("sequence") && !state.failures.has("chain");
  return isWholeLog ? null : only;
}

function limits(state: State, incident: string | null): string[] {
  const end = state.lastAt ?? "its last line";
  return [
    `that nothing was written after ${end}: compare the last hash with a newer export or a signed checkpoint`,
    "that this is the trail the system showed to others: compare the last hash with theirs",
    ...(incident
      ? ["what stands in the log between the entries of this incident: the whole log shows that"]
      : []),
  ];
}
