import { ROLE_NOUNS, SIGNING_WORDS, VOID_WORDS } from "./account-words.ts";
import type { ControlAnswer } from "./controls.ts";
import type { DecisionContent, DecisionKind, DecisionState } from "./decision.ts";
import { said, sentence } from "#lib/domain/sentence.ts";
import type { Sentence } from "#lib/domain/sentence.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import { statementSentences } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { DECISION_STATE_WORDS, DECISION_WORDS } from "./words.ts";

export type AccountSignOff = {
  who: string;
  role: string;
  isProposer: boolean;
  outcome: "approved" | "rejected";
  assurance: string;
  reason: string | null;
  at: string;
  /** Why it does not count; null where it does. */
  void: keyof typeof VOID_WORDS | null;
  /** Labels of the records this person had opened in the incident by then. */
  opened: string[];
};

/** An erasure by its entry; who asked and who approved, null where that is not known. */
export type ErasureNote = {
  seq: number;
  at: string;
  asked: string | null;
  approved: string | null;
};

/** What the reasons of a decision are told from. Times are ISO 8601 UTC. */
export type AccountFacts = {
  kind: DecisionKind;
  state: DecisionState;
  content: DecisionContent;
  statement: Statement;
  proposer: { name: string; role: string };
  proposedAt: string;
  settledAt: string | null;
  refusals: string[];
  breakGlass: boolean;
  secondReview: { outcome: string; words: string; who: string; at: string } | null;
  evidence: {
    alertCount: number;
    records: string[];
    observables: string[];
    techniques: { id: string; name: string }[];
  };
  /** The claims in front of the summaries as they stood when it was proposed. */
  claims: {
    text: string;
    standing: Standing;
    words: string;
    labels: string[];
    reviews: string[];
  }[];
  signOffs: AccountSignOff[];
  responses: {
    action: string;
    target: string;
    outcome: string;
    detail: string | null;
    checked: string | null;
  }[];
  entries: { seq: number; kind: string; leaf: string; sealedSize: number | null }[];
  /** There when the entry that proposed it cannot be read any more: what only entries told is not known then. */
  erasure: ErasureNote | null;
  /** Whether more entries came after its first one than are read: what only entries told is not known then either. */
  cutOff: boolean;
};

/** Whether there is a certificate of it, and if not, why not. */
export type CertificateState = "ready" | "open" | "not_sealed" | "erased" | "cut_off";

export function certificateState(facts: AccountFacts): CertificateState {
  const { state, entries, erasure, cutOff } = facts;
  if (erasure) return "erased";
  if (state === "proposed") return "open";
  if (cutOff) return "cut_off";
  const sealed = entries.length > 0 && entries.every(({ sealedSize }) => sealedSize !== null);
  return sealed ? "ready" : "not_sealed";
}

export type AccountSection = { heading: string; sentences: Sentence[] };

/** Why a decision came about and what became of it, in plain sentences; each from a row or an entry, none from a model. */
export function accountOf(facts: AccountFacts): AccountSection[] {
  return [
    { heading: "Who proposed what, and why", sentences: proposalSentences(facts) },
    { heading: "On which evidence", sentences: evidenceSentences(facts) },
    { heading: "How the claims stood", sentences: claimSentences(facts) },
    {
      heading: "What was stated and what the policy asked",
      sentences: statementSentences(facts.statement),
    },
    { heading: "Who signed", sentences: signatureSentences(facts) },
    { heading: "What became of it", sentences: effectSentences(facts) },
    { heading: "Where it is recorded", sentences: recordSentences(facts) },
  ];
}

/** Which answers this decision holds; the others it cannot give. */
export function answersOf(facts: AccountFacts): ReadonlySet<ControlAnswer> {
  const approvals = facts.signOffs.filter((one) => one.outcome === "approved" && one.void === null);
  const sealed =
    facts.entries.length > 0 && facts.entries.every((entry) => entry.sealedSize !== null);
  const held: Record<ControlAnswer, boolean> = {
    logged: facts.entries.length > 0,
    sealed,
    signed: approvals.length > 0,
    apart: approvals.length > 0 && approvals.every(({ isProposer }) => !isProposer),
    opened: approvals.some(({ opened }) => opened.length > 0),
    claims: facts.claims.length > 0,
    model: facts.statement.modelRuns.length > 0,
    bounded: facts.kind === "containment",
    verified: facts.responses.some(({ outcome }) => outcome === "verified" || outcome === "failed"),
  };
  return new Set((Object.keys(held) as ControlAnswer[]).filter((answer) => held[answer]));
}

/** Answers that entries gave which cannot be read any more: not that they are missing, but that nobody can tell. */
export function unreadableAnswers(facts: AccountFacts): ControlAnswer[] {
  const held = answersOf(facts);
  return (["logged", "sealed", "opened", "claims"] as const).filter((answer) => !held.has(answer));
}

/** That something is not known, and why; null where its entries can be read. */
function untoldSentence(what: string, { erasure, cutOff }: AccountFacts): Sentence | null {
  if (erasure) return erasedSentence(what, erasure);
  return cutOff
    ? `${what}: that cannot be told here; too many entries of this incident came after it.`
    : null;
}

/** That something is not known because its entries were erased: when, by which entry, and who decided it. */
function erasedSentence(what: string, { seq, at, asked, approved }: ErasureNote): Sentence {
  if (asked === null || approved === null)
    return `${what}: what told it was erased on ${when(at)}, by entry ${seq}.`;
  return sentence`${what}: what told it was erased on ${when(at)}, by entry ${seq}; ${said(asked)} asked for the erasure and ${said(approved)} approved it.`;
}

function proposalSentences({
  kind,
  content,
  proposer,
  proposedAt,
  breakGlass,
}: AccountFacts): Sentence[] {
  return [
    sentence`${said(proposer.name)}, ${roleNoun(proposer.role)}, proposed the ${DECISION_WORDS[kind].toLowerCase()}${breakGlass ? " by break-glass" : ""} on ${when(proposedAt)}.`,
    sentence`The reason given: ${said(content.reason)}`,
  ];
}

function evidenceSentences(facts: AccountFacts): Sentence[] {
  const { statement, evidence } = facts;
  const { alertCount, records, observables, techniques } = evidence;
  const untold = untoldSentence(
    "Which records the claims cited, and how many alerts there were",
    facts,
  );
  const among = untold ? "" : ` ${counted(alertCount, "alert")} among them,`;
  return [
    `The incident held ${counted(statement.evidence.count, "record")} then,${among} sealed under the root ${statement.evidence.root}.`,
    untold ??
      (records.length > 0
        ? `The claims in front of the summary cited ${records.join(", ")}.`
        : "No claim in front of a summary cited a record."),
    observables.length > 0
      ? sentence`Indicators seen most in this evidence: ${said(observables.join(", "))}.`
      : "No indicator was recognised in this evidence.",
    techniques.length > 0
      ? `ATT&CK techniques that its alerts name: ${techniques.map(({ id, name }) => `${id} ${name}`).join(", ")}.`
      : "Its alerts name no ATT&CK technique.",
  ];
}

function claimSentences(facts: AccountFacts): Sentence[] {
  const { claims, statement } = facts;
  const untold = untoldSentence("How they stood", facts);
  if (claims.length === 0 && !untold) return ["No summary had been issued when it was proposed."];
  return [
    ...(untold ? [untold] : []),
    ...claims.map(
      ({ text, words, labels, reviews }) =>
        sentence`${words}: ${said(text)}${labels.length > 0 ? ` (${labels.join(", ")})` : ""}${reviews.length > 0 ? `; ${reviews.join(", ")}` : ""}.`,
    ),
    statement.claims.waived.length === 0
      ? "None was set aside by name."
      : sentence`Set aside by name: ${said(statement.claims.waived.map(({ text }) => text).join("; "))}.`,
  ];
}

function signatureSentences({ signOffs, state, erasure }: AccountFacts): Sentence[] {
  if (signOffs.length === 0)
    return [state === "refused" ? "Nobody could: the gate refused it." : "Nobody has signed it."];
  return signOffs.flatMap(({ who, role, outcome, assurance, reason, at, opened, void: why }) => [
    sentence`${said(who)}, as ${roleNoun(role)}, ${outcome === "approved" ? "signed" : "rejected"} it on ${when(at)} ${SIGNING_WORDS[assurance] ?? `by ${assurance}`}${why ? ` (${state === "proposed" ? "does" : "did"} not count: ${VOID_WORDS[why]})` : ""}${reason ? ", saying: " : ""}${reason ? said(reason) : ""}.`,
    erasure
      ? erasedSentence("Which records were opened before that", erasure)
      : opened.length > 0
        ? sentence`Before that ${said(who)} had opened ${opened.join(", ")}.`
        : sentence`Before that ${said(who)} had opened no record of this incident here.`,
  ]);
}

function effectSentences(facts: AccountFacts): Sentence[] {
  const { state, settledAt, refusals, responses, secondReview } = facts;
  return [
    `${DECISION_STATE_WORDS[state]}${settledAt ? `, since ${when(settledAt)}` : ""}.`,
    ...refusals.map((reason) => `Refused because: ${reason}`),
    ...responses.map(
      ({ action, target, outcome, detail, checked }) =>
        sentence`The response "${action.replaceAll("_", " ")}" on ${said(target)}: ${outcome}${detail ? "; " : ""}${detail ? said(detail) : ""}${checked ? `; last checked: ${checked}` : ""}.`,
    ),
    ...(secondReview
      ? [
          sentence`In the second review, ${said(secondReview.who)} ${secondReview.outcome} it on ${when(secondReview.at)}: ${said(secondReview.words)}`,
        ]
      : []),
  ];
}

function recordSentences(facts: AccountFacts): Sentence[] {
  const { entries, erasure } = facts;
  if (erasure) {
    return [
      erasedSentence("Which entries are its own", erasure),
      "Their lines and leaves stand on the trail as before, and every proof over them holds.",
      ...(entries.length === 0 ? [] : entrySentences(entries)),
    ];
  }
  const untold = untoldSentence("All its entries", facts);
  if (untold) return [untold, ...(entries.length === 0 ? [] : entrySentences(entries))];
  return entries.length === 0 ? ["No entry of the trail names it."] : entrySentences(entries);
}

function entrySentences(entries: AccountFacts["entries"]): Sentence[] {
  const open = entries.filter(({ sealedSize }) => sealedSize === null);
  const last = Math.max(...entries.map(({ sealedSize }) => sealedSize ?? 0));
  return [
    `The trail holds it in ${entries.length === 1 ? "entry" : "entries"} ${entries.map(({ seq }) => seq).join(", ")}.`,
    open.length === 0
      ? `All of them stand under signed checkpoints, the last of size ${last}.`
      : `Not under a signed checkpoint yet: ${open.map(({ seq }) => seq).join(", ")}.`,
  ];
}

function roleNoun(role: string): string {
  return ROLE_NOUNS[role] ?? role;
}

function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
