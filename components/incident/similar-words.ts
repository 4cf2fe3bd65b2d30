import type { SharedPart, SimilarIncident } from "#lib/contracts/similar-views.ts";
import { CLASSIFICATION_WORDS, classificationReasonWords } from "#lib/domain/decision/words.ts";
import { VERDICT_WORDS } from "#lib/domain/incident/words.ts";

/** ` (in 3 of 14,200 incidents)`; of a technique its name. */
export function partDetail(part: SharedPart, ofIncidents: number): string {
  if (part.kind === "technique") return part.name ? ` ${part.name}` : "";
  const [some, all] = [part.incidents, ofIncidents].map((count) => count.toLocaleString("en"));
  return ` (in ${some} of ${all} incidents)`;
}

/** `4.45 + 0.50` */
export function scoreParts(parts: readonly SharedPart[]): string {
  return parts.map(({ weight }) => weight.toFixed(2)).join(" + ");
}

/** What people decided of it: `Verdict: benign. Closed as false positive (inaccurate data)`. */
export function decidedWords({ verdict, closed }: SimilarIncident): string {
  const judged = verdict ? `Verdict: ${VERDICT_WORDS[verdict].toLowerCase()}` : "No verdict";
  if (!closed) return judged;
  const as = CLASSIFICATION_WORDS[closed.classification].toLowerCase();
  const why = closed.reason ? ` (${classificationReasonWords(closed.reason).toLowerCase()})` : "";
  return `${judged}. Closed as ${as}${why}`;
}

/** A digest by its beginning, which tells it apart from others at a glance; any other value whole. */
export function shownValue({ type, value }: { type: string; value: string }): string {
  return type === "hash" && value.length > 16 ? `${value.slice(0, 12)}…` : value;
}
