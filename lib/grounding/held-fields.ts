import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { entityIs, fold, isWithin } from "./bindings.ts";
import { type Entity, fieldsOfEntity } from "./entities.ts";
import { fieldHas, queryValues } from "./query.ts";

const heldMemo = new WeakMap<Entity, Map<EvidenceRecord, string[]>>();
const foldedMemo = new WeakMap<EvidenceRecord, { field: string; texts: string[] }[]>();

/** The fields of a record that hold an entity, free text last. Asked for each group: remembered. */
export function heldFields(entity: Entity, record: EvidenceRecord): string[] {
  let known = heldMemo.get(entity);
  if (!known) heldMemo.set(entity, (known = new Map()));
  const before = known.get(record);
  if (before) return before;
  const found = findHeld(entity, record);
  known.set(record, found);
  return found;
}

function findHeld(entity: Entity, record: EvidenceRecord): string[] {
  const found: string[] = [];
  for (const field of fieldsOfEntity(entity.type)) {
    const values = queryValues(record, field);
    if (values.length === 0) continue;
    const has = fieldHas(record, field, entity.text);
    if (has === true) found.push(field);
    else if (
      !(has === false && entity.type === "user") &&
      values.some((v) => entityIs(entity, field, v))
    )
      found.push(field);
  }
  if (found.length > 0) return found;
  const said = fold(entity.text);
  return foldedFields(record).flatMap(({ field, texts }) =>
    texts.some((text) => isWithin(said, text)) ? [field] : [],
  );
}

function foldedFields(record: EvidenceRecord): { field: string; texts: string[] }[] {
  const known = foldedMemo.get(record);
  if (known) return known;
  const made = Object.keys(record.fields).map((field) => ({
    field,
    texts: queryValues(record, field).map((v) => fold(String(v))),
  }));
  foldedMemo.set(record, made);
  return made;
}
