import type { Identity, Placed } from "./identities-in-text.ts";
import type { KnownIdentities } from "./identities.ts";
import type { FieldName } from "#lib/domain/evidence/fields.ts";
import { eachNeedle, foldCase, makeNeedles, type Needles } from "./needles.ts";
import { isPlainName } from "./plain-names.ts";
import { pseudonym, pseudonymsIn, type PseudonymKind } from "./tokens.ts";

const SPELLINGS_MAX = 600;
const NAME_MIN = 3;
/** A shorter name stands only where a name is written: "al" of "equal" is nobody. */
const LOOSE_MIN = 4;
const EMBEDDED_MIN = 6;

export type Replaced = { text: string; tokens: string[] };

export type Pseudonyms = {
  /** The text with stand-ins for everybody and everything known, and which those are. */
  replace: (text: string, field?: FieldName) => Replaced;
  /** Stand-in to what stood there, for those that stand in a text. */
  originals: ReadonlyMap<string, string>;
};

/**
 * Stand-ins for the identities of one request. The same spelling has the same stand-in; numbers follow the order in
 * which identities become known, so equal calls in equal order give equal texts. `further` are searched as well, and
 * numbered when they are found; `inText` finds identities by their form alone.
 */
export function makePseudonyms(
  known: KnownIdentities,
  further: readonly Identity[],
  inText: (text: string) => Placed[],
): Pseudonyms {
  const entities = new Map<string, { number: number; spellings: number }>();
  const perKind = new Map<PseudonymKind, number>();
  const tokens = new Map<string, string>();
  const originals = new Map<string, string>();

  function tokenOf({ kind, key, text }: Identity): string {
    const spelling = `${kind}\0${text}`;
    const before = tokens.get(spelling);
    if (before !== undefined) return before;
    const entity = entityOf(kind, key, text);
    const token = pseudonym(kind, entity.number, entity.spellings++);
    tokens.set(spelling, token);
    return token;
  }

  function entityOf(kind: PseudonymKind, key: string, text: string) {
    const shared = entities.get(`${kind}\0${key}`);
    if (shared && shared.spellings < SPELLINGS_MAX) return shared;
    const number = (perKind.get(kind) ?? 0) + 1;
    perKind.set(kind, number);
    const made = { number, spellings: 0 };
    entities.set(`${kind}\0${shared ? text : key}`, made);
    return made;
  }

  function use(identity: Identity): string {
    const token = tokenOf(identity);
    originals.set(token, identity.text);
    return token;
  }

  for (const identity of known.all) tokenOf(identity);
  const needles = makeNeedles(
    [...known.all, ...further]
      .filter(isSearched)
      .flatMap((identity) => spellingsOf(identity.text).map((text) => [text, identity] as const)),
    { ignoresCase: true },
  );

  function replace(text: string, field?: FieldName): Replaced {
    const [whole] = field === undefined ? [] : known.ofField(field, text);
    if (whole && whole.text === text) {
      const token = use(whole);
      return { text: token, tokens: [token] };
    }
    const replaced: Replaced = { text: "", tokens: [] };
    let from = 0;
    for (const { start, end, ...identity } of placesIn(text, needles, inText(text))) {
      const token = use({ ...identity, text: text.slice(start, end) });
      replaced.text += text.slice(from, start) + token;
      replaced.tokens.push(token);
      from = end;
    }
    replaced.text += text.slice(from);
    return replaced;
  }

  return { replace, originals };
}

type Place = Omit<Identity, "text"> & { start: number; end: number };

/** Where identities stand, left to right, none overlapping another. */
function placesIn(text: string, needles: Needles<Identity>, known: readonly Placed[]): Place[] {
  const found: Place[] = [
    ...pseudonymsIn(text).map(({ start, end }) => literal(text, start, end)),
    ...known,
  ];
  eachNeedle(needles, text, ({ kind, key, text: name }, start, end) => {
    if (kind === "ip" || kind === "public_ip") {
      if (isWithinNumbers(text, start, end)) return null;
    }
    if (!isWord(text, start - 1) && !isWord(text, end)) {
      if (name.length < LOOSE_MIN && !isNamePlace(text, start, end)) return null;
      found.push({ kind, key, start, end });
      return end;
    }
    if (name.length < EMBEDDED_MIN || kind === "sid") return null;
    const run = wordsAround(text, start, end);
    if (isPlainName(foldCase(text.slice(run.start, run.end)))) return null;
    found.push({ kind, key, start, end });
    return run.end;
  });
  return joined(text, found);
}

/** Whole words each; of nested places the outer one; places that touch or overlap otherwise are one of its own. */
function joined(text: string, places: readonly Place[]): Place[] {
  const out: (Place & { isOwn: boolean })[] = [];
  for (const place of places.map((p) => widened(text, p)).toSorted(byPlace)) {
    const last = out.at(-1);
    if (!last || place.start > last.end) out.push(place);
    else if (place.end > last.end) {
      last.end = place.end;
      last.isOwn = true;
    }
  }
  return out.map(({ kind, key, start, end, isOwn }) => {
    return { kind, key: isOwn ? `in ${foldCase(text.slice(start, end))}` : key, start, end };
  });
}

/** With the rest of the words at its ends; `isOwn` when that makes another name of it. */
function widened(text: string, { kind, key, start, end }: Place) {
  const run = wordsAround(text, start, end);
  return { kind, key, ...run, isOwn: run.start !== start || run.end !== end };
}

function byPlace(a: Pick<Place, "start" | "end">, b: Pick<Place, "start" | "end">): number {
  return a.start - b.start || b.end - a.end;
}

/** Words of the evidence that read like a stand-in get one themselves: restoring brings them back. */
function literal(text: string, start: number, end: number): Place {
  const word = text.slice(start, end);
  const kind = word.slice(0, word.lastIndexOf("_")).toLowerCase() as PseudonymKind;
  return { kind, key: `as ${foldCase(word)}`, start, end };
}

function isSearched({ kind, text }: Identity): boolean {
  return (
    text.length >= NAME_MIN && (!/^\d+$/.test(text) || (kind === "account" && text.length === 12))
  );
}

/** A name and how it is written inside JSON, a URL or XML. */
function spellingsOf(text: string): string[] {
  if (/^[\w.-]*$/.test(text)) return [text];
  const escaped = Array.from(text, (c) =>
    c > "\x7e" && c.length === 1 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}` : c,
  ).join("");
  return [
    text,
    // "İ" in lower case is two characters: folding, which keeps lengths, does not find it
    text.toLowerCase(),
    text.toUpperCase(),
    JSON.stringify(text).slice(1, -1),
    escaped,
    encodeURIComponent(text.toWellFormed()),
    text.replaceAll("&", "&amp;"),
  ];
}

function isWithinNumbers(text: string, start: number, end: number): boolean {
  return (
    /\d\.?$/.test(text.slice(Math.max(0, start - 2), start)) ||
    /^\.?\d/.test(text.slice(end, end + 2))
  );
}

/** Where a short name would be written: in quotation marks, behind a sign or a backslash. */
function isNamePlace(text: string, start: number, end: number): boolean {
  return (
    (start === 0 || /["'\\=:/>]/.test(text.charAt(start - 1))) &&
    (end === text.length || /["'\\<,;/@)\]\s]/.test(text.charAt(end)))
  );
}

function isWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (Number.isNaN(code)) return false;
  if (code < 0x80) return /[A-Za-z0-9]/.test(text.charAt(at));
  return (code >= 0xd800 && code <= 0xdfff) || /[\p{L}\p{N}]/u.test(text.charAt(at));
}

/** The place with the rest of the words at its ends: a stand-in stands between words. */
function wordsAround(text: string, start: number, end: number): { start: number; end: number } {
  const run = { start, end };
  while (isWord(text, run.start - 1)) run.start--;
  while (isWord(text, run.end)) run.end++;
  return run;
}
