/** Matches the claims of two summaries, so that a reader sees what changed instead of two lists. */
import type { ClaimKind, Predicate, Standing } from "./claim.ts";

/** `labels` are the records it cites (`E12`). */
export type ComparableClaim = {
  id: string;
  text: string;
  kind: ClaimKind;
  standing: Standing;
  labels: readonly string[];
  predicates: readonly Predicate[];
};

/**
 * `same`: the same words and standing. `reworded`: other words, the same standing. `moved`: another standing,
 * whatever the words. `added` has no left side, `dropped` no right one.
 */
export type ClaimChange = "same" | "reworded" | "moved" | "added" | "dropped";
export type ClaimPair<Left, Right = Left> = {
  change: ClaimChange;
  left: Left | null;
  right: Right | null;
};

/** Two claims less alike than this are two claims. */
const ALIKE = 0.5;
/** What more claims than this have in common tells nothing about any of them. */
const COMMON = 40;

/**
 * Every claim of both sides exactly once: pairs and added ones in the order of the right side, a dropped one
 * after what it followed on the left. The same two lists always give the same pairs.
 */
export function compareClaims<Left extends ComparableClaim, Right extends ComparableClaim>(
  left: readonly Left[],
  right: readonly Right[],
): ClaimPair<Left, Right>[] {
  const matches = matchClaims(left.map(profileOf), right.map(profileOf));
  const leftOf = new Map([...matches].map(([from, to]) => [to, from]));
  const pairs: ClaimPair<Left, Right>[] = [];
  const dropAfter = (at: number): void => {
    for (let next = at + 1; next < left.length && !matches.has(next); next += 1) {
      pairs.push({ change: "dropped", left: left[next]!, right: null });
    }
  };
  dropAfter(-1);
  for (const [at, claim] of right.entries()) {
    const from = leftOf.get(at);
    if (from === undefined) {
      pairs.push({ change: "added", left: null, right: claim });
      continue;
    }
    const before = left[from]!;
    pairs.push({ change: changeOf(before, claim), left: before, right: claim });
    dropAfter(from);
  }
  return pairs;
}

function changeOf(left: ComparableClaim, right: ComparableClaim): ClaimChange {
  if (left.standing !== right.standing) return "moved";
  return plain(left.text) === plain(right.text) ? "same" : "reworded";
}

/** What is compared of a claim: its words by weight, what it names, cites and tests. */
type Profile = {
  text: string;
  isGap: boolean;
  words: ReadonlyMap<string, number>;
  names: ReadonlySet<string>;
  labels: ReadonlySet<string>;
  tests: ReadonlySet<string>;
};

function profileOf({ text, kind, labels, predicates }: ComparableClaim): Profile {
  const words = new Map<string, number>();
  const names = new Set<string>();
  for (const [token] of plain(text).matchAll(TOKEN)) {
    const word = token.replace(/[.:,;/\\-]+$/, "");
    words.set(word, weightOf(word));
    if (isName(word)) names.add(word);
  }
  const tests = predicates.map(({ op, where, field, value }) =>
    [op, where, field, value].join("\u0001").toLowerCase(),
  );
  return {
    text: plain(text),
    isGap: kind === "gap",
    words,
    names,
    labels: new Set(labels),
    tests: new Set(tests),
  };
}

/** Left place to right place. Claims of the same words first, then the most alike ones. */
function matchClaims(left: readonly Profile[], right: readonly Profile[]): Map<number, number> {
  const matches = new Map<number, number>();
  const taken = new Set<number>();
  const take = (from: number, to: number): void => {
    matches.set(from, to);
    taken.add(to);
  };
  const sameText = Map.groupBy(right.keys(), (at) => right[at]!.text);
  for (const [from, { text }] of left.entries()) {
    const to = sameText.get(text)?.shift();
    if (to !== undefined) take(from, to);
  }
  for (const { from, to } of candidates(left, right, matches, taken)) {
    if (!matches.has(from) && !taken.has(to)) take(from, to);
  }
  return matches;
}

type Candidate = { from: number; to: number; score: number };

/** Pairs that are alike enough, most alike first; only those that share something rare are weighed at all. */
function candidates(
  left: readonly Profile[],
  right: readonly Profile[],
  matches: ReadonlyMap<number, number>,
  taken: ReadonlySet<number>,
): Candidate[] {
  const holders = new Map<string, number[]>();
  for (const [to, profile] of right.entries()) {
    if (taken.has(to)) continue;
    for (const key of keysOf(profile)) {
      const list = holders.get(key);
      if (list) list.push(to);
      else holders.set(key, [to]);
    }
  }
  const found: Candidate[] = [];
  for (const [from, profile] of left.entries()) {
    if (matches.has(from)) continue;
    const near = new Set(keysOf(profile).flatMap((key) => rare(holders.get(key))));
    for (const to of near) {
      const score = likeness(profile, right[to]!);
      if (score >= ALIKE) found.push({ from, to, score });
    }
  }
  return found.toSorted((a, b) => b.score - a.score || a.from - b.from || a.to - b.to);
}

function keysOf({ words, labels, tests }: Profile): string[] {
  return [
    ...words.keys(),
    ...[...labels].map((label) => `label ${label}`),
    ...[...tests].map((test) => `test ${test}`),
  ];
}

function rare(holders: readonly number[] | undefined): readonly number[] {
  return holders && holders.length <= COMMON ? holders : [];
}

/** 0 to 1. What neither claim has (a citation, a test) says nothing for or against. */
function likeness(a: Profile, b: Profile): number {
  if (a.isGap !== b.isGap) return 0;
  // "an alert on ws-1" and "an alert on ws-2" share every word and are about different things
  const sameThing = a.names.size === 0 || b.names.size === 0 || shares(a.names, b.names);
  if (!sameThing && !shares(a.labels, b.labels)) return 0;
  const parts = [
    { share: weighted(a.words, b.words), weight: 0.55 },
    { share: overlap(a.labels, b.labels), weight: 0.25 },
    { share: overlap(a.tests, b.tests), weight: 0.2 },
  ];
  let sum = 0;
  let weights = 0;
  for (const { share, weight } of parts) {
    if (share === null) continue;
    sum += share * weight;
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

function shares(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const each of a) if (b.has(each)) return true;
  return false;
}

/** Dice's coefficient; null when both are empty. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number | null {
  const total = a.size + b.size;
  if (total === 0) return null;
  return (2 * a.intersection(b).size) / total;
}

function weighted(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number | null {
  let common = 0;
  for (const [word, weight] of a) if (b.has(word)) common += weight;
  const total = sumOf(a) + sumOf(b);
  return total === 0 ? null : (2 * common) / total;
}

function sumOf(words: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of words.values()) sum += weight;
  return sum;
}

const TOKEN = /[\p{L}\p{N}][\p{L}\p{N}._:/\\@$-]*/gu;
const NUMBER = /^\d+([.,]\d+)?$|^\d{1,2}:\d{2}|^\d{4}-\d{2}-\d{2}/;

/** A host, an address, an account, a file: what a claim is about. A number or a time is what it says of it. */
function isName(word: string): boolean {
  return !NUMBER.test(word) && /\d|[^.:/\\@$][._:/\\@$][^.:/\\@$]/.test(word);
}

function weightOf(word: string): number {
  if (isName(word)) return 3;
  if (NUMBER.test(word)) return 1;
  return word.length <= 3 ? 0.3 : 1;
}

const HIDDEN = /[\p{Cc}\p{Cf}]/gu;

function plain(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, " ").replace(HIDDEN, "").trim().toLowerCase();
}
