import { fieldValues } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { findTechnique } from "../attack-table.ts";
import { whereAll, whereTerm } from "../query.ts";
import { countIs, type RuleClaim } from "./draft.ts";
import { type Facts, has, rankOf } from "./facts.ts";
import { cite } from "./overview.ts";
import { amount, quoted } from "./words.ts";

const MAX_TECHNIQUES = 20;

/** 16: which source tagged which ATT&CK technique, and on how many records. Nothing is inferred. */
export function writeTechniques(facts: Facts): RuleClaim[] {
  const tagged = new Map<string, { id: string; source: string; records: EvidenceRecord[] }>();
  for (const record of facts.records) {
    for (const id of withParents(fieldValues(record.fields, "technique"))) {
      const key = `${record.sourceName}\u0000${id}`;
      const entry = tagged.get(key) ?? { id, source: record.sourceName, records: [] };
      if (entry.records.at(-1) !== record) entry.records.push(record);
      tagged.set(key, entry);
    }
  }
  const named = new Set(
    facts.records.flatMap((r) => fieldValues(r.fields, "technique").map(upper)),
  );
  return [...tagged.values()]
    .filter((entry) => named.has(entry.id))
    .flatMap((entry) => techniqueClaim(facts, entry.id, entry.source, entry.records))
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, MAX_TECHNIQUES);
}

function techniqueClaim(
  facts: Facts,
  id: string,
  source: string,
  records: EvidenceRecord[],
): RuleClaim[] {
  const technique = findTechnique(id);
  if (!technique) return [];
  return [
    {
      family: "technique",
      section: "what",
      kind: "technique",
      polarity: "affirmed",
      front: false,
      text: `${id} ${technique.name} is tagged by the source ${quoted(source)} on ${amount(records.length, "record")}.`,
      predicates: [
        countIs(whereAll(whereTerm("source", source), has("technique", id)), records.length),
      ],
      citations: cite(records.slice(0, 3), ["technique.original", "technique", "tactic"]),
      rank: rankOf(facts, 4, records),
    },
  ];
}

/** A query for a technique also finds its sub-techniques, so they count for it. */
function withParents(values: (string | number)[]): Set<string> {
  const ids = new Set<string>();
  for (const value of values) {
    const id = upper(value);
    ids.add(id);
    const dot = id.indexOf(".");
    if (dot > 0) ids.add(id.slice(0, dot));
  }
  return ids;
}

function upper(value: string | number): string {
  return String(value).trim().toUpperCase();
}
