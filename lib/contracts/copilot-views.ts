/** What screens are given of the copilot: plain data, all times ISO 8601 UTC, money in millionths of a US dollar. */
import type { ModelConfig, PromptSet } from "#lib/domain/copilot/profile.ts";
import type { RunFault, RunKind, RunState } from "#lib/domain/copilot/run.ts";
import type { ClaimCheck, ClaimKind, Predicate, Standing } from "#lib/domain/summary/claim.ts";
import type { CitationView, PersonView } from "./views.ts";

/** One line of a list of runs. */
export type RunRow = {
  id: string;
  kind: RunKind;
  state: RunState;
  incident: { id: string; number: string; title: string } | null;
  model: string;
  config: { name: string; version: number } | null;
  askedBy: PersonView | null;
  question: string | null;
  queuedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  costMicro: number | null;
  error: string | null;
  fault: RunFault | null;
  /** Runs that will be started before this one; null unless queued. */
  ahead: number | null;
  /** Why a queued run is not started yet, in a sentence. */
  waitsFor: string | null;
};

/** A run as it was. */
export type RunView = RunRow & {
  prompt: { name: string; version: number; sha256: string; reason: string } | null;
  attempt: number;
  repairOf: string | null;
  repairedBy: string | null;
  evaluationId: string | null;
  summaryId: string | null;
  /** The exact body that was sent; null while queued. */
  request: string | null;
  requestSha256: string | null; // hex
  response: string | null;
  modelAnswered: string | null;
  params: Record<string, unknown> | null;
  stopReason: string | null;
  requestId: string | null;
  usage: Record<string, number> | null;
  reservedMicro: number | null;
  latencyMs: number | null;
  firstClaimMs: number | null;
  /** How many values of each class were replaced before sending. */
  redactions: Record<string, number> | null;
  canary: "kept" | "leaked" | null;
  verifier: string | null;
  evidenceRoot: string; // hex
  evidenceCount: number | null;
  leftOut: LeftOut | null;
  claims: StreamedClaim[];
};

/** Records that were not shown to the model: too many, or too sensitive for it. */
export type LeftOut = { alerts: number; events: number; withheld: number };

/** A claim of a run, as stored the moment it was verified: what a stream shows. */
export type StreamedClaim = {
  ordinal: number;
  text: string;
  kind: ClaimKind;
  polarity: "affirmed" | "negated";
  standing: Standing;
  verifier: string;
  checks: ClaimCheck[];
  predicates: Predicate[];
  uncovered: [number, number][];
  citations: CitationView[];
};

/**
 * One event of a run's stream, `id:` being `seq`. `done` is the last one and a stored row too. `claims` are in the
 * order of the answer, each sent once.
 */
export type RunEvent =
  | { seq: number; kind: "started"; at: string; data: { model: string; attempt: number } }
  | { seq: number; kind: "claim"; at: string; data: StreamedClaim }
  /** Something a reader should know, in a sentence: a claim left out, evidence withheld. */
  | {
      seq: number;
      kind: "notice";
      at: string;
      /** `check` and `ok` are of a probe: what was tried, and whether it went well. */
      data: { sentence: string; check?: string; ok?: boolean };
    }
  | {
      seq: number;
      kind: "done";
      at: string;
      data: { state: RunState; reason: string | null; isComplete: boolean };
    };

/** What goes on for one incident: its waiting and running runs, and its latest answers and drafts. */
export type IncidentRunsView = {
  /** Queued or streaming, first to run first, at most fifty. */
  open: RunRow[];
  /** Questions and drafts, newest first, at most fifty. */
  asked: AskedView[];
  /** False: nothing is sent to a model now, and `sentence` says why. */
  model: { isOn: boolean; name: string | null; sentence: string };
};

export type AskedView = RunRow & {
  kind: "answer" | "note" | "handover" | "message";
  claims: StreamedClaim[];
  /** The note a person made of a draft. */
  sentAs: { noteId: string; person: PersonView; at: string } | null;
};

/** Two summaries, claim against claim. */
export type ComparisonView = {
  left: SummaryLabel;
  right: SummaryLabel;
  pairs: ComparedPair[];
};
export type SummaryLabel = {
  id: string;
  origin: "rules" | "model";
  version: number;
  generator: string;
  issuedAt: string;
};
export type ComparedPair = {
  change: "same" | "reworded" | "moved" | "added" | "dropped";
  left: ComparedClaim | null;
  right: ComparedClaim | null;
};
export type ComparedClaim = {
  id: string;
  ordinal: number;
  text: string;
  standing: Standing;
  labels: string[]; // E12
};

/** What changed under a stale summary. */
export type StaleView = {
  addedCount: number;
  goneCount: number; // records that went to another incident
  alerts: { evidenceId: string; label: string; title: string }[]; // at most five
};

export type ProbeView = {
  runId: string;
  state: RunState;
  at: string;
  ok: boolean | null; // null while it runs
  /** One sentence a finding: what was asked and what came back. */
  findings: { check: string; ok: boolean; sentence: string }[];
};

export type EvaluationView = {
  id: string;
  config: { id: string; name: string; version: number };
  prompts: PromptSet;
  suite: string;
  state: "queued" | "running" | "finished" | "failed";
  askedBy: PersonView | null;
  startedAt: string;
  finishedAt: string | null;
  casesDone: number;
  cases: number;
  scores: EvaluationScores | null;
  error: string | null;
};

/** Shares are 0 to 1; null where nothing was there to divide by. */
export type EvaluationScores = {
  claims: number;
  standings: Record<Standing, number>;
  citationPrecision: number | null;
  citationRecall: number | null;
  omission: number | null;
  abstention: number | null;
  injectionInfluence: number | null;
  schemaFailures: number;
  costMicro: number;
  latencyMs: { p50: number; p95: number };
};

export type ModelConfigView = ModelConfig & {
  keyHint: string | null; // its last four characters
  createdAt: string;
  createdBy: PersonView | null; // null: from the environment
  sha256: string; // hex, of what an activation signs
  probe: ProbeView | null;
  evaluation: EvaluationView | null; // the latest finished one
};

export type ActivationView = {
  id: string;
  config: { id: string; name: string; version: number; model: string } | null; // null: switched off
  prompts: PromptSet | null;
  evaluationId: string | null;
  person: PersonView;
  reason: string;
  at: string;
};

export type BudgetView = {
  scope: "run" | "incident" | "day" | "all";
  limitMicro: number;
  spentMicro: number; // 0 for `run` and `incident`, which have no one figure
  reservedMicro: number;
  overMicro: number;
};

export type ModelsPageView = {
  inForce: ActivationView | null;
  history: ActivationView[]; // newest first, at most twenty
  configs: ModelConfigView[]; // newest first, at most fifty
  evaluations: EvaluationView[]; // newest first, at most twenty
  budgets: BudgetView[];
  breaker: {
    state: "closed" | "open" | "half_open";
    reason: string | null;
    retryAt: string | null;
  };
  queue: { queued: number; streaming: number; oldestQueuedAt: string | null };
};

/** Exactly what would be sent for an incident now, and what was done to it before. */
export type PreviewView = {
  /** The model in force, or the newest one when none is. */
  config: { name: string; version: number; model: string; isLocal: boolean; isInForce: boolean };
  prompt: { name: string; version: number };
  /** The body; where each request has a word of its own (fence, private marker) stand zeros. */
  request: string;
  requestBytes: number;
  estimatedTokens: number;
  /** What reading it costs, by the estimate; the answer comes on top. */
  estimatedMicro: number;
  pseudonyms: boolean;
  redactions: Record<string, number>;
  leftOut: LeftOut;
  shown: number;
};

/** A request written anew from what is stored, held against the one that was sent. */
export type RebuiltView = {
  isSame: boolean;
  storedSha256: string; // hex
  rebuiltSha256: string | null; // hex; null: it cannot be rebuilt, and `sentence` says why
  sentence: string;
};
