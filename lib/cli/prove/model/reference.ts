/**
 * A decision's life in as few words as it can be told: written from the specification, not from the gate, so that
 * the two can disagree. Times do not pass in it: nothing expires.
 */
import type { DecisionKind } from "#lib/domain/decision/decision.ts";

export type Who = "ana" | "bo" | "lea" | "aud";
export type Status = "new" | "in_progress" | "on_hold" | "closed";
export type ModelState = "proposed" | "in_effect" | "refused" | "rejected" | "withdrawn" | "stale";

export type ModelDecision = {
  kind: DecisionKind;
  state: ModelState;
  proposer: Who;
  /** The facts it was proposed on, by their number. */
  facts: number;
  approved: Who[];
  rejected: Who[];
};

export type Model = {
  status: Status;
  /** Steps with every change of a fact. */
  facts: number;
  escalated: boolean;
  verdict: string | null;
  effects: number;
  decisions: ModelDecision[];
};

/** What the product must answer: done, in this state; or refused, for this. */
export type Expected = { ok: true; state: string | null } | { ok: false; code: string };

export function newModel(): Model {
  return {
    status: "new",
    facts: 0,
    escalated: false,
    verdict: null,
    effects: 0,
    decisions: [],
  };
}

/** As the policy of the proof has it. */
const SIGN_OFFS: Record<DecisionKind, number> = {
  escalation: 1,
  containment: 1,
  closure: 2,
  reopening: 1,
};

const worksHere = (who: Who) => who !== "aud";
const no = (code: string): Expected => ({ ok: false, code });
const yes = (state: string | null): Expected => ({ ok: true, state });

/** Mostly people propose what makes sense: a reopening of what is closed, and nothing else of it. */
export function fitting({ status }: Model, kind: DecisionKind): DecisionKind {
  if (status === "closed") return "reopening";
  return kind === "reopening" ? "closure" : kind;
}

/** A proposal that is refused is kept as refused; one that may stand puts an older, void one of its kind away. */
export function propose(model: Model, kind: DecisionKind, by: Who): Expected {
  if (!worksHere(by)) return no("not_allowed");
  const code = refusalOf(model, kind);
  const { facts, decisions } = model;
  if (code === null)
    for (const one of openOnes(model, kind)) if (one.facts !== facts) one.state = "stale";
  const state = code === null ? "proposed" : "refused";
  decisions.push({ kind, state, proposer: by, facts, approved: [], rejected: [] });
  return code === null ? yes("proposed") : no(code);
}

function refusalOf(model: Model, kind: DecisionKind): string | null {
  if (kind === "reopening" && model.status !== "closed") return "incident_not_closed";
  if (kind !== "reopening" && model.status === "closed") return "incident_closed";
  if (kind === "escalation" && model.escalated) return "already_escalated";
  const isTaken = openOnes(model, kind).some(({ facts }) => facts === model.facts);
  return isTaken ? "decision_open" : null;
}

function openOnes({ decisions }: Model, kind: DecisionKind): ModelDecision[] {
  return decisions.filter((one) => one.kind === kind && one.state === "proposed");
}

export type Signature = {
  at: number;
  by: Who;
  outcome: "approved" | "rejected";
  /** The page shows the statement there is, or one from before. */
  page: "right" | "old";
};

/** Mostly those sign who may and have not yet. */
export function fittingSigner({ decisions }: Model, at: number, by: Who): Who {
  const { kind, proposer, approved, rejected } = decisions[at]!;
  const known = [proposer, ...approved, ...rejected];
  const may = (["ana", "bo", "lea"] as const).filter(
    (who) => !known.includes(who) && (kind !== "containment" || who === "lea"),
  );
  return may.find((who) => who === by) ?? may[0] ?? by;
}

/** Does this person's passkey count its signatures? Then a second use of one is a copy's. */
export const countsSignatures = (who: Who) => who !== "lea";

/** By passkey: who verifies it looks at the assertion first and at the decision then; what was signed is told first. */
export function signByPasskey(model: Model, { at, by, page }: Signature): Expected {
  const decision = model.decisions[at]!;
  const { kind, proposer, approved, rejected } = decision;
  if (!worksHere(by)) return no("not_allowed");
  if (page === "old") return no("statement_changed");
  if (decision.state === "proposed" && decision.facts !== model.facts) decision.state = "stale";
  if ([...approved, ...rejected].includes(by)) return no("already_signed");
  if (decision.state === "stale") return no("stale");
  if (decision.state !== "proposed") return no("not_open");
  if (kind === "containment" && by !== "lea") return no("role_too_low");
  if (by === proposer) return no("signer_is_proposer");
  return approve(model, decision, by);
}

export function sign(model: Model, { at, by, outcome, page }: Signature): Expected {
  const decision = model.decisions[at]!;
  if (!worksHere(by)) return no("not_allowed");
  if (by === decision.proposer) return no("signer_is_proposer");
  if (decision.kind === "containment" && by !== "lea") return no("role_too_low");
  if (decision.state !== "proposed") return no("not_open");
  const isVoid = decision.facts !== model.facts;
  if (page === "old") return no("statement_changed");
  if ([...decision.approved, ...decision.rejected].includes(by)) return no("already_signed");
  if (isVoid) {
    decision.state = "stale";
    return no("stale");
  }
  if (outcome === "rejected") {
    decision.rejected.push(by);
    decision.state = "rejected";
    return yes("rejected");
  }
  return approve(model, decision, by);
}

function approve(model: Model, decision: ModelDecision, by: Who): Expected {
  decision.approved.push(by);
  if (decision.approved.length < SIGN_OFFS[decision.kind]) return yes("proposed");
  takeEffect(model, decision);
  return yes("in_effect");
}

function takeEffect(model: Model, decision: ModelDecision): void {
  decision.state = "in_effect";
  model.effects += 1;
  model.facts += 1;
  if (decision.kind === "closure") model.status = "closed";
  if (decision.kind === "reopening") model.status = "in_progress";
  if (decision.kind === "escalation") model.escalated = true;
}

export function withdraw(model: Model, at: number, by: Who): Expected {
  const decision = model.decisions[at]!;
  if (!worksHere(by)) return no("not_allowed");
  if (by !== decision.proposer) return no("signer_is_proposer");
  // what went stale needs no withdrawal: the answer is the state it is in
  if (decision.state === "stale") return yes("stale");
  if (decision.state !== "proposed") return no("not_open");
  decision.state = decision.facts === model.facts ? "withdrawn" : "stale";
  return yes(decision.state);
}

export function work(model: Model, status: Exclude<Status, "closed">, by: Who): Expected {
  if (!worksHere(by)) return no("not_allowed");
  if (model.status === "closed") return no("move_illegal");
  if (model.status === status) return yes(null);
  model.status = status;
  model.facts += 1;
  return yes(null);
}

export function judge(model: Model, verdict: string | null, by: Who): Expected {
  if (!worksHere(by)) return no("not_allowed");
  if (model.verdict !== verdict) model.facts += 1;
  model.verdict = verdict;
  return yes(null);
}
