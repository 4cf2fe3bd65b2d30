/** M22: what is not known told as known, and the other way round. */
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { ABSENT, backed, HARD, saying, stemOf, told } from "./lies.ts";
import type { Context, Operator } from "./mutant-context.ts";
import { valuesOf } from "./oracle.ts";
import type { Random } from "./random.ts";
import { entitySlots, fieldsLike, isBound, occurs, replaceIn, typeOf } from "./slots.ts";

/** How a value of each field would be added to a sentence. */
const TAILS: Record<string, string> = {
  user: "by user",
  host: "on host",
  "source.ip": "from",
  "process.name": "by",
};
const NONE = ["an unknown one", "none", "not recorded"];

/** M22: what the record leaves out is filled in; what it says is told as none. */
export const nullFilled: Operator = (claim, context, random) => [
  ...filledIn(claim, context, random),
  ...emptied(claim, random),
];

function filledIn(claim: DraftClaim, context: Context, random: Random): Lie[] {
  const [record] = context.cited(claim);
  const [first] = claim.predicates;
  if (!record || !first || !isBound(claim.predicates) || claim.text.endsWith('"')) return [];
  const isLeftOut = (field: string) =>
    fieldsLike(field).every((other) => valuesOf(record, other).length === 0);
  const field = random.pick(Object.keys(TAILS).filter(isLeftOut));
  const raw = context.incident.raws.get(record.id)?.toLowerCase() ?? "";
  const values = field === undefined ? [] : context.values(field);
  const value = random.pick(
    values.filter((v) => !occurs(claim.text, v) && !raw.includes(v.toLowerCase())),
  );
  if (field === undefined || value === undefined) return [];
  const text = `${stemOf(claim.text)} ${TAILS[field]} ${value}.`;
  const asserts = [...claim.predicates, { ...first, field, value }];
  const variant = `${field} filled in`;
  return [
    told(variant, ABSENT, claim, { text }, asserts),
    backed(variant, ABSENT, claim, { text }, asserts),
  ];
}

function emptied(claim: DraftClaim, random: Random): Lie[] {
  const slots = entitySlots(claim).filter((s) => ["user", "host"].includes(typeOf(s.field) ?? ""));
  const slot = random.pick(slots);
  const text = slot ? replaceIn(claim.text, slot.value, random.pick(NONE) ?? "") : claim.text;
  if (!slot || text === claim.text) return [];
  const asserts = claim.predicates.map((p) =>
    p.field === slot.field && p.value === slot.value && p.op === "field"
      ? saying({ op: "exists", evidence: p.evidence, where: `${slot.field}!=*` })
      : p,
  );
  const variant = "value told as none";
  const isChanged = asserts.some((p, at) => p !== claim.predicates[at]);
  const lie = told(variant, HARD, claim, { text });
  return isChanged ? [lie, backed(variant, HARD, claim, { text }, asserts)] : [lie];
}
