/**
 * Which spellings are one entity, by the verifier's own rules (lib/grounding/values.ts), so that a link's query selects
 * the records that it counts. A short host or account name is the long one where exactly one long name begins so.
 */
import type { FieldName } from "#lib/domain/evidence/fields.ts";
import { canonicalValue, valueType, type Canonical } from "#lib/grounding/values.ts";
import type { EntityType } from "./relations.ts";

export type Spelling = { type: EntityType; field: FieldName; value: string };
/** `exact`: a query for this spelling selects this entity's records and no other's. */
export type Entity = { name: string; exact: boolean };

/** For each spelling, by `spellingKey`, the entity that it names. */
export function mergeSpellings(seen: Iterable<Spelling>): Map<string, Entity> {
  const read = new Map<string, { type: EntityType; canonical: Canonical }>();
  for (const spelling of seen) {
    const canonical = canonicalValue(valueType(spelling.field), spelling.value);
    read.set(spellingKey(spelling), { type: spelling.type, canonical });
  }
  const qualifiers = new Map<string, Set<string>>();
  for (const { type, canonical } of read.values()) {
    const of = `${type}:${canonical.key}`;
    const known = qualifiers.get(of) ?? new Set();
    if (canonical.qualifier !== null) known.add(canonical.qualifier);
    qualifiers.set(of, known);
  }
  const entities = new Map<string, Entity>();
  for (const [key, { type, canonical }] of read)
    entities.set(key, entityOf(type, canonical, qualifiers.get(`${type}:${canonical.key}`)!));
  return entities;
}

export function spellingKey({ type, field, value }: Spelling): string {
  return `${type}:${field}:${value}`;
}

function entityOf(type: EntityType, { key, qualifier }: Canonical, known: Set<string>): Entity {
  if (type !== "host" && type !== "user") return { name: key, exact: true };
  const full = (of: string) => (type === "host" ? `${key}.${of}` : `${of}\\${key}`);
  if (known.size === 0) return { name: key, exact: true };
  if (known.size === 1) return { name: type === "host" ? full([...known][0]!) : key, exact: true };
  // an account's domain may stand in a field of its own, which no spelling here tells
  if (qualifier === null) return { name: key, exact: false };
  return { name: full(qualifier), exact: type === "host" };
}
