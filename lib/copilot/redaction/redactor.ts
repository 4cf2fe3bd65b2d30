import { isFieldName, type FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { findSecrets, searchSecrets } from "./find-secrets.ts";
import { identitiesIn, type Identity } from "./identities-in-text.ts";
import { accountsIn, isNameField, knownIdentities, type KnownIdentities } from "./identities.ts";
import { knownSecrets } from "./known-secrets.ts";
import { makePseudonyms, type Pseudonyms } from "./pseudonyms.ts";
import { makeRestorer, type RedactionMap, type Restorer } from "./restore.ts";
import { lintedSecrets } from "./secretlint.ts";
import { mergeSpans, type Span } from "./spans.ts";
import { kindOf, secretMark } from "./tokens.ts";

export type RedactorOptions = {
  /** Users, hosts, addresses and mailboxes get stand-ins; secrets go in any case. */
  pseudonyms: boolean;
  /** The incident as far as this model may see it, by position: identities come from all of it. */
  records: readonly EvidenceRecord[];
  /** The records that may be shown, in a fixed order: their texts are searched for secrets together. */
  shown: readonly EvidenceRecord[];
  /** Their raw texts, in a fixed order. */
  texts: readonly string[];
  /** What was asked, or claims that go back: searched for secrets too, but names come from evidence alone. */
  asked?: readonly string[];
};

export type Redactor = Restorer & {
  /**
   * A text as it may leave. To be called once hidden characters are gone and before anything is cut. A text that was not
   * given beforehand is searched as well, but by our own rules only.
   */
  redact: (text: string, field?: FieldName) => string;
  /** How many different values of each kind were replaced so far: `{ user: 3, "secret.jwt": 1 }`. */
  counts: () => Record<string, number>;
  /** What restoring needs, as far as it was used: to be sealed, and without any secret. */
  map: () => RedactionMap;
};

/**
 * Reads all texts of one request at once: a secret recognised in one place is replaced in every other, and stand-ins are
 * given in the order of the evidence. So the same evidence has the same stand-ins in every request over it.
 */
export async function makeRedactor(options: RedactorOptions): Promise<Redactor> {
  const { shown, texts, asked = [] } = options;
  const values = shown.flatMap(valuesOf);
  const evidence = [...new Set([...values.map(({ text }) => text), ...texts])];
  const secrets = await secretsIn([...new Set([...evidence, ...asked])]);
  const pseudonyms = options.pseudonyms ? pseudonymsOf(options.records, evidence, secrets) : null;
  const write = makeWriter(secrets, pseudonyms);
  for (const { text, field } of values) write(text, field);
  for (const text of texts) write(text);

  const used = new Set<string>();
  const originals = pseudonyms?.originals ?? new Map<string, string>();
  return {
    ...makeRestorer(originals),
    redact(text, field) {
      const written = write(text, field);
      for (const standIn of written.standIns) used.add(standIn);
      return written.text;
    },
    counts: () => countKinds(used),
    map: () => ({
      v: 1,
      originals: Object.fromEntries([...originals].filter(([token]) => used.has(token))),
    }),
  };
}

type Written = { text: string; standIns: string[] };

/** Replaces in one text; the same text is the same again, whatever was replaced in between. */
function makeWriter(secrets: Secrets, pseudonyms: Pseudonyms | null) {
  const markOf = makeMarks();
  const known = new Map<string, Written>();

  function made(text: string, field?: FieldName): Written {
    const written: Written = { text: "", standIns: [] };
    const put = (part: string) => {
      const replaced = pseudonyms?.replace(part, field) ?? { text: part, tokens: [] };
      written.text += replaced.text;
      written.standIns.push(...replaced.tokens);
    };
    let from = 0;
    for (const { start, end, kind } of secrets.in(text)) {
      put(text.slice(from, start));
      const mark = markOf(kind, text.slice(start, end));
      written.text += mark;
      written.standIns.push(mark);
      from = end;
    }
    put(text.slice(from));
    return written;
  }

  return (text: string, field?: FieldName): Written => {
    const key = field !== undefined && isNameField(field) ? `${field}\0${text}` : text;
    const written = known.get(key) ?? made(text, field);
    known.set(key, written);
    return written;
  };
}

type Value = { text: string; field?: FieldName };
type Secrets = { in: (text: string) => Span[] };

async function secretsIn(texts: readonly string[]): Promise<Secrets> {
  const linted = await lintedSecrets(texts);
  const own = texts.map((text, at) => [...searchSecrets(text), ...(linted[at] ?? [])]);
  const values = own.flatMap((spans, at) =>
    spans.map(({ start, end, kind }) => ({ value: texts[at]?.slice(start, end) ?? "", kind })),
  );
  const known = knownSecrets(values);
  const cached = new Map(
    texts.map((text, at) => [text, mergeSpans([...(own[at] ?? []), ...known(text)])] as const),
  );
  return {
    in: (text) => cached.get(text) ?? mergeSpans([...findSecrets(text), ...known(text)]),
  };
}

/** A name that is a secret, or holds one, is never kept. */
function pseudonymsOf(
  records: readonly EvidenceRecord[],
  texts: readonly string[],
  secrets: Secrets,
): Pseudonyms {
  const isClean = ({ text }: Identity) => secrets.in(text).length === 0;
  const known: KnownIdentities = knownIdentities(records);
  const placed = new Map(texts.map((text) => [text, identitiesIn(text)] as const));
  const inTexts = [...placed.values()].flat().map(({ kind, key, text }) => ({ kind, key, text }));
  const names = new Set(known.all.map(({ kind, key }) => `${kind}\0${key}`));
  const accounts = texts.flatMap((text) => accountsIn(text, names));
  const ofField = (field: FieldName, value: string) => known.ofField(field, value).filter(isClean);
  return makePseudonyms(
    { all: known.all.filter(isClean), ofField },
    [...inTexts, ...accounts].filter(isClean),
    (text) => placed.get(text) ?? identitiesIn(text),
  );
}

function valuesOf({ title, sourceName, fields }: EvidenceRecord): Value[] {
  const values: Value[] = [{ text: title }, { text: sourceName }];
  for (const [field, held] of Object.entries(fields)) {
    if (!isFieldName(field)) continue;
    if (typeof held === "string") values.push({ text: held, field });
    else if (Array.isArray(held)) values.push(...held.map((text) => ({ text, field })));
  }
  return values;
}

function makeMarks(): (kind: string, value: string) => string {
  const numbers = new Map<string, Map<string, number>>();
  return (kind, value) => {
    const known = numbers.get(kind) ?? new Map<string, number>();
    numbers.set(kind, known);
    const number = known.get(value) ?? known.size + 1;
    known.set(value, number);
    return secretMark(kind, number);
  };
}

function countKinds(standIns: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const standIn of standIns) counts[kindOf(standIn)] = (counts[kindOf(standIn)] ?? 0) + 1;
  return counts;
}
