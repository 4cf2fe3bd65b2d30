import type { DecisionContent, DecisionKind, DecisionState } from "../decision/decision.ts";
import type { IncidentStatus, Verdict } from "../incident/incident.ts";
import type { ReviewOutcome } from "../summary/claim.ts";

/** An entry of one incident, as the fold reads it; `payload` is null when it was erased. */
export type ReplayEntry = {
  seq: number;
  at: string;
  kind: string;
  actor: string;
  actorName: string;
  payload: unknown;
  /** The entry that erased the payload, and when; null while it is there. */
  erasedBy?: { seq: number; at: string } | null;
};

/** What entries told of an incident and cannot tell any more. */
export type ReplayPart =
  | "title"
  | "status"
  | "verdict"
  | "assignee"
  | "evidence"
  | "summaries"
  | "reviews"
  | "decisions"
  | "opened"
  | "notes";

export type ReplaySignOff = {
  id: string;
  who: string;
  outcome: "approved" | "rejected";
  role: string;
  assurance: string;
  at: string;
};

export type ReplayResponse = { run: string; action: string; target: string; outcome: string };

export type ReplayDecision = {
  id: string;
  kind: DecisionKind;
  state: DecisionState;
  proposer: string;
  proposedAt: string;
  reason: string | null;
  content: DecisionContent | null;
  signOffs: ReplaySignOff[];
  responses: ReplayResponse[];
  /** What the second review said; null while it has said nothing. */
  secondReview: { outcome: string; who: string } | null;
};

export type ReplayReview = {
  claim: string;
  outcome: ReviewOutcome;
  who: string;
  reason: string | null;
  replacement: string | null;
  at: string;
};

/** A summary as it was current: `verifier` is the latest that judged it again by then, null when none had. */
export type ReplaySummary = {
  id: string;
  origin: "rules" | "model";
  version: number;
  generator: string;
  issuedAt: string;
  evidenceRoot: string;
  verifier: string | null;
};

export type Replay = {
  /** The title it was opened with; null when that is not known. */
  openedAs: string | null;
  /** Null: an entry that may have changed it cannot be read any more. */
  status: IncidentStatus | null;
  verdict: Verdict | null;
  assignee: { id: string; name: string } | null;
  escalated: boolean;
  evidenceCount: number;
  evidenceRoot: string | null;
  /** The current one of each origin, the model's first. */
  summaries: ReplaySummary[];
  reviews: ReplayReview[]; // oldest first
  decisions: ReplayDecision[]; // newest first
  /** Who opened which record first, and when. */
  opened: { actor: string; who: string; evidenceId: string; label: string; at: string }[];
  notes: { who: string; at: string; text: string }[]; // oldest first
  /** Entries whose payload was erased: what they said is not known any more. */
  erased: number;
  /** The entries that erased them, oldest first. */
  erasures: { seq: number; at: string }[];
  /** What those entries were about and no later one has told. */
  unreadable: ReplayPart[];
};

type Bag = Record<string, unknown>;
type State = Omit<Replay, "erasures" | "unreadable"> & {
  gone: Set<ReplayPart>;
  byOrigin: Map<string, ReplaySummary>;
  byId: Map<string, ReplayDecision>;
};

/**
 * What an incident was after these of its entries, oldest first, from nothing else: what no entry has said yet is not there.
 * Whoever gives fewer entries gets the incident as it was earlier.
 */
export function replay(entries: readonly ReplayEntry[]): Replay {
  const state: State = {
    openedAs: null,
    status: "new",
    verdict: null,
    assignee: null,
    escalated: false,
    evidenceCount: 0,
    evidenceRoot: null,
    summaries: [],
    reviews: [],
    decisions: [],
    opened: [],
    notes: [],
    erased: 0,
    gone: new Set(),
    byOrigin: new Map(),
    byId: new Map(),
  };
  for (const entry of entries) {
    const { payload } = entry;
    if (typeof payload === "object" && payload !== null)
      applyReadable(state, entry, payload as Bag);
    else applyErased(state, entry);
  }
  const { byOrigin, byId, gone, ...rest } = state;
  return {
    ...rest,
    erasures: erasuresOf(entries),
    unreadable: [...gone],
    summaries: [...byOrigin.values()].toSorted((a, b) => a.origin.localeCompare(b.origin)),
    decisions: [...byId.values()].toReversed(),
  };
}

/** What is told wholly by its newest entry; of the others, one that cannot be read is missing for good. */
const TOLD_ANEW = new Set<ReplayPart>(["status", "verdict", "assignee", "evidence"]);

function partsOf(kind: string): ReplayPart[] {
  switch (kind) {
    case "incident.opened":
      return ["title"];
    case "incident.status_changed":
      return ["status"];
    case "verdict.set":
      return ["verdict"];
    case "incident.assigned":
      return ["assignee"];
    case "evidence.sealed":
      return ["evidence"];
    case "summary.issued":
    case "summary.reverified":
      return ["summaries"];
    case "claim.reviewed":
      return ["reviews"];
    case "evidence.read":
      return ["opened"];
    case "note.added":
      return ["notes"];
    case "decision.took_effect":
      return ["decisions", "status"];
    default:
      return ["decisions"];
  }
}

function applyErased(state: State, { kind }: ReplayEntry): void {
  state.erased += 1;
  for (const part of partsOf(kind)) state.gone.add(part);
  if (state.gone.has("status")) state.status = null;
}

function applyReadable(state: State, entry: ReplayEntry, payload: Bag): void {
  const before = state.status;
  apply(state, entry, payload);
  for (const part of partsOf(entry.kind))
    if (TOLD_ANEW.has(part) && (part !== "status" || state.status !== before))
      state.gone.delete(part);
}

function erasuresOf(entries: readonly ReplayEntry[]): { seq: number; at: string }[] {
  const found = new Map(
    entries.flatMap(({ erasedBy }) => (erasedBy ? [[erasedBy.seq, erasedBy]] : [])),
  );
  return [...found.values()].toSorted((a, b) => a.seq - b.seq);
}

function apply(state: State, entry: ReplayEntry, payload: Bag): void {
  const noun = entry.kind.split(".", 1)[0];
  if (noun === "decision") return applyDecision(state, entry, payload);
  if (noun === "response") return applyResponse(state, payload);
  switch (entry.kind) {
    case "incident.opened":
      state.openedAs = text(payload.title);
      return undefined;
    case "evidence.sealed":
      state.evidenceCount = Number(payload.evidenceCount ?? 0);
      state.evidenceRoot = text(payload.evidenceRoot);
      return undefined;
    case "incident.assigned":
      state.assignee = text(payload.assigneeId)
        ? { id: text(payload.assigneeId)!, name: text(payload.assigneeName) ?? "" }
        : null;
      return undefined;
    case "incident.status_changed":
      state.status = payload.to as IncidentStatus;
      return undefined;
    case "verdict.set":
      state.verdict = payload.to as Verdict | null;
      return undefined;
    case "note.added":
      state.notes.push({ who: entry.actorName, at: entry.at, text: text(payload.text) ?? "" });
      return undefined;
    case "claim.reviewed":
      state.reviews.push(reviewOf(entry, payload));
      return undefined;
    case "summary.issued":
      state.byOrigin.set(String(payload.origin), summaryOf(entry, payload));
      return undefined;
    case "summary.reverified":
      for (const summary of state.byOrigin.values())
        if (summary.id === payload.summary) summary.verifier = text(payload.verifier);
      return undefined;
    case "evidence.read":
      return applyOpening(state, entry, payload);
    default:
      return undefined;
  }
}

function applyOpening(state: State, entry: ReplayEntry, payload: Bag): void {
  const { actor, actorName: who, at } = entry;
  const evidenceId = text(payload.evidenceId) ?? "";
  if (state.opened.some((one) => one.actor === actor && one.evidenceId === evidenceId)) return;
  state.opened.push({ actor, who, evidenceId, label: text(payload.label) ?? "", at });
}

function reviewOf({ actorName, at }: ReplayEntry, payload: Bag): ReplayReview {
  return {
    claim: text(payload.claim) ?? "",
    outcome: payload.outcome as ReviewOutcome,
    who: actorName,
    reason: text(payload.reason),
    replacement: text(payload.replacement),
    at,
  };
}

function summaryOf({ at }: ReplayEntry, payload: Bag): ReplaySummary {
  return {
    id: text(payload.summary) ?? "",
    origin: payload.origin as "rules" | "model",
    version: Number(payload.version),
    generator: text(payload.generator) ?? "",
    issuedAt: at,
    evidenceRoot: text(payload.evidenceRoot) ?? "",
    verifier: null,
  };
}

const STATES: Record<string, DecisionState> = {
  "decision.proposed": "proposed",
  "decision.refused": "refused",
  "decision.rejected": "rejected",
  "decision.withdrawn": "withdrawn",
  "decision.expired": "expired",
  "decision.went_stale": "stale",
  "decision.took_effect": "in_effect",
};

function applyDecision(state: State, entry: ReplayEntry, payload: Bag): void {
  const id = text(payload.decision);
  if (id === null) return;
  const known = state.byId.get(id) ?? decisionOf(entry, payload, id);
  state.byId.set(id, known);
  known.state = STATES[entry.kind] ?? known.state;
  if (entry.kind === "decision.signed" || entry.kind === "decision.rejected")
    known.signOffs.push(signOffOf(entry, payload));
  if (entry.kind === "decision.second_reviewed")
    known.secondReview = { outcome: text(payload.outcome) ?? "", who: entry.actorName };
  if (entry.kind !== "decision.took_effect") return;
  state.escalated ||= known.kind === "escalation";
  state.status = (text(payload.toStatus) as IncidentStatus | null) ?? state.status;
}

function decisionOf({ actorName, at }: ReplayEntry, payload: Bag, id: string): ReplayDecision {
  return {
    id,
    kind: payload.kind as DecisionKind,
    state: "proposed",
    proposer: actorName,
    proposedAt: at,
    reason: text(payload.reason),
    content: (payload.content as DecisionContent | undefined) ?? null,
    signOffs: [],
    responses: [],
    secondReview: null,
  };
}

function signOffOf({ actorName, at, kind }: ReplayEntry, payload: Bag): ReplaySignOff {
  return {
    id: text(payload.signOff) ?? "",
    who: actorName,
    outcome: kind === "decision.signed" ? "approved" : "rejected",
    role: text(payload.role) ?? "",
    assurance: text(payload.assurance) ?? "",
    at,
  };
}

function applyResponse(state: State, payload: Bag): void {
  const decision = state.byId.get(text(payload.decision) ?? "");
  const run = text(payload.run);
  const outcome = text(payload.outcome);
  if (!decision || run === null || outcome === null) return;
  const known = decision.responses.find((response) => response.run === run);
  if (known) known.outcome = outcome;
  else
    decision.responses.push({
      run,
      action: text(payload.action) ?? "",
      target: text(payload.target) ?? "",
      outcome,
    });
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
