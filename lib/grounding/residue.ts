import { BLANK } from "./blank.ts";
import type { Reading } from "./reading.ts";

/** A stretch of the text that nothing has read: `[start, end)`. */
export type Span = { start: number; end: number };

/** Marks that may stand in a sentence without saying anything. */
const PLAIN = /[\s.,;:'"()[\]/`\u0001-]/u;
const THING = `${BLANK}["'\`)]*`;
/** Words that would link two things directly, as if one were, had or belonged to the other. */
const LINKS = new RegExp(
  `${THING}(?: (?:has|had|have|of|'s|equals))(?: (?:the|an?))? ["'\`(]*${BLANK}`,
  "gi",
);
/** "It is X", "What started it was X": a subject that names nothing. */
const EMPTY_SUBJECT = new RegExp(
  `\\b(?:it|that|this|what|which|who) (?:is|was|are|were) ["'\`(]*${BLANK}`,
  "gi",
);
/** "ws-014 and 10.0.3.71 is X": a sentence that opens with a thing and says that it is another. */
const THING_IS = new RegExp(
  `(?:^|[.;:\\n] ?|, )["'\`(]*${BLANK}+["'\`)]*(?: (?:with|on|at|in|from|under|and) [^.;,]{0,80}?)? (?:is|was|are|were) ["'\`(]*${BLANK}`,
  "gi",
);
/** "By 02:25", "until 02:25": a limit, not a time. */
const LIMITS = new RegExp(`\\b(?:by|until|till|since) ["'(]*${BLANK}`, "gi");
const OUTCOME = /^(?:allowed|blocked|detected|failed|failure|success|successful)$/i;
/** "winword.exe, a process of X". */
const LEADING_THING = new RegExp(`^["'\`(\\s.;:,]*${BLANK}+`);
const LOOSE_OF = new RegExp(
  `(?<!\\b(?:parent|child) )\\b(?:process|program|address|host|device|port)(?:es|s)? of ["'\`(]*${BLANK}`,
  "gi",
);

/**
 * What no entity and no word accounts for: signs ("!=", "->", "+"), letters inside a half-read name,
 * digits that are no number, and links between two things that no predicate of ours can show.
 */
export function findResidue(reading: Reading): Span[] {
  const { masked, entities } = reading;
  const taken = new Uint8Array(masked.length);
  for (const word of reading.words) taken.fill(1, word.start, word.end);
  for (const entity of entities) taken.fill(1, entity.start, entity.end);
  const spans: Span[] = [];
  for (let i = 0; i < masked.length; i++) {
    if (taken[i] || PLAIN.test(masked[i] ?? "")) continue;
    const last = spans.at(-1);
    if (last && last.end === i) last.end = i + 1;
    else spans.push({ start: i, end: i + 1 });
  }
  return [...spans, ...findSigned(reading), ...findLinks(reading)];
}

/** "-3 logons", "5 MB/s": a sign or a rate glued to an amount makes it another. */
function findSigned({ masked, entities }: Reading): Span[] {
  return entities.flatMap((e) => {
    if (e.type !== "count" && e.type !== "bytes" && e.type !== "duration") return [];
    const spans: Span[] = [];
    if (/(?:^|[\s(])-$/.test(masked.slice(Math.max(0, e.start - 2), e.start)))
      spans.push({ start: e.start - 1, end: e.start });
    if (/^\/\w/.test(masked.slice(e.end, e.end + 2))) spans.push({ start: e.end, end: e.end + 2 });
    return spans;
  });
}

function findLinks(reading: Reading): Span[] {
  const { masked, entities } = reading;
  const spans: Span[] = [];
  const isThing = (at: number) => {
    const entity = entities.find((e) => at >= e.start && at < e.end);
    return entity === undefined || !["count", "time", "duration", "bytes"].includes(entity.type);
  };
  const isOutcome = (at: number) => {
    const entity = entities.find((e) => at >= e.start && at < e.end);
    return entity !== undefined && OUTCOME.test(entity.text);
  };
  for (const regex of [LINKS, EMPTY_SUBJECT, THING_IS, LOOSE_OF]) {
    for (const match of masked.matchAll(regex)) {
      const end = match.index + match[0].length;
      if (!isThing(end - 1) || (regex === LINKS && !isThing(match.index))) continue;
      if (isOutcome(end - 1)) continue;
      const text = match[0].replace(LEADING_THING, "");
      spans.push({ start: end - text.length, end: end - 1 });
    }
  }
  for (const match of masked.matchAll(LIMITS)) {
    const end = match.index + match[0].length;
    const time = entities.find((e) => e.start <= end - 1 && e.end >= end && e.type === "time");
    if (time) spans.push({ start: match.index, end: end - 1 });
  }
  return spans;
}
