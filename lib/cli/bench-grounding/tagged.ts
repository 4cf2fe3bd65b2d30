/**
 * Precision and recall of the extractor on the hand-tagged sentences:
 * docs/grounding-benchmark-tagging.md.
 */
import type { EntityType } from "#lib/grounding/entities.ts";
import { wilson } from "./wilson.ts";

export type TaggedSpan = { type: EntityType; start: number; end: number };

/** One line of tagged-sentences.jsonl; offsets are UTF-16 units of `text`. */
export type TaggedSentence = {
  id: string;
  half: "dev" | "held-out";
  text: string;
  entities: (TaggedSpan & { text: string })[];
  /** Why a tag was changed after the first scoring, when it was. */
  corrected?: string;
};

/** What reads a sentence: spans with raw offsets. */
export type Reader = (text: string) => TaggedSpan[];

/** Shares are null where nothing was found or tagged; intervals are 95 % Wilson. */
export type Measure = {
  hits: number;
  found: number;
  tagged: number;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  precisionInterval: [number, number];
  recallInterval: [number, number];
};

export type Share = { hits: number; n: number; share: number | null; interval: [number, number] };

export type TypeScore = { type: EntityType; exact: Measure; relaxed: Measure };

export type HalfScore = {
  sentences: number;
  exact: Measure;
  relaxed: Measure;
  /** Tagged spans that any reading overlaps, whatever its type, unclassified names included. */
  seen: Share;
  byType: TypeScore[];
  /** Sentences without a tagged entity, and how many of them the reader found something in. */
  bare: { sentences: number; alarmed: number; alarms: number };
};

export type TaggedScore = { dev: HalfScore; heldOut: HalfScore; corrections: number };

/** Readings of a claim rather than entities of a closed form: neither tagged nor scored. */
export const UNTAGGED_TYPES: ReadonlySet<EntityType> = new Set(["label", "name", "quote"]);

type Pairing = (tagged: TaggedSpan, found: TaggedSpan) => boolean;

/** Both halves apart. Pure: the sentences and the reader are given. */
export function scoreSentences(sentences: TaggedSentence[], read: Reader): TaggedScore {
  return {
    dev: scoreHalf(
      sentences.filter(({ half }) => half === "dev"),
      read,
    ),
    heldOut: scoreHalf(
      sentences.filter(({ half }) => half === "held-out"),
      read,
    ),
    corrections: sentences.filter(({ corrected }) => corrected !== undefined).length,
  };
}

export type Failure = {
  id: string;
  text: string;
  missed: { type: EntityType; text: string; start: number }[];
  wrong: { type: EntityType; text: string; start: number }[];
};

/**
 * Sentences of the dev half that are not read exactly as tagged. Held-out ones are never listed.
 */
export function devFailures(sentences: TaggedSentence[], read: Reader): Failure[] {
  return sentences.flatMap(({ id, half, text, entities }) => {
    if (half !== "dev") return [];
    const found = readScored(text, read);
    const show = ({ type, start, end }: TaggedSpan) => ({
      type,
      text: text.slice(start, end),
      start,
    });
    const missed = entities.filter((tag) => !found.some((span) => isExact(tag, span))).map(show);
    const wrong = found.filter((span) => !entities.some((tag) => isExact(tag, span))).map(show);
    return missed.length + wrong.length > 0 ? [{ id, text, missed, wrong }] : [];
  });
}

function scoreHalf(sentences: TaggedSentence[], read: Reader): HalfScore {
  const pairs = sentences.map(({ text, entities }) => ({
    tagged: entities,
    found: readScored(text, read),
  }));
  const types = [...new Set(pairs.flatMap((p) => [...p.tagged, ...p.found].map((s) => s.type)))];
  const bare = pairs.filter(({ tagged }) => tagged.length === 0);
  return {
    sentences: sentences.length,
    exact: measure(pairs, isExact),
    relaxed: measure(pairs, isRelaxed),
    seen: seenOf(sentences, read),
    byType: types.toSorted().map((type) => {
      const own = pairs.map(({ tagged, found }) => ({
        tagged: tagged.filter((s) => s.type === type),
        found: found.filter((s) => s.type === type),
      }));
      return { type, exact: measure(own, isExact), relaxed: measure(own, isRelaxed) };
    }),
    bare: {
      sentences: bare.length,
      alarmed: bare.filter(({ found }) => found.length > 0).length,
      alarms: bare.reduce((n, { found }) => n + found.length, 0),
    },
  };
}

function seenOf(sentences: TaggedSentence[], read: Reader): Share {
  const tags = sentences.flatMap(({ text, entities }) => {
    const found = read(text);
    return entities.map((tag) => found.some((span) => overlaps(tag, span)));
  });
  const hits = tags.filter(Boolean).length;
  const n = tags.length;
  return { hits, n, share: n === 0 ? null : hits / n, interval: wilson(hits, n) };
}

function readScored(text: string, read: Reader): TaggedSpan[] {
  return read(text).filter(({ type }) => !UNTAGGED_TYPES.has(type));
}

function measure(pairs: { tagged: TaggedSpan[]; found: TaggedSpan[] }[], fits: Pairing): Measure {
  const hits = pairs.reduce((n, { tagged, found }) => n + matched(tagged, found, fits), 0);
  const found = pairs.reduce((n, pair) => n + pair.found.length, 0);
  const tagged = pairs.reduce((n, pair) => n + pair.tagged.length, 0);
  const total = found + tagged;
  return {
    hits,
    found,
    tagged,
    precision: found === 0 ? null : hits / found,
    recall: tagged === 0 ? null : hits / tagged,
    f1: total === 0 ? null : (2 * hits) / total,
    precisionInterval: wilson(hits, found),
    recallInterval: wilson(hits, tagged),
  };
}

/** Exact pairs first, then from left to right; each span serves once. */
function matched(tagged: TaggedSpan[], found: TaggedSpan[], fits: Pairing): number {
  const free = new Set(found);
  let hits = 0;
  const take = (tag: TaggedSpan, pairing: Pairing) => {
    const span = [...free].find((candidate) => pairing(tag, candidate));
    if (!span) return false;
    free.delete(span);
    hits += 1;
    return true;
  };
  const left = tagged.filter((tag) => !take(tag, (t, f) => fits(t, f) && isExact(t, f)));
  for (const tag of left) take(tag, fits);
  return hits;
}

function isExact(a: TaggedSpan, b: TaggedSpan): boolean {
  return a.type === b.type && a.start === b.start && a.end === b.end;
}

function isRelaxed(a: TaggedSpan, b: TaggedSpan): boolean {
  return a.type === b.type && overlaps(a, b);
}

function overlaps(a: TaggedSpan, b: TaggedSpan): boolean {
  return a.start < b.end && b.start < a.end;
}
