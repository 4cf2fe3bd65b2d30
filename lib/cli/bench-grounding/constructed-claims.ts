/**
 * True claims of the benchmark's own making (B1, part b). Facts are found by `oracle.ts`, told in
 * plain sentences unlike the templates of the rules summary, and given the predicates and verbatim
 * quotes that a careful model would give. lib/grounding has no part in it.
 */
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { BenchIncident, TrueClaim } from "./bench-claim.ts";
import { writeCommandLines, writeEvents } from "./constructed-events.ts";
import { writeLinks } from "./constructed-links.ts";
import { writeWholes } from "./constructed-wholes.ts";
import { isTrue, termsOf, valuesOf } from "./oracle.ts";
import { quoteOf } from "./quoting.ts";
import { randomFrom } from "./random.ts";
import { sceneOf } from "./sentence.ts";
import type { Sentence } from "./sentence.ts";

/** Claims of one incident, up to `most` of each relation; the same for the same records. */
export function constructClaims(incident: BenchIncident, most: number): TrueClaim[] {
  const scene = sceneOf(incident, randomFrom(`constructed:${incident.id}`));
  const sentences = [
    ...writeEvents(scene, most),
    ...writeCommandLines(scene, most),
    ...writeWholes(scene, most),
    ...writeLinks(scene, most),
  ];
  const seen = new Set<string>();
  return sentences.flatMap((sentence, at) => {
    if (seen.has(sentence.text)) return [];
    seen.add(sentence.text);
    const claim = asClaim(sentence, incident, `${incident.id}:c${at}`);
    return claim ? [claim] : [];
  });
}

function asClaim(sentence: Sentence, incident: BenchIncident, id: string): TrueClaim | null {
  const { relation, kind, polarity = "affirmed", text, predicates, cites } = sentence;
  for (const predicate of predicates) {
    if (isTrue(predicate, incident.records) !== true)
      throw new Error(`${id}: the constructor wrote what its oracle does not find true: ${text}`);
  }
  const said = predicates.flatMap((p) => [p.value, ...termsOf(p.where).map((t) => t.value)]);
  const citations = cites.flatMap(({ record, values }) => {
    const own = new Set(Object.keys(record.fields).flatMap((field) => valuesOf(record, field)));
    const fallback = said.filter((value) => own.has(value));
    const quote = quoteOf(incident.raws.get(record.id) ?? "", [...values, ...fallback]);
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
    origin: "constructed",
    format: first.record.format,
    relation,
    claim,
  };
}
