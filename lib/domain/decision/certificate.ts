import type { Sentence } from "#lib/domain/sentence.ts";
import { said, sentence } from "#lib/domain/sentence.ts";
import { STANDINGS, STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import type { AccountFacts, AccountSignOff, CertificateState } from "./account.ts";
import { answersOf } from "./account.ts";
import { ROLE_NOUNS, SIGNING_WORDS, VOID_WORDS } from "./account-words.ts";
import { CONTROLS, FRAMEWORKS } from "./controls.ts";
import { statementSentences } from "./statement.ts";
import { DECISION_STATE_WORDS, DECISION_WORDS } from "./words.ts";

/** A signed checkpoint over every entry of a decision. Times are ISO 8601 UTC. */
export type CertificateSeal = {
  origin: string;
  size: number;
  /** base64, as the checkpoint has it. */
  root: string;
  signedAt: string;
  witness: { name: string; at: string } | null;
};

export type CertificateFacts = {
  account: AccountFacts;
  number: string;
  statementSha256: string; // hex
  /** The entry that tells how the decision stands; `leaf` in hex. */
  entry: { seq: number; leaf: string };
  seal: CertificateSeal;
};

export type Certificate = {
  title: string;
  stands: string;
  incident: Sentence;
  /** As on the review screen; the first says what a signature means. */
  statement: Sentence[];
  people: Sentence[];
  claims: Sentence[];
  effect: Sentence[];
  proof: { name: string; value: string }[];
  shows: string[];
  /** What it does not prove. */
  limits: string[];
  controls: string;
  /** What the code on it holds. */
  code: string;
};

/** Most of each list on the one page; the rest is counted. */
const SIGN_OFFS_SHOWN = 4;
const WAIVED_SHOWN = 2;
const RESPONSES_SHOWN = 3;
const ENTRIES_SHOWN = 8;

/** What stands on the certificate of a decision: made of its rows, its statement and the trail alone. */
export function certificateOf(facts: CertificateFacts): Certificate {
  const { account, number, seal, entry } = facts;
  const { kind, state, statement, settledAt, breakGlass } = account;
  const others = otherIncidents(account);
  const also = others > 0 ? ` and ${others} ${others === 1 ? "other" : "others"}` : "";
  return {
    title: `${DECISION_WORDS[kind]} of ${number}${also}`,
    stands: `${DECISION_STATE_WORDS[state]}${settledAt ? ` since ${when(settledAt)}` : ""}${breakGlass ? ", by break-glass" : ""}`,
    incident: sentence`${said(statement.incident.title)}`,
    statement: statementSentences(statement),
    people: peopleLines(account),
    claims: claimLines(account),
    effect: effectLines(account),
    proof: proofRows(facts),
    shows: [
      "The entries named here are in the log that this checkpoint was signed over, and the statement is the one with this SHA-256.",
      `To check it without this system: the receipt of entry ${entry.seq} (/api/trail/${entry.seq}/proof) leads from its leaf to a signed checkpoint of this log, this one or a later one; docs/trail-format.md says how, and what ties a later one to this one.`,
    ],
    limits: limitsOf(seal),
    controls: controlWords(account),
    code: certificateCode({ seal, entry }),
  };
}

/** The text of the code: a name, the checkpoint's three lines, and the decision's entry with its leaf in hex. */
export function certificateCode({ seal, entry }: Pick<CertificateFacts, "seal" | "entry">): string {
  const { origin, size, root } = seal;
  return `countersign/certificate@v1\n${origin}\n${size}\n${root}\nentry ${entry.seq} ${entry.leaf}\n`;
}

/** How many incidents a closure of several closes besides the one that it stands in. */
function otherIncidents({ statement }: AccountFacts): number {
  return (statement.bulk?.incidents.length ?? 1) - 1;
}

/** What somebody else wrote stands last in each line: where a line is cut, that is what goes. */
function peopleLines({ proposer, proposedAt, signOffs, state }: AccountFacts): Sentence[] {
  const shown = signOffs.slice(0, SIGN_OFFS_SHOWN);
  const none =
    state === "refused" ? "Nobody could sign: the gate refused it." : "Nobody signed it.";
  return [
    sentence`Proposed ${when(proposedAt)} by ${said(proposer.name)}.`,
    ...(signOffs.length === 0 ? [none] : shown.map(signOffLine)),
    ...more(signOffs.length - shown.length, "signature"),
  ];
}

function signOffLine(signOff: AccountSignOff): Sentence {
  const { who, role, outcome, assurance, reason, at, void: why } = signOff;
  const verb = outcome === "approved" ? "Signed" : "Rejected";
  const how = SIGNING_WORDS[assurance] ?? `by ${assurance}`;
  const counts = why ? ` (did not count: ${VOID_WORDS[why]})` : "";
  return sentence`${verb} ${when(at)} ${how}${counts} by ${roleNoun(role)}, ${said(who)}${reason ? ", saying " : ""}${reason ? said(reason) : ""}.`;
}

function claimLines({ claims, statement }: AccountFacts): Sentence[] {
  const { waived } = statement.claims;
  const counts = STANDINGS.flatMap((standing) => {
    const count = claims.filter((claim) => claim.standing === standing).length;
    return count === 0 ? [] : [`${STANDING_WORDS[standing]}: ${count}`];
  });
  const shown = waived.slice(0, WAIVED_SHOWN);
  return [
    claims.length === 0
      ? "No claim stood in front of a summary when it was proposed."
      : `Claims in front of the summaries when it was proposed: ${counts.join("; ")}.`,
    waived.length === 0
      ? "None was set aside by name."
      : `Set aside by name: ${waived.length}${shown.length < waived.length ? `, the first ${shown.length} of them` : ""}:`,
    ...shown.map(({ text, standing }) => sentence`- ${STANDING_WORDS[standing]}: ${said(text)}`),
  ];
}

function effectLines({ state, responses, refusals, secondReview }: AccountFacts): Sentence[] {
  const shown = responses.slice(0, RESPONSES_SHOWN);
  const told = refusals.slice(0, RESPONSES_SHOWN);
  return [
    ...(responses.length === 0
      ? [
          state === "in_effect"
            ? "In effect here; nothing was sent to another system."
            : "It had no effect.",
        ]
      : shown.map(
          ({ action, target, outcome }) =>
            sentence`Response ${outcome}: ${action.replaceAll("_", " ")} on ${said(target)}.`,
        )),
    ...more(responses.length - shown.length, "response"),
    ...told.map((reason) => `Refused because: ${reason}`),
    ...more(refusals.length - told.length, "reason"),
    ...(secondReview
      ? [
          sentence`Second review, ${when(secondReview.at)}: ${secondReview.outcome}, by ${said(secondReview.who)}.`,
        ]
      : []),
  ];
}

function proofRows({ account, number, statementSha256, entry, seal }: CertificateFacts) {
  const seqs = account.entries.map(({ seq }) => seq);
  const shown = seqs.slice(0, ENTRIES_SHOWN);
  const rest = seqs.length - shown.length;
  const listed = `${shown.join(", ")}${rest > 0 ? ` and ${rest} more, the last ${seqs.at(-1)}` : ""}`;
  const others = otherIncidents(account);
  return [
    { name: "Statement SHA-256", value: statementSha256 },
    { name: "Decision's entry", value: `${entry.seq} (its leaf index)` },
    { name: "Leaf", value: entry.leaf },
    others > 0
      ? {
          name: "Its entries",
          value: `under ${number}: ${listed}; not listed: any under ${others} other incident${others === 1 ? "" : "s"}`,
        }
      : { name: "All its entries", value: listed },
    { name: "Log", value: seal.origin },
    { name: "Checkpoint size", value: String(seal.size) },
    { name: "Root", value: seal.root },
    { name: "Signed", value: when(seal.signedAt) },
    {
      name: "Witness",
      value: seal.witness
        ? `${seal.witness.name}, ${when(seal.witness.at)}`
        : "none recorded over this checkpoint",
    },
  ];
}

function limitsOf({ witness }: CertificateSeal): string[] {
  return [
    "This page is a reading aid, not a signature: anybody can print one like it. Only the check against the log's key shows that it is so.",
    "\u201CMatches the evidence\u201D says that a claim agrees with the records that came in, not that the records say what happened.",
    "It does not show what was written on the trail after this checkpoint, and nothing holds if the log's key was stolen.",
    witness
      ? "That nobody was shown another history rests on the witness named here."
      : "No witness vouches that nobody was shown another history.",
  ];
}

/** The controls of which this decision holds every answer, shortly. */
function controlWords(account: AccountFacts): string {
  const held = answersOf(account);
  const words = (Object.keys(FRAMEWORKS) as (keyof typeof FRAMEWORKS)[]).flatMap((key) => {
    const ids = CONTROLS.filter(
      ({ framework, answers }) => framework === key && answers.every((answer) => held.has(answer)),
    ).map(({ id }) => id);
    return ids.length === 0 ? [] : [`${SHORT_NAMES[key]}${ids.map(shortId).join(", ")}`];
  });
  return words.length === 0
    ? "none is answered in full."
    : `${words.join("; ")}. They are for an examiner, and no statement of conformity.`;
}

const SHORT_NAMES: Record<keyof typeof FRAMEWORKS, string> = {
  euAiAct: "EU AI Act, articles ",
  nistGenAi: "NIST AI 600-1, ",
  owaspLlm: "OWASP ",
  owaspAgentic: "OWASP ",
};

function shortId(id: string): string {
  return id.replace(/^Article |:2025$/, "");
}

function more(count: number, noun: string): string[] {
  return count > 0 ? [`And ${count} more ${noun}${count === 1 ? "" : "s"}, on the trail.`] : [];
}

function roleNoun(role: string): string {
  return ROLE_NOUNS[role] ?? role;
}

function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** Why there is no certificate, and when there will be one. */
export const NO_CERTIFICATE: Readonly<Record<Exclude<CertificateState, "ready">, string>> = {
  open: "This decision is still open; there is a certificate of it once it is settled.",
  not_sealed:
    "Not every entry of this decision stands under a signed checkpoint yet. The signer signs one at least every minute; ask again then.",
  erased:
    "What the entries of this decision told was erased, so that no certificate could rest on them; its reasons say when and by whom.",
  cut_off:
    "So many entries of this incident came after this decision that it cannot be told here which are its own; a bundle of the log holds them all.",
};
