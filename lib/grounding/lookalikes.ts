import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { entityIs } from "./bindings.ts";
import { keysOf, recordsWith } from "./columns.ts";
import { type Entity, fieldsOfEntity, isNearMiss } from "./entities.ts";
import type { EvidenceIndex } from "./evidence-index.ts";
import { queryValues } from "./query.ts";
import { canonicalValue, valueType } from "./values.ts";

const MAX_KEYS = 50_000;
const MAX_TRIED = 100;
/** Where a name may stand that has no fields of its own: "WS-041", "svc_backup", a rule's number. */
const NAMES = [
  "host",
  "user",
  "target.user",
  "process.name",
  "file.name",
  "service.name",
  "task.name",
  "group.name",
  "share.name",
  "cloud.account",
  "cloud.resource",
  "rule.id",
  "ticket.id",
] as const;
/** What two edits can change of the letters a value has: one goes and one comes, twice. */
const MAX_CHANGED = 4;

/** A record of the incident that has an entity, or null. */
export function seenElsewhere(entity: Entity, index: EvidenceIndex): EvidenceRecord | null {
  for (const field of fieldsOfEntity(entity.type)) {
    const keys = keysOf(index.column(field));
    const key = keys.byText.get(canonicalValue(valueType(field), entity.text).key);
    if (key === undefined) continue;
    for (const at of recordsWith(keys, key).subarray(0, MAX_TRIED)) {
      const record = index.records[at];
      if (record && queryValues(record, field).some((v) => entityIs(entity, field, v)))
        return record;
    }
  }
  return null;
}

/** A value of the incident that a slip of the pen makes of an entity, with the first record of it. */
export function nearMiss(
  entity: Entity,
  index: EvidenceIndex,
): { value: string; record: EvidenceRecord } | null {
  let budget = MAX_KEYS;
  const own = fieldsOfEntity(entity.type);
  for (const field of own.length > 0 || entity.type === "quote" ? own : NAMES) {
    const keys = keysOf(index.column(field));
    const said = canonicalValue(valueType(field), entity.text).key;
    const letters = lettersOf(said);
    for (const [key, known] of keys.texts.entries()) {
      if (--budget < 0) return null;
      if (Math.abs(known.length - said.length) > 2) continue;
      if (bitCount(lettersOf(known) ^ letters) > MAX_CHANGED || !isNearMiss(said, known)) continue;
      const record = index.records[recordsWith(keys, key)[0] ?? -1];
      if (record) return { value: spelled(record, field, known), record };
    }
  }
  return null;
}

/** As the record writes it, not as it is compared. */
function spelled(record: EvidenceRecord, field: string, key: string): string {
  const values = queryValues(record, field);
  const own = values.find((v) => canonicalValue(valueType(field), v).key === key);
  return own === undefined ? key : String(own);
}

/** Which letters a text has, folded into 32 bits: a cheap bound on how far two texts are apart. */
function lettersOf(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) & 31);
  return bits;
}

function bitCount(bits: number): number {
  let n = 0;
  for (let left = bits; left !== 0; left &= left - 1) n += 1;
  return n;
}
