/** M12 and M13: another citation, another quote. */
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import { ABSENT, backed, HARD, told } from "./lies.ts";
import { fieldIs, holdsOn, termsOf, valuesOf } from "./oracle.ts";
import type { Operator } from "./mutant-context.ts";
import { openingOf, quoteOf } from "./quoting.ts";

/** M12: another record of the incident, one of another incident, one that does not exist, none. */
export const wrongCitation: Operator = (claim, context, random) => {
  const { records, raws } = context.incident;
  const [first, ...others] = claim.citations;
  if (!first) return [];
  const cite = (id: string, quote: string) => ({ citations: [{ id, quote }, ...others] });
  const beyond = `E${records.length + 1 + random.below(1000)}`;
  const lies = [
    told("no such record", ABSENT, claim, cite(beyond, first.quote)),
    told("record of another incident", ABSENT, claim, cite(context.foreignId, first.quote)),
    told("no citation", ABSENT, claim, { citations: [] }),
  ];
  const cited = context.cited(claim);
  const strangers = random
    .sample(records, 20)
    .filter((record) => !cited.includes(record) && !isAbout(claim, record));
  const other = random.pick(strangers);
  const text = (other && raws.get(other.id)) ?? "";
  const quote = other && (quoteOf(text, valuesOf(other, "host")) ?? openingOf(text));
  // What no record shows, every record fails to show: there is no wrong one to cite.
  const isDenial = claim.predicates.every((p) => p.op === "absent");
  if (!other || !quote || isDenial || others.length > 0) return lies;
  const id = evidenceLabel(other.position);
  lies.push(told("another record", ABSENT, claim, cite(id, quote)));
  if (claim.predicates.some((p) => p.evidence.length > 0)) {
    const moved = (evidence: string[]) => evidence.map((e) => (e === first.id ? id : e));
    const asserts = claim.predicates.map((p) => ({ ...p, evidence: moved(p.evidence) }));
    lies.push(backed("another record", HARD, claim, cite(id, quote), asserts));
  }
  return lies;
};

/** Whether a record has anything of what a claim says. */
function isAbout(claim: DraftClaim, record: EvidenceRecord): boolean {
  return claim.predicates.some((p) =>
    p.op === "field"
      ? fieldIs(record, p.field, p.value) === true
      : holdsOn(record, termsOf(p.where)) === true,
  );
}

/** M13: a quote that the record does not have word for word, or that is no quote. */
export const wrongQuote: Operator = (claim, context, random) => {
  const [first, ...others] = claim.citations;
  const [record] = context.cited(claim);
  if (!first || !record) return [];
  const { raws, records } = context.incident;
  const raw = raws.get(record.id) ?? "";
  const quoting = (quote: string) => ({ citations: [{ id: first.id, quote }, ...others] });
  const word = first.quote.replace(/[\p{L}\p{N}]+/u, (w) => (w === "other" ? "another" : "other"));
  const letter = first.quote.replace(/[a-z0-9](?=[^a-z0-9]*$)/i, (c) => (c === "7" ? "8" : "7"));
  const stranger = random.pick(random.sample(records, 20).filter((r) => r !== record));
  const values = (r: EvidenceRecord) =>
    ["time", "process.command_line", "message"].flatMap((field) => valuesOf(r, field));
  const foreign = stranger && quoteOf(raws.get(stranger.id) ?? "", values(stranger));
  const altered = [
    ["one token altered", word],
    ["one character altered", letter],
    ["of another record", foreign ?? ""],
  ].filter(([, quote = ""]) => quote !== "" && !isWordForWord(raw, quote));
  return [
    ...altered.map(([variant = "", quote = ""]) => told(variant, ABSENT, claim, quoting(quote))),
    told("under 4 characters", ABSENT, claim, quoting(first.quote.slice(0, 3))),
    told("empty", ABSENT, claim, quoting("")),
  ];
};

/** As written, or with JSON's escapes put in or taken out. */
function isWordForWord(raw: string, quote: string): boolean {
  const escaped = JSON.stringify(quote).slice(1, -1);
  return [quote, escaped, quote.replaceAll("\\\\", "\\"), quote.replaceAll('\\"', '"')].some(
    (q) => q.length > 3 && raw.includes(q),
  );
}
