import { isFieldName } from "#lib/domain/evidence/fields.ts";
import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { BLANK } from "./blank.ts";
import { type Fact, fold, isAttackerField, isFreeText } from "./bindings.ts";
import { check } from "./checks.ts";
import type { CitedClaim } from "./citations.ts";
import type { Coverage } from "./coverage.ts";
import { queryValues } from "./query.ts";
import type { Reading } from "./reading.ts";

/** Support only in text an attacker could choose proves no more than that the log contains it. */
export function checkTaint(
  reading: Reading,
  coverage: Coverage,
  facts: Fact[],
  cited: CitedClaim,
): ClaimCheck[] {
  if (reading.words.some((w) => w.class === "contains") || startsWithLog(reading.text)) return [];
  const supports = [...coverage.support].filter(
    ([e]) => e.type !== "time" && e.type !== "count" && e.type !== "duration",
  );
  for (const [entity, fields] of supports) {
    if (fields.every((f) => isFreeText(f))) {
      return [
        check(
          "taint",
          "partial",
          entity.text,
          `only in ${fields.join(", ")}, which an attacker could write`,
        ),
      ];
    }
  }
  const sensed = facts.some((f) =>
    f.terms.some((t) => isFieldName(t.field) && !isAttackerField(t.field)),
  );
  if (
    !sensed &&
    supports.length > 0 &&
    supports.every(([, fields]) => fields.every((f) => isAttackerField(f)))
  ) {
    const fields = [...new Set(supports.flatMap(([, f]) => f))].join(", ");
    return [
      check(
        "taint",
        "partial",
        "the names in the text",
        `only in ${fields}, which an attacker could write`,
      ),
    ];
  }
  return copiedText(reading, cited);
}

function startsWithLog(text: string): boolean {
  return /^\s*(?:the |this )?(?:log|record|data|e\d{1,7})s? (?:contains?|names?|records?|reads?|says?)\b/i.test(
    text,
  );
}

/** A claim that repeats what an attacker wrote is flagged, whatever else holds (M25). */
function copiedText(reading: Reading, cited: CitedClaim): ClaimCheck[] {
  const said = reading.masked.toLowerCase().replace(/\s+/g, " ");
  if (said.length < 24) return [];
  for (const record of cited.records.slice(0, 20)) {
    for (const field of Object.keys(record.fields)) {
      if (!isFreeText(field)) continue;
      for (const value of queryValues(record, field)) {
        const written = fold(String(value).slice(0, 20_000)).replace(/\s+/g, " ");
        for (let at = 0; at + 24 <= said.length; at += 8) {
          const piece = said.slice(at, at + 24);
          if (!piece.includes(BLANK) && piece.split(" ").length > 3 && written.includes(piece)) {
            return [
              check(
                "taint",
                "partial",
                piece,
                `copied from ${field}, which an attacker could write`,
                [record],
              ),
            ];
          }
        }
      }
    }
  }
  return [];
}
