import { BLANK } from "./blank.ts";
import { boundFields, type Group } from "./bindings.ts";
import { FRAMES, type Frame } from "./clause-frames.ts";
import type { Coverage } from "./coverage.ts";
import type { Entity, EntityType } from "./entities.ts";
import { ROLE_FIELDS } from "./lexicon.ts";
import type { Reading } from "./reading.ts";
import { spansWithin } from "./spans.ts";

type Open = Coverage["uncovered"];
type Token = {
  kind: "thing" | "blank" | "word" | "mark";
  text: string;
  entity: Entity | null;
  /** What its preposition slots are, for a verb or noun that has any. */
  frame: Frame | null;
  start: number;
  end: number;
};
/** The noun before a thing, and where the words before that one end. */
type Left = { noun: string | null; before: number };
/** Fields a thing may stand in where it stands, or null when the place says nothing we know. */
type Slot = { test(field: string): boolean } | null;

/** Kinds of things whose place in the sentence tells what they did or what was done to them. */
const PLACED = new Set<EntityType>(
  "ip cidr domain url email user host path registry process hash sid cloud mac".split(
    " ",
  ) as EntityType[],
);
const ANY: Slot = { test: () => true };
/** A place that is known, and in which nothing can stand. */
const NOTHING: Slot = { test: () => false };
/** Words that may stand between a preposition or verb and its thing. */
const FILLERS = new Set(
  "the a an its their his her these those both new named called up successfully then also first later e-mail mail logon domain full binary image executable scheduled remote local".split(
    " ",
  ),
);
const ATTRIBUTES = new Set<EntityType>(["hash", "path", "sid", "mac", "process", "user", "ip"]);
const PREPOSITIONS = new Set(
  "from to by on for against as into onto of with using at in via over through under between about toward towards per during within inside across".split(
    " ",
  ),
);
/** What a noun right before a thing says it is. */
const NOUNS: [RegExp, RegExp][] = [
  [
    /^(?:user|account|identity|username)s?$/,
    /^(?:user|target\.user|ticket\.owner|email\.|cloud\.|service\.)/,
  ],
  [
    /^(?:host|device|machine|workstation|server|endpoint|computer)s?$/,
    /host|^destination\.|^target\./,
  ],
  [/^(?:process|program|parent|child)(?:es|s)?$/, /^(?:process\.|parent\.|target\.process|file\.)/],
  [/^(?:source)s?$/, /^source/],
  [/^(?:destination|target)s?$/, /^(?:destination\.|target\.|url\.|dns\.)/],
  [/^(?:address|ip)(?:es|s)?$/, /\.ip$/],
  [
    /^(?:file|script|module|path|folder)s?$/,
    /^(?:file\.|process\.|target\.process|hash\.|script|parent\.|service\.)/,
  ],
  [/^(?:hash|md5|sha-?1|sha-?256|digest)(?:es)?$/, /^hash\./],
  [/^(?:key|value)s?$/, /^registry\./],
  [/^(?:domain|question)s?$/, /^(?:dns\.|url\.|destination\.host|user\.domain|host)/],
  [/^(?:url|link|address)s?$/, /^url\./],
  [/^(?:sender|recipient|e-?mail|mailbox)s?$/, /^(?:email\.|user)/],
  [/^(?:service|task|group|share|owner|registry|command|line|arn|resource|sid)s?$/, /./],
  [/^(?:quer(?:y|ies))$/, /^dns\./],
  [/^(?:member)s?$/, /^(?:target\.user|user)/],
];
/** Verbs of a record, or of a sentence about records: what follows is in the record. */
const RECORDS =
  /^(?:contains?|names?|named|lists?|shows?|mentions?|reads?|says?|records?|recorded|concerns?|has|have|had|is|was|are|were|involv(?:es|ed)|and|seen|only)$/;
const APPEARS =
  /^(?:appears?|appeared|seen|has|have|had|raised|is|was|were|are|received|sent|both|only|first|last|which|itself|alone|reported|failed|succeeded|beaconed|span|spans|lies?)$/;
/** A record's own host is where it was seen, not what was acted on. */
const AGAINST: Slot = /^(?:target\.|destination\.|url\.|cloud\.)/;
const TOOL: Slot = /^(?:process\.|user_agent|script|network\.)/;
/** An alert is blocked, raised, told by what reports it. */
const REPORTER: Slot = /^(?:source$|vendor|product|rule\.|log$)/;
const PIECE = new RegExp(`${BLANK}+|[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}'-]*|[^\\s]`, "gu");
const SENTENCE_ENDS = /;|[.!?](?=\s|$)|\n/g;
/** How many words before or after a thing are read for it. */
const REACH = 60;
const PRONOUN = /^(?:it|he|she|they|him|her|them|there|thereby|therein|therefrom)$/;

/**
 * An allow-list: every address, name, path... of a sentence must stand where we know what its place
 * says, and in a field that fits. What stands anywhere else is left open, however true each fact is.
 */
export function checkClauses(reading: Reading, groups: Group[]): Open {
  const open: Open = [];
  for (const [from, to] of sentencesOf(reading)) {
    const tokens = tokensOf(reading, from, to);
    const slots = new Map<number, Slot>();
    tokens.forEach((token, at) => {
      if (token.kind === "word" && isLoose(tokens, at))
        open.push({ start: token.start, end: token.end, word: null, entity: null });
      const { entity } = token;
      if (!entity || !isPlaced(token)) return;
      const slot = slotOf(tokens, at, slots);
      slots.set(at, slot);
      const fields = groups.flatMap((group) => boundFields(entity, group));
      if (slot === null || (fields.length > 0 && !fields.some((f) => slot.test(f))))
        open.push({ start: entity.start, end: entity.end, word: null, entity });
    });
  }
  return open;
}

function slotOf(tokens: Token[], at: number, slots: Map<number, Slot>): Slot {
  const { noun: own, before } = lookLeft(tokens, at);
  const noun = own ?? asNoun(tokens, at);
  const typed = noun === null ? null : nounSlot(noun);
  const placed = placeOf(tokens, at, { noun, before }, slots);
  if (placed === null) return typed;
  if (typed === null || placed === ANY) return typed ?? placed;
  return { test: (field) => typed.test(field) && placed.test(field) };
}

/** The noun that says what kind of thing it is, and where the words about it begin. */
function lookLeft(tokens: Token[], at: number): Left {
  let noun: string | null = null;
  let before = at - 1;
  for (; before >= 0; before--) {
    const { kind, text } = tokens[before]!;
    if (kind === "mark" && /^["'`:]$/.test(text)) continue;
    // an account may be called "user"
    const word = (tokens[before]!.entity?.text ?? text).toLowerCase();
    if (kind !== "mark" && nounSlot(word) !== null) noun ??= word;
    else if (kind !== "word" || !FILLERS.has(word)) break;
  }
  return { noun, before };
}

/** "X as source address": the noun that says what X is. */
function asNoun(tokens: Token[], at: number): string | null {
  if (tokens[at + 1]?.text.toLowerCase() !== "as") return null;
  const rest = tokens.slice(at + 2, at + 5).map((t) => t.text.toLowerCase());
  return rest.find((word) => nounSlot(word) !== null) ?? null;
}

function nounSlot(word: string): Slot {
  return NOUNS.find(([noun]) => noun.test(word))?.[1] ?? null;
}

function placeOf(
  tokens: Token[],
  at: number,
  { noun, before }: Left,
  slots: Map<number, Slot>,
): Slot {
  const left = tokens[before];
  const word = left ? wordOf(left).toLowerCase() : "";
  if (PREPOSITIONS.has(word)) return prepositionSlot(tokens, before, word);
  if (left?.kind === "mark" && left.text === "(")
    return ATTRIBUTES.has(tokens[at]!.entity!.type) ? ANY : NOTHING;
  const listed = noun === null ? listSlot(tokens, at, before, slots) : undefined;
  if (listed !== undefined) return listed;
  // "X that Y started": which of the two did it is in an order we do not read
  if (/^(?:that|which|whom|what|who)$/.test(word)) return NOTHING;
  // "X is Y": only a noun may be told to be a thing ("the parent of Y is X")
  if (isBe(left) && isPlaced(tokens[before - 1]) && !opensWithNoun(tokens)) return NOTHING;
  const subject = subjectSlot(tokens, at);
  if (subject) return subject;
  if (left?.frame) return left.frame.object ?? ANY;
  if (RECORDS.test(word)) return ANY;
  return isAlone(tokens, at) ? ANY : null;
}

function isAlone(tokens: Token[], at: number): boolean {
  return tokens.every((token, i) => i === at || !isPlaced(token));
}

/** After a preposition: what the nearest verb or noun before it takes there. */
function prepositionSlot(tokens: Token[], at: number, word: string): Slot {
  for (let i = at - 1; i >= 0 && at - i < REACH; i--) {
    const { frame } = tokens[i]!;
    if (frame) return frame.slots[word] ?? (word === "using" ? TOOL : NOTHING);
  }
  if (word === "against") return AGAINST;
  if (word === "using") return TOOL;
  const left = tokens[at - 1];
  const isTitle =
    left?.kind === "blank" || left?.entity?.type === "quote" || / /.test(left?.entity?.text ?? "");
  if (word === "by" && isTitle) return REPORTER;
  if (isBe(left) && isPlaced(tokens[at - 2])) return NOTHING;
  return ROLE_FIELDS[word] ?? ANY;
}

/** "A, B and C": the next of a list stands where the one before does, if it is of the same kind. */
function listSlot(
  tokens: Token[],
  at: number,
  before: number,
  slots: Map<number, Slot>,
): Slot | undefined {
  let i = before;
  while (i >= 0 && isJoint(tokens[i]!)) i--;
  if (i === before || i < 0) return undefined;
  while (i >= 0 && tokens[i]!.kind === "mark" && /^[)"'`]$/.test(tokens[i]!.text)) i--;
  const previous = tokens[i]?.entity;
  if (!previous || !slots.has(i)) return undefined;
  const isSame = previous.type === tokens[at]!.entity!.type;
  if (subjectSlot(tokens, at) && !(isSame && tokens[before]!.text === ",")) return undefined;
  return isSame ? (slots.get(i) ?? null) : null;
}

function isJoint({ kind, text }: Token): boolean {
  return (kind === "mark" && text === ",") || (kind === "word" && /^and$/i.test(text));
}

/** A verb follows, perhaps after what is said of the thing in passing: what may be its subject. */
function subjectSlot(tokens: Token[], at: number): Slot {
  let depth = 0;
  for (let i = at + 1; i < tokens.length && i - at < REACH; i++) {
    const { kind, text, frame } = tokens[i]!;
    if (kind === "mark") {
      if (text === "(") depth++;
      else if (text === ")") depth--;
      else if (text === ":" && i === at + 1) return at === firstThing(tokens) ? ANY : null;
      continue;
    }
    if (depth > 0) continue;
    if (frame) {
      const passive = isBe(tokens[i - 1]) || /^by$/i.test(tokens[i + 1]?.text ?? "");
      return (passive ? frame.object : frame.subject) ?? ANY;
    }
    if (APPEARS.test(text.toLowerCase()) && !isBe(tokens[i])) return ANY;
    if (/^(?:and|or|but|then|while)$/i.test(text)) return beSlot(tokens, at, i);
  }
  return beSlot(tokens, at, tokens.length);
}

/** "X is the only source": a copula, when no verb follows. */
function beSlot(tokens: Token[], at: number, end: number): Slot {
  return tokens.slice(at + 1, Math.min(end, at + REACH)).some((t) => isBe(t)) ? ANY : null;
}

function isPlaced(token: Token | undefined): boolean {
  return token?.entity ? PLACED.has(token.entity.type) : false;
}

function isBe(token: Token | undefined): boolean {
  return token?.kind === "word" && /^(?:is|was|are|were|been|being)$/i.test(token.text);
}

/** "The parent process of ... was": a noun is told what it is. */
function opensWithNoun(tokens: Token[]): boolean {
  const first = firstThing(tokens);
  return tokens
    .slice(0, first < 0 ? 0 : first)
    .some((t) => t.kind === "word" && nounSlot(t.text.toLowerCase()) !== null);
}

function firstThing(tokens: Token[]): number {
  return tokens.findIndex((t) => t.kind === "thing");
}

/** A word, also one that the facts name as a value: the action "logon". */
function wordOf({ kind, text, entity }: Token): string {
  if (kind === "word") return text;
  return entity?.type === "name" ? entity.text : "";
}

function frameOf(word: string): Frame | null {
  return FRAMES.find(({ head }) => head.test(word)) ?? null;
}

/**
 * "It", "there" stand for a thing of another stretch; "there are" and "it is" name nothing. "Was its
 * parent" tells of a thing what no slot asks for, and "left" is a verb unless it is "left out".
 */
function isLoose(tokens: Token[], at: number): boolean {
  const word = tokens[at]!.text.toLowerCase();
  const next = tokens[at + 1];
  if (word === "left") return next?.text.toLowerCase() !== "out";
  if (/^(?:its|their|his)$/.test(word)) return isBe(tokens[at - 1]) && !isBe(tokens[at + 2]);
  return PRONOUN.test(word) && !(isBe(next) && !/^be/i.test(next?.text ?? ""));
}

function sentencesOf({ masked }: Reading): [number, number][] {
  const ends = [...masked.matchAll(SENTENCE_ENDS)].map((m) => m.index + 1);
  const cuts = [0, ...ends, masked.length];
  return cuts.slice(1).flatMap((to, i) => (to > cuts[i]! ? [[cuts[i]!, to]] : []));
}

/** Words, marks, and what is blanked out: the things among it with their entity. */
function tokensOf({ masked, entities }: Reading, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  for (const match of masked.slice(from, to).matchAll(PIECE)) {
    const start = from + match.index;
    const [text] = match;
    if (!text.startsWith(BLANK)) {
      const kind = /^[\p{L}\p{N}]/u.test(text) ? "word" : "mark";
      const frame = kind === "word" ? frameOf(text) : null;
      tokens.push({ kind, text, entity: null, frame, start, end: start + text.length });
      continue;
    }
    const end = start + text.length;
    const inside = spansWithin(entities, { start, end });
    if (inside.length === 0)
      tokens.push({ kind: "blank", text: "", entity: null, frame: null, start, end });
    for (const entity of inside) {
      const frame = entity.type === "name" ? frameOf(entity.text) : null;
      tokens.push({ kind: "thing", text: "", entity, frame, start: entity.start, end: entity.end });
    }
  }
  return tokens;
}
