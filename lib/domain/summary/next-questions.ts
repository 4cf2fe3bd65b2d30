/** Questions worth asking next, told by what the summaries leave open. No model writes them. */
import { hasHidden } from "#lib/domain/evidence/display.ts";
import { instructionScore } from "#lib/domain/evidence/instruction-like.ts";
import { whereWords } from "#lib/domain/evidence/where-words.ts";
import type { ClaimKind, Predicate, Standing } from "./claim.ts";

/** A summary as far as it leaves something open; `isReviewed`: a person has said their word on the claim. */
export type OpenSummary = {
  origin: "rules" | "model";
  claims: readonly {
    ordinal: number;
    text: string;
    kind: ClaimKind;
    standing: Standing;
    predicates: readonly Predicate[];
    isReviewed: boolean;
  }[];
  /** Labels (`E12`) of alerts of high severity that it does not mention. */
  notMentioned: readonly string[];
};
type OpenClaim = OpenSummary["claims"][number];

/** `because` says in a sentence what makes the question worth asking. */
export type NextQuestion = { text: string; because: string };

const QUESTIONS_MAX = 5;
const OF_A_KIND_MAX = 2;
const EXCERPT_MAX = 160;

/**
 * At most five, the most pressing first: what the evidence speaks against, what is not in it, alerts nobody
 * mentions, gaps, what was found in part, judgements. A question that was asked already is left out. Words of a
 * claim come into a question only when nothing in them hides or reads like an instruction.
 */
export function nextQuestions(
  summaries: readonly OpenSummary[],
  asked: readonly string[] = [],
): NextQuestion[] {
  const model = summaries.filter(({ origin }) => origin === "model");
  const open = model.flatMap(({ claims }) => claims.filter((claim) => !claim.isReviewed));
  const stated = open.filter(({ kind }) => kind !== "gap" && kind !== "assessment");
  const having = (standing: Standing): OpenClaim[] =>
    stated.filter((claim) => claim.standing === standing);
  const gaps = summaries.flatMap(({ claims }) => claims.filter(({ kind }) => kind === "gap"));
  const kinds: NextQuestion[][] = [
    having("contradicted").flatMap((claim) =>
      about(claim, "Which records speak for, and which against this", CONTRADICTED),
    ),
    having("unsupported").flatMap((claim) =>
      about(claim, "Which records show this, if any", UNSUPPORTED),
    ),
    model.flatMap(({ notMentioned }) => notMentioned.flatMap(unmentioned)),
    gaps.flatMap(gapQuestion),
    having("partial").flatMap((claim) =>
      about(claim, "What would confirm or refute this", PARTIAL),
    ),
    open
      .filter(({ kind }) => kind === "assessment")
      .flatMap((claim) => about(claim, "What speaks for, and what against this", JUDGED)),
  ];
  const known = new Set(asked.map(asOne));
  const questions: NextQuestion[] = [];
  for (const kind of kinds) {
    const fresh = kind.filter(({ text }) => !known.has(asOne(text))).slice(0, OF_A_KIND_MAX);
    for (const question of fresh) known.add(asOne(question.text));
    questions.push(...fresh);
  }
  return questions.slice(0, QUESTIONS_MAX);
}

type Because = (number: number) => string;

const CONTRADICTED: Because = (number) =>
  `The evidence conflicts with the model's claim ${number}.`;
const UNSUPPORTED: Because = (number) => `The model's claim ${number} is not in the evidence.`;
const PARTIAL: Because = (number) => `The model's claim ${number} matches the evidence in part.`;
const JUDGED: Because = (number) =>
  `The model's claim ${number} is a judgement; no record settles it.`;

function about(claim: OpenClaim, asks: string, because: Because): NextQuestion[] {
  const words = excerpt(claim.text);
  if (words === null) return [];
  return [{ text: `${asks}: \u201c${words}\u201d?`, because: because(claim.ordinal + 1) }];
}

function unmentioned(label: string): NextQuestion[] {
  if (!/^E[1-9]\d{0,8}$/.test(label)) return [];
  return [
    {
      text: `What does ${label} show, and how does it fit with the rest?`,
      because: `${label} is an alert of high severity that the model does not mention.`,
    },
  ];
}

const HOST = /^[\w.-]{1,64}$/;

function gapQuestion(claim: OpenClaim): NextQuestion[] {
  const words = excerpt(claim.text);
  if (words === null) return [];
  const because = `A gap: ${words}.`;
  const absent = claim.predicates.find(({ op }) => op === "absent");
  const hosts = whereWords(absent?.where ?? "")?.filter(
    ({ field, sign, value }) => field === "host" && sign === "is" && HOST.test(value),
  );
  const host = hosts?.[0]?.value;
  if (host) return [{ text: `What do other records tell about the host ${host}?`, because }];
  return [{ text: `What in the evidence makes up for this gap: \u201c${words}\u201d?`, because }];
}

/** The claim's words on one line; null when they should not be passed on. */
function excerpt(text: string): string | null {
  const line = text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.?!]+$/, "");
  if (line === "" || hasHidden(line) || !line.isWellFormed()) return null;
  if (instructionScore(text) > 0) return null;
  if (line.length <= EXCERPT_MAX) return line;
  const cut = line.slice(0, EXCERPT_MAX);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), EXCERPT_MAX - 40)).toWellFormed()}\u2026`;
}

function asOne(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}
