import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { allTechniques, findTechnique, fullTechniqueName } from "./attack-table.ts";
import type { Entity } from "./entities.ts";
import { BLANK } from "./blank.ts";
import { readWords, type Word } from "./lexicon.ts";

/** A text taken apart: entities, words, and the spans a cited title or technique name accounts for. */
export type Reading = {
  text: string;
  entities: Entity[];
  /** The text with everything checkable blanked out by U+0001. */
  masked: string;
  words: Word[];
  /** Technique ids followed by the name of another technique. */
  misnamed: { id: string; name: string; start: number }[];
};

/** A stretch that one count, or one side of "after", speaks of. */
export type Segment = { start: number; end: number; number: Entity | null };

export function readText(text: string, entities: Entity[], cited: EvidenceRecord[]): Reading {
  const mask = [...text];
  const chars = mask.length === text.length ? mask : text.split("");
  const blank = (start: number, end: number) => chars.fill(BLANK, start, end);
  for (const e of entities) blank(e.start, e.end);
  for (const [start, end] of titleSpans(text, cited)) blank(start, end);
  const named: [number, number][] = [];
  const misnamed = nameTechniques(text, entities, named);
  for (const [start, end] of named) blank(start, end);
  const own = entities.filter((e) => !named.some(([a, b]) => e.start >= a && e.end <= b));
  const masked = chars.join("");
  return { text, entities: own, masked, words: readWords(masked), misnamed };
}

/** Sentence by sentence; then one stretch per count, and per side of a word of order. */
export function segmentsOf(reading: Reading, ordered: boolean): Segment[] {
  const cuts = new Set<number>([0]);
  for (const m of reading.masked.matchAll(/;|[.!?](?=\s|$)|\n/g)) cuts.add(m.index + 1);
  const sentences = [...cuts].toSorted((a, b) => a - b);
  const segments: Segment[] = [];
  sentences.forEach((start, i) => {
    const end = sentences[i + 1] ?? reading.text.length;
    const numbers = reading.entities.filter(
      (e) => e.type === "count" && e.start >= start && e.start < end,
    );
    const marks = numbers
      .slice(1)
      .flatMap((n, k) => (isShare(reading, numbers[k], n) ? [] : [n.start]));
    if (ordered) {
      for (const w of reading.words) {
        if ((w.class === "after" || w.class === "before") && w.start > start && w.end < end)
          marks.push(w.end);
      }
    }
    const inner = [start, ...marks.toSorted((a, b) => a - b), end];
    for (let k = 0; k + 1 < inner.length; k++) {
      const [a = 0, b = 0] = [inner[k], inner[k + 1]];
      segments.push({
        start: a,
        end: b,
        number: numbers.find((n) => n.start >= a && n.start < b) ?? null,
      });
    }
  });
  return segments.filter((s) => s.end > s.start);
}

const ends = new WeakMap<Reading, number[]>();

/** Where the sentence or clause around a word begins and ends. */
export function sentenceAround(
  reading: Reading,
  word: { start: number; end: number },
): [number, number] {
  const known = ends.get(reading) ?? sentenceEnds(reading);
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((known[middle] ?? 0) > word.start) high = middle;
    else low = middle + 1;
  }
  return [known[low - 1] ?? 0, known[low] ?? reading.text.length];
}

function sentenceEnds(reading: Reading): number[] {
  const found = [...reading.masked.matchAll(/;|[.!?](?=\s|$)|\n/g)].map((m) => m.index + 1);
  ends.set(reading, found);
  return found;
}

/** "45 of 94": one stretch, about the 45. */
function isShare(reading: Reading, part: Entity | undefined, whole: Entity): boolean {
  return (
    part !== undefined &&
    /^ (?:out )?of (?:the |all )?$/i.test(reading.text.slice(part.end, whole.start))
  );
}

/** Titles of cited alerts, as they stand in the text: their words are the source's, not the claim's. */
function titleSpans(text: string, cited: EvidenceRecord[]): [number, number][] {
  const lower = text.toLowerCase();
  const spans: [number, number][] = [];
  for (const record of cited.slice(0, 50)) {
    for (const field of ["alert.title", "rule.name"] as const) {
      const title = String(record.fields[field] ?? "").toLowerCase();
      if (title.length < 8 || !title.includes(" ")) continue;
      const at = lower.indexOf(title);
      if (at >= 0 && lower.length === text.length) spans.push([at, at + title.length]);
    }
  }
  return spans;
}

let techniqueNames: Map<string, Set<string>> | null = null;

function nameTechniques(
  text: string,
  entities: Entity[],
  named: [number, number][],
): Reading["misnamed"] {
  const misnamed: Reading["misnamed"] = [];
  for (const e of entities) {
    if (e.type !== "technique") continue;
    const technique = findTechnique(e.text);
    const gap = /^[ "'(:-]{0,4}/.exec(text.slice(e.end, e.end + 8))?.[0].length ?? 0;
    const rest = text.slice(e.end + gap, e.end + gap + 120).toLowerCase();
    const names = technique ? [fullTechniqueName(technique), technique.name] : [];
    const own = names.find((name) => startsWithName(rest, name.toLowerCase()));
    if (own) {
      named.push([e.end + gap, e.end + gap + own.length]);
      continue;
    }
    const other = otherName(rest);
    if (other) misnamed.push({ id: e.text, name: other, start: e.end + gap });
  }
  return misnamed;
}

function otherName(rest: string): string | null {
  techniqueNames ??= collectNames();
  const words = rest.split(/(?<=[a-z0-9])(?=[^a-z0-9])/);
  let phrase = "";
  let best: string | null = null;
  for (const word of words.slice(0, 12)) {
    phrase += word;
    if (techniqueNames.has(phrase)) best = phrase;
  }
  return best;
}

function collectNames(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const technique of allTechniques()) {
    const key = technique.name.toLowerCase();
    names.set(key, (names.get(key) ?? new Set()).add(technique.id));
  }
  return names;
}

function startsWithName(rest: string, name: string): boolean {
  return rest.startsWith(name) && !/[a-z0-9]/.test(rest[name.length] ?? " ");
}
