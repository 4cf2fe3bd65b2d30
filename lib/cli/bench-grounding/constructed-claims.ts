/**
 * True claims of the benchmark's own making (B1, part b). Facts are found by `oracle.ts`, told in
 * plain sentences unlike the templates of the rules summary, and given the predicates and verbatim
 * quotes that a careful model would give. lib/grounding has no part in it.
 */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import type { BenchIncident, Origin, TrueClaim } from "./bench-claim.ts";
import { writeCommandLines, writeEvents } from "./constructed-events.ts";
import { writeLinks } from "./constructed-links.ts";
import { writeWholes } from "./constructed-wholes.ts";
import { isTrue, termsOf, valuesOf } from "./oracle.ts";
import { quoteOf } from "./quoting.ts";
import { randomFrom } from "./random.ts";
import { sceneOf } from "./sentence.ts";
import type { Sentence } from "./sentence.ts";

const TIMED = new Set<Predicate["op"]>(["first_seen", "last_seen", "duration", "order"]);

/** Claims of one incident, up to `most` of each relation; the same for the same records. */
export function constructClaims(incident: BenchIncident, most: number): TrueClaim[] {
  const scene = sceneOf(incident, randomFrom(`constructed:${incident.id}`), false);
  const sentences = [
    ...writeEvents(scene, most),
    ...writeCommandLines(scene, most),
    ...writeWholes(scene, most),
    ...writeLinks(scene, most),
  ];
  return asClaims(sentences, incident, "constructed");
}

/**
 * The same facts in phrases that no rule was ever debugged against: only for incidents of the side
 * `held-out`. They measure how far the verifier's language reaches, not false alarms alone.
 */
export function constructReserved(incident: BenchIncident, most: number): TrueClaim[] {
  if (incident.side !== "held-out") return [];
  const scene = sceneOf(incident, randomFrom(`reserved:${incident.id}`), true);
  return asClaims([...writeEvents(scene, most), ...writeWholes(scene, most)], incident, "reserved");
}

/** No sentence twice. */
function asClaims(sentences: Sentence[], incident: BenchIncident, origin: Origin): TrueClaim[] {
  const seen = new Set<string>();
  return sentences.flatMap((sentence, at) => {
    if (seen.has(sentence.text)) return [];
    seen.add(sentence.text);
    const claim = asClaim(sentence, incident, origin, `${incident.id}:${origin.charAt(0)}${at}`);
    return claim ? [claim] : [];
  });
}

function asClaim(
  sentence: Sentence,
  incident: BenchIncident,
  origin: Origin,
  id: string,
): TrueClaim | null {
  const { relation, kind, polarity = "affirmed", text, predicates, cites } = sentence;
  for (const predicate of predicates) {
    if (isTrue(predicate, incident.records) !== true)
      throw new Error(`${id}: the constructor wrote what its oracle does not find true: ${text}`);
  }
  const citations = cites.flatMap(({ record, values }) => {
    const raw = incident.raws.get(record.id) ?? "";
    const quote = quoteOf(raw, [...values, ...quotable(record, predicates)]);
    return quote === null ? [] : [{ id: evidenceLabel(record.position), quote }];
  });
  const [first] = cites;
  if (!first || citations.length < cites.length) return null;
  const claim = { text, kind, polarity, predicates, citations };
  const { side } = incident;
  return {
    id,
    incident: incident.id,
    side,
    origin,
    format: first.record.format,
    relation,
    claim,
  };
}

/**
 * What an author would point at when the value itself is not written out in the record: another value
 * the sentence names, its time, its level. A sentence with nothing of that kind to quote is not written.
 */
function quotable(record: EvidenceRecord, predicates: Predicate[]): string[] {
  const own = new Set(Object.keys(record.fields).flatMap((field) => valuesOf(record, field)));
  const said = predicates.flatMap((p) => [p.value, ...termsOf(p.where).map((t) => t.value)]);
  const iso = (record.time ?? "").slice(0, 19);
  const times = iso === "" ? [] : [iso, iso.replace("T", " ")];
  const isOfTime = predicates.some((p) => TIMED.has(p.op) || p.field === "time");
  const isOfAll = predicates.every((p) => p.where === "" || p.where.startsWith("kind="));
  return [
    ...said.filter((value) => own.has(value)),
    ...(isOfTime || isOfAll ? times : []),
    ...(predicates.some((p) => p.field === "severity")
      ? valuesOf(record, "severity.original")
      : []),
  ];
}
