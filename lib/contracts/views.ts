/** What screens and the machine interface are given: plain data, all times ISO 8601 UTC. */
import type { PinView } from "./thread-views.ts";
import type {
  DecisionContent,
  DecisionKind,
  DecisionState,
  IncidentFacts,
} from "#lib/domain/decision/decision.ts";
import type { PolicyRule, Requirement } from "#lib/domain/decision/policy.ts";
import type { BreakGlassState } from "#lib/domain/decision/second-review.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
import type { RecordKind, TimeQuality } from "#lib/domain/evidence/record.ts";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import type { ResponseWorkView } from "./responder-views.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import type {
  ClaimCheck,
  ClaimKind,
  Predicate,
  ReviewOutcome,
  Standing,
} from "#lib/domain/summary/claim.ts";
import type { IncidentAutomationView } from "./automation-views.ts";
import type { StandingHold } from "./erasure-views.ts";
import type { LeftOut, StaleView } from "./copilot-views.ts";
import type { SecondReviewView } from "./second-review-views.ts";
import type { SplitView } from "./split-views.ts";

export type PersonView = { id: string; name: string; role: Role };

export type QueueRow = {
  id: string;
  number: string; // INC-000123
  title: string;
  severity: Severity;
  status: IncidentStatus;
  verdict: Verdict | null;
  openedAt: string;
  lastActivityAt: string;
  /** To be taken by then. */
  slaDueAt: string;
  /** To be judged by then. */
  decideDueAt: string;
  assignee: { id: string; name: string } | null;
  sources: string[];
  alertCount: number;
  eventCount: number;
  summaryStanding: Standing | null;
  escalated: boolean;
  contained: boolean;
  /** Kinds of decisions now waiting for a signature. */
  waitingFor: DecisionKind[];
  /** What was decided by break-glass here, or waits to be; null: nothing. */
  breakGlass: BreakGlassState | null;
};

export type QueuePage = { incidents: QueueRow[]; nextCursor: string | null };
/** The numbers beside the views are counted up to here: "999+". */
export const COUNT_MAX = 1_000;

export type QueueCounts = {
  mine: number;
  unassigned: number;
  /** Incidents with a decision that waits for this person; at most as many decisions are asked as `COUNT_MAX`. */
  waiting: number;
  /** Decisions that wait for this person's signature. */
  toSign: number;
  all: number;
  closed: number;
  /** Endpoints that were isolated by themselves within the last 24 hours. */
  isolated: number;
};

export type IncidentHead = QueueRow & {
  version: string;
  evidenceRoot: string; // hex
  claimsHash: string; // hex
  firstEvidenceAt: string | null;
  lastEvidenceAt: string | null;
  evidenceCount: number; // leaves under the root: its records, those that went, and the splits by which they did
  recordCount: number; // records that stand in it
  mergedInto: { id: string; number: string } | null;
};

/** Evidence of an incident by position, as the machine interface lists it. */
export type EvidencePage = {
  evidence: {
    id: string;
    label: string;
    kind: RecordKind;
    format: string;
    source: string;
    time: string | null;
    receivedAt: string;
    severity: Severity | null;
    title: string;
    fields: Fields;
    sha256: string;
  }[];
  nextCursor: string | null;
};

/** Records that joined no incident, newest first. */
export type LooseRecordsPage = {
  records: {
    id: string;
    kind: RecordKind;
    format: string;
    source: string;
    time: string | null;
    receivedAt: string;
    title: string;
  }[];
  nextCursor: string | null;
};

/** The histogram above the thread: equal slices of time from `from` to `to`. */
export type ActivityView = {
  from: string | null;
  to: string | null;
  slices: { records: number; alerts: number }[];
};

export type CitationView = {
  evidenceId: string | null;
  label: string; // E12
  quote: string;
  start: number | null; // UTF-16 offsets into the record's raw text
  end: number | null;
};

export type ClaimReviewView = {
  id: string;
  outcome: ReviewOutcome;
  reason: string | null;
  replacement: string | null;
  at: string;
  person: PersonView;
};

export type ClaimView = {
  id: string;
  ordinal: number;
  front: boolean;
  text: string;
  kind: ClaimKind;
  /** The standing in force, of the latest verifier that judged the claim; so are `checks` and `uncovered`. */
  standing: Standing;
  verifier: string; // its version: "2"
  /** What an earlier verifier said, when a later one moved the standing; null when none did. */
  before: { standing: Standing; verifier: string } | null;
  checks: ClaimCheck[];
  predicates: Predicate[];
  uncovered: [number, number][];
  citations: CitationView[];
  reviews: ClaimReviewView[]; // oldest first; the last one counts
};

export type SummaryView = {
  id: string;
  origin: "rules" | "model";
  version: number;
  state: "complete" | "incomplete";
  stateReason: string | null;
  stale: boolean;
  staleBy: StaleView | null; // what came since; null unless stale
  generator: string;
  promptVersion: string | null; // "summarise/3"
  evidenceCount: number; // leaves under that root
  recordCount: number; // of these, records that stood in the incident then
  evidenceRoot: string; // hex
  issuedAt: string;
  claims: ClaimView[];
  notMentioned: { evidenceId: string; label: string; title: string; severity: Severity }[];
  /** How complete and fresh each source of the incident is, worst first; the same for both summaries. */
  sources: SourceHealthView[];
  run: SummaryRun | null; // null for the rules
  instructionLike: InstructionLikeView;
};

/**
 * Of the records a summary was written from, those that hold text which reads like an instruction to its reader:
 * how many, and at most ten of them, those that the summary cites first.
 */
export type InstructionLikeView = {
  count: number;
  records: { evidenceId: string; label: string; title: string; cited: boolean }[];
};

/** The model run a summary was issued from. */
export type SummaryRun = {
  id: string;
  costMicro: number | null;
  latencyMs: number | null;
  leftOut: LeftOut | null;
  repairOf: string | null; // the run whose failed claims this one was asked about again
};

/** One source as an incident sees it; see lib/domain/evidence/source-health.ts for what each figure means. */
export type SourceHealthView = {
  sourceId: string;
  source: string; // its name
  records: number; // in this incident
  firstAt: string | null;
  lastAt: string | null;
  gaps: { from: string; to: string; seconds: number }[]; // longest first, at most five
  /** Records that could not be taken in, of those received in the time the incident's records arrived. */
  refused: number;
  refusedShare: number; // 0 to 1
  clockSkewSeconds: number | null; // ahead (+) or behind (-); null when it cannot be told
  silent: boolean; // delivers in general, and nothing here
};

export type EvidenceView = {
  id: string;
  label: string; // E12, or "" while the record has joined no incident
  incidentId: string | null;
  kind: RecordKind;
  format: string;
  source: string;
  time: string | null;
  timeQuality: TimeQuality;
  receivedAt: string;
  severity: Severity | null;
  title: string;
  fields: Fields;
  /** The raw bytes as UTF-8 text; broken bytes are U+FFFD (see `rawBase64` for the bytes themselves). */
  raw: string;
  rawBase64: string | null; // only when the bytes are not valid UTF-8, and all of them are here
  bytes: number; // how many there are
  /** Of how many bytes `raw` is the text; null: of all. The rest is in the file that the same door gives. */
  shownBytes: number | null;
  sha256: string; // hex, of the raw bytes
  /** What in it reads like an instruction to its reader, in the sender's own words and small letters; none: []. */
  instructionLike: { words: string }[];
};

export type ObservableView = {
  type: string;
  value: string;
  count: number;
  specific: boolean;
  firstAt: string | null;
  lastAt: string | null;
  /** Other incidents where it was seen, newest first, at most five, and how many in all. */
  elsewhere: { number: string; id: string }[];
  elsewhereCount: number;
};

export type SignOffView = {
  id: string;
  person: PersonView;
  outcome: "approved" | "rejected";
  assurance: string;
  reason: string | null;
  at: string;
  /** Why it does not count (any more); null when it does, and for a rejection. */
  void: "passkey_revoked" | "too_old" | "signer_changed" | null;
};

export type DecisionView = {
  id: string;
  incidentId: string;
  incidentNumber: string;
  kind: DecisionKind;
  state: DecisionState;
  content: DecisionContent;
  reasons: { code: string; sentence: string }[];
  proposer: PersonView;
  proposedAt: string;
  expiresAt: string;
  settledAt: string | null;
  statement: string; // canonical JSON
  statementSha256: string; // hex
  /** What it needs, by the policy and the situation it was proposed in; null where no rule allows it. */
  needs: Requirement | null;
  assigneeId: string | null;
  breakGlass: boolean;
  /** The entry of the trail that tells how it stands, and the first checkpoint that covers it. */
  entry: { seq: number; checkpoint: number | null } | null;
  /** Due once a decision by break-glass is in effect. */
  secondReview: SecondReviewView | null;
  signOffs: SignOffView[];
  responses: {
    id: string;
    action: string;
    target: string;
    outcome: string;
    detail: string | null;
    at: string;
    /** Null: of before there were responders. */
    work: ResponseWorkView | null;
  }[];
};

/** An incident's screen without its thread: asked again as a whole whenever something changed. */
export type IncidentPageView = {
  head: IncidentHead;
  facts: IncidentFacts;
  policy: PolicyRule[];
  summaries: SummaryView[];
  decisions: DecisionView[];
  activity: ActivityView;
  automation: IncidentAutomationView;
  holds: StandingHold[]; // legal holds that stand over it, newest first
  pins: PinView[]; // in order of the thread
  splits: SplitView[]; // that stand, the newest first
};

export type SealView = {
  size: number;
  sealedSize: number;
  root: string | null; // hex
  sealedAt: string | null;
  /** When the oldest entry that no checkpoint covers was written. */
  waitingSince: string | null;
  /** Since when the log is frozen: nothing can be written until it goes on under another name. */
  frozenAt: string | null;
  /** The last that a witness said: up to which size it saw the same history, and when. */
  witness: { name: string; size: number; at: string } | null;
  /** The last token of a time-stamping authority. */
  timeStamp: { size: number; at: string } | null;
};

export type SourceView = {
  id: string;
  name: string;
  format: string;
  sensitivity: string;
  active: boolean;
  tokenHint: string | null;
  createdAt: string;
  lastRecordAt: string | null;
  records: number;
  deadLetters: number;
};
