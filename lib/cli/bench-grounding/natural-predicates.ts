/**
 * The predicates an honest author could give without thought: each named value in its own field.
 */
import { FIELD_NAMES, fieldValues, type FieldName } from "#lib/domain/evidence/fields.ts";
import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import { type DraftCitation, type Predicate, UNUSED } from "#lib/domain/summary/claim.ts";
import { citeNames, type Source } from "./natural-cite.ts";

/** Prose, whole scripts, and plain words ("ransomware", "resolved") that a text uses as words. */
const NOT_STATED = new Set<FieldName>([
  "action",
  "outcome",
  "alert.category",
  "alert.description",
  "alert.status",
  "event.class",
  "log",
  "message",
  "product",
  "rule.id",
  "script",
  "tactic",
  "vendor",
]);
const HOSTS = new Set<FieldName>(["host", "source.host", "destination.host"]);
const TIME = /\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2})?/g;
const MIN_VALUE = 3;
const MOST = 40;

/**
 * For every cited record, `field` predicates of the values that stand as whole tokens in the text,
 * and of its time where the text states it. Relations (order, negation, cause) get none.
 */
export function fieldPredicates(text: string, cited: EvidenceRecord[]): Predicate[] {
  const lower = text.normalize("NFKC").toLowerCase();
  const times = text.match(TIME) ?? [];
  const all = cited.flatMap((record) => {
    const evidence = [evidenceLabel(record.position)];
    const own = FIELD_NAMES.filter((field) => !NOT_STATED.has(field)).flatMap((field) =>
      [
        ...new Set(
          fieldValues(record.fields, field).flatMap((value) => namedAs(lower, field, value)),
        ),
      ].map((value) => ({ ...UNUSED, op: "field" as const, evidence, field, value })),
    );
    const at = times.filter((time) => record.time?.startsWith(time.replace(" ", "T")));
    const when = [...new Set(at)].map((time) => ({
      ...UNUSED,
      op: "field" as const,
      evidence,
      field: "time",
      value: `${time.replace(" ", "T")}Z`,
    }));
    return [...own, ...when];
  });
  return all.slice(0, MOST);
}

/**
 * Those predicates with their values quoted from the chosen sources; null when none can be quoted.
 */
export function stateFields(
  text: string,
  chosen: Source[],
  records: EvidenceRecord[],
): { citations: DraftCitation[]; predicates: Predicate[] } | null {
  const made = fieldPredicates(
    text,
    records.filter(({ position }) => chosen.some(({ label }) => label === `E${position}`)),
  );
  const citations = chosen.flatMap((source) => {
    const own = made.filter((p) => p.evidence.includes(source.label) && p.field !== "time");
    return citeNames([...new Set(own.map(({ value }) => value))], [source]);
  });
  const quoted = new Set(citations.map(({ id }) => id));
  const predicates = made.filter((p) => p.evidence.some((id) => quoted.has(id)));
  return citations.length > 0 ? { citations, predicates } : null;
}

/** The value if the text has it whole, or a host's short name if it has that. */
function namedAs(lower: string, field: FieldName, value: string | number): string[] {
  const whole = String(value);
  const short = HOSTS.has(field) ? (/^[\w-]+(?=\.[\w.-]+$)/.exec(whole)?.[0] ?? "") : "";
  const found = [whole, short].find((name) => name.length >= MIN_VALUE && holds(lower, name));
  return found === undefined ? [] : [found];
}

function holds(lower: string, name: string): boolean {
  const key = name.toLowerCase();
  const word = /[\p{L}\p{N}_]/u;
  for (let at = lower.indexOf(key); at >= 0; at = lower.indexOf(key, at + 1)) {
    if (!word.test(lower[at - 1] ?? "") && !word.test(lower[at + key.length] ?? "")) return true;
  }
  return false;
}
