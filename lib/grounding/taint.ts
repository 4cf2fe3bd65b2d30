import { isFieldName } from "#lib/domain/evidence/fields.ts";
import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { type Fact, fold, isAttackerField, isFreeText } from "./bindings.ts";
import { BLANK } from "./blank.ts";
import { check } from "./checks.ts";
import type { CitedClaim } from "./citations.ts";
import type { Coverage } from "./coverage.ts";
import type { Entity } from "./entities.ts";
import { queryValues } from "./query.ts";
import { type Reading, sentenceAround } from "./reading.ts";
import { isCountedNoun } from "./word-cover.ts";

const QUANTITIES = new Set(["time", "count", "duration", "bytes", "percent"]);
const ABOUT_RECORDS = new Set([
  "event",
  "alert",
  "incident",
  "title",
  "severity",
  "eventCode",
  "action",
]);
const LOG_SAYS =
  /^\s*(?:the |this |from the source [^,;]{1,80}? )?(?:the )?(?:log|record|data|e\d{1,7})s? (?:contains?|names?|records?|reads?|says?)\b/i;
const PIECE = 24;

/**
 * Support only in text an attacker could choose proves no more than that the log contains it: such a
 * sentence must say so, and must put what was written in quotation marks.
 */
export function checkTaint(
  reading: Reading,
  coverage: Coverage,
  facts: Fact[],
  cited: CitedClaim,
): ClaimCheck[] {
  const supports = [...coverage.support].filter(([e]) => !QUANTITIES.has(e.type));
  const prose = supports.find(([e, fields]) => isProse(e, reading) && fields.every(isFreeText));
  if (prose) return [tainted(prose[0].text, prose[1])];
  const bare = supports.filter(([e]) => !isAboutLog(e, reading));
  const written = bare.find(([, fields]) => fields.every(isFreeText));
  if (written) return [tainted(written[0].text, written[1])];
  const sensed = facts.some((f) =>
    [f.predicate.field, ...f.terms.map((t) => t.field)].some(
      (field) => isFieldName(field) && !isAttackerField(field),
    ),
  );
  if (!sensed && bare.length > 0 && bare.every(([, fields]) => fields.every(isAttackerField))) {
    return [
      tainted(
        "the names in the text",
        bare.flatMap(([, f]) => f),
      ),
    ];
  }
  return copiedText(reading, cited);
}

function tainted(said: string, fields: string[]): ClaimCheck {
  const found = `only in ${[...new Set(fields)].join(", ")}, which an attacker could write`;
  return check("taint", "partial", said, found);
}

/** Somebody's sentence, told as if it were the claim's own. */
function isProse(entity: Entity, { text }: Reading): boolean {
  if (entity.type === "quote" || entity.quoted) return false;
  if (/["`]/.test(text[entity.start - 1] ?? "") || /["`]/.test(text[entity.start] ?? ""))
    return false;
  return entity.text.trim().split(/\s+/).length >= 3;
}

/** "The log contains …", "3 records name …": the sentence is about what was written down. */
function isAboutLog(entity: Entity, reading: Reading): boolean {
  const [from, to] = sentenceAround(reading, entity);
  const inside = reading.words.filter((w) => w.start >= from && w.end <= to);
  if (inside.some((w) => w.class === "contains") || LOG_SAYS.test(reading.text.slice(from, to)))
    return true;
  const records = inside.some((w) => /^(?:records?|entr(?:y|ies))$/i.test(w.text));
  return records && inside.every((w) => isPlain(w.class, w.concept));
}

function isPlain(kind: string, concept: string | undefined): boolean {
  if (kind === "concept")
    return concept !== undefined && (ABOUT_RECORDS.has(concept) || isCountedNoun(concept));
  return kind === "neutral" || kind === "first" || kind === "last" || kind === "negation";
}

/** A claim that repeats what an attacker wrote is flagged, whatever else holds (M25). */
function copiedText(reading: Reading, cited: CitedClaim): ClaimCheck[] {
  if (reading.words.some((w) => w.class === "contains") || LOG_SAYS.test(reading.text)) return [];
  const said = reading.masked.toLowerCase().replace(/\s+/g, " ");
  if (said.length < PIECE) return [];
  for (const record of cited.records.slice(0, 20)) {
    for (const field of Object.keys(record.fields)) {
      if (!isFreeText(field)) continue;
      for (const value of queryValues(record, field)) {
        const written = fold(String(value).slice(0, 20_000)).replace(/\s+/g, " ");
        const piece = piecesOf(said).find((p) => written.includes(p));
        if (!piece) continue;
        const found = `copied from ${field}, which an attacker could write`;
        return [check("taint", "partial", piece, found, [record])];
      }
    }
  }
  return [];
}

function piecesOf(said: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at + PIECE <= said.length; at += 8) {
    const piece = said.slice(at, at + PIECE);
    if (!piece.includes(BLANK) && piece.split(" ").length > 3) pieces.push(piece);
  }
  return pieces;
}
