import { fieldValues, FIELD_NAMES, type FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { findSecrets } from "./find-secrets.ts";
import { identitiesIn, type Identity } from "./identities-in-text.ts";
import { accountsIn, knownIdentities, type KnownIdentities } from "./identities.ts";
import { isTelling, knownSecrets } from "./known-secrets.ts";
import { makePseudonyms, type Pseudonyms } from "./pseudonyms.ts";
import { makeRestorer, type RedactionMap, type Restorer } from "./restore.ts";
import { lintedSecrets } from "./secretlint.ts";
import { mergeSpans, type Span } from "./spans.ts";
import { secretMark } from "./tokens.ts";

export type RedactorOptions = {
  /** Users, hosts, addresses and mailboxes get stand-ins; secrets go in any case. */
  pseudonyms: boolean;
  /** The incident as far as this model may see it, by position: identities come from all of it. */
  records: readonly EvidenceRecord[];
  /** The records that may be shown, in a fixed order: their texts are searched for secrets together. */
  shown: readonly EvidenceRecord[];
  /** Every other text that will be redacted (raw texts, a question...), in a fixed order. */
  texts: readonly string[];
};

export type Redactor = Restorer & {
  /**
   * A text as it may leave. To be called once hidden characters are gone and before anything is cut; equal calls in
   * equal order give equal texts. A text that was not given beforehand is searched as well, but by our own rules only.
   */
  redact: (text: string, field?: FieldName) => string;
  /** How many different values of each kind were replaced so far: `{ user: 3, "secret.jwt": 1 }`. */
  counts: () => Record<string, number>;
  /** What restoring needs: to be sealed, and without any secret. */
  map: () => RedactionMap;
};

/** Reads all texts of one request for secrets at once: what is recognised in one place is replaced in every other. */
export async function makeRedactor(options: RedactorOptions): Promise<Redactor> {
  const texts = [...new Set([...options.shown.flatMap(textsOf), ...options.texts])];
  const secrets = await secretsIn(texts);
  const pseudonyms = options.pseudonyms ? pseudonymsOf(options.records, texts, secrets) : null;
  const marks = makeMarks();

  function redact(text: string, field?: FieldName): string {
    const spans = secrets.in(text);
    const replace = (part: string) => pseudonyms?.replace(part, field) ?? part;
    let out = "";
    let from = 0;
    for (const { start, end, kind } of spans) {
      out += replace(text.slice(from, start)) + marks.markOf(kind, text.slice(start, end));
      from = end;
    }
    return out + replace(text.slice(from));
  }

  const used: ReadonlyMap<string, string> = pseudonyms?.used ?? new Map<string, string>();
  return {
    ...makeRestorer(used),
    redact,
    counts: () => ({ ...pseudonyms?.counts(), ...marks.counts() }),
    map: () => ({ v: 1, originals: Object.fromEntries(used) }),
  };
}

type Secrets = { in: (text: string) => Span[] };

async function secretsIn(texts: readonly string[]): Promise<Secrets> {
  const linted = await lintedSecrets(texts);
  const own = texts.map((text, at) => mergeSpans([...findSecrets(text), ...(linted[at] ?? [])]));
  const values = own.flatMap((spans, at) =>
    spans.map(({ start, end, kind }) => ({ value: texts[at]?.slice(start, end) ?? "", kind })),
  );
  const known = knownSecrets(values.filter(({ value }) => isTelling(value)));
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

function textsOf({ title, sourceName, fields }: EvidenceRecord): string[] {
  const values = FIELD_NAMES.flatMap((name) => fieldValues(fields, name));
  return [title, sourceName, ...values.filter((value) => typeof value === "string")];
}

function makeMarks() {
  const numbers = new Map<string, Map<string, number>>();
  return {
    markOf(kind: string, value: string): string {
      const known = numbers.get(kind) ?? new Map<string, number>();
      numbers.set(kind, known);
      const number = known.get(value) ?? known.size + 1;
      known.set(value, number);
      return secretMark(kind, number);
    },
    counts: (): Record<string, number> =>
      Object.fromEntries([...numbers].map(([kind, values]) => [`secret.${kind}`, values.size])),
  };
}
