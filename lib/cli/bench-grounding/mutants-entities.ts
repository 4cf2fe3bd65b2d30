/** M01 to M05, M11, M16: a name, address or number of the claim is another one. */
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { fieldIs, fold, valuesOf } from "./oracle.ts";
import type { Operator, Context } from "./mutant-context.ts";
import type { Random } from "./random.ts";
import { ABSENT, HARD } from "./lies.ts";
import { entitySlots, fieldsLike, isBound, occurs, rebind, replaceIn, typeOf } from "./slots.ts";
import type { Slot } from "./slots.ts";

/** Letters of another script that a reader cannot tell apart. */
const CYRILLIC: Record<string, string> = {
  a: "\u0430",
  c: "\u0441",
  e: "\u0435",
  o: "\u043e",
  p: "\u0440",
  x: "\u0445",
};
const MISSING = { text: ABSENT, both: HARD };

/** The claim with one value exchanged: once in the text alone, once in its predicates too. */
export function exchange(
  claim: DraftClaim,
  slot: Slot,
  by: string,
  variant: string,
  expected: { text: Lie["expected"]; both: Lie["expected"] },
): Lie[] {
  const text = replaceIn(claim.text, slot.value, by);
  const asserts = rebind(claim.predicates, slot, by);
  if (text === claim.text) return [];
  return [
    { variant, mode: "text", claim: { ...claim, text }, expected: expected.text, asserts },
    {
      variant,
      mode: "both",
      claim: { ...claim, text, predicates: asserts },
      expected: expected.both,
      asserts,
    },
  ];
}

/** M01: a thing of the same type from another incident. */
export const foreignEntity: Operator = (claim, context, random) => {
  for (const slot of random.sample(entitySlots(claim), 9)) {
    const by = foreignValue(slot, context, random);
    if (by) return exchange(claim, slot, by, typeOf(slot.field) ?? "", MISSING);
  }
  return [];
};

/** M02: a thing of this incident that the cited records do not have. */
export const uncitedEntity: Operator = (claim, context, random) => {
  for (const slot of random.sample(entitySlots(claim), 9)) {
    const by = uncitedValue(slot, claim, context, random);
    if (by) return exchange(claim, slot, by, typeOf(slot.field) ?? "", MISSING);
  }
  return [];
};

/** M03: another thing of the same type that the same cited record does have, in another role. */
export const swappedRole: Operator = (claim, context, random) => {
  const bound = entitySlots(claim).filter(({ evidence }) => evidence.length === 1);
  const options = bound.flatMap((slot) => {
    const record = context.byLabel(slot.evidence[0] ?? "");
    if (!record) return [];
    return fieldsLike(slot.field)
      .filter((f) => f !== slot.field)
      .flatMap((f) => valuesOf(record, f))
      .filter((v) => isTellable(v) && fold(slot.field, v) !== fold(slot.field, slot.value))
      .filter((v) => !occurs(claim.text, v))
      .map((by) => ({ slot, by }));
  });
  const chosen = random.pick(options);
  if (!chosen) return [];
  return exchange(claim, chosen.slot, chosen.by, typeOf(chosen.slot.field) ?? "", {
    text: ["contradicted"],
    both: ["contradicted"],
  });
};

/** M04: one character off. */
export const typo: Operator = (claim, _context, random) => {
  const slot = random.pick(entitySlots(claim).filter(({ field }) => field !== "technique"));
  const by = slot && misspell(slot.value, random);
  if (!slot || !by || occurs(claim.text, by)) return [];
  return exchange(claim, slot, by, typeOf(slot.field) ?? "", MISSING);
};

/** M05: the same thing in another spelling, which must not alarm. */
export const otherSpelling: Operator = (claim, _context, random) => {
  const slot = random.pick(entitySlots(claim));
  const option = slot && random.pick(spellings(slot));
  if (!slot || !option) return [];
  const text = replaceIn(claim.text, slot.value, option.text);
  if (text === claim.text) return [];
  return [
    {
      variant: option.name,
      mode: "text",
      claim: { ...claim, text },
      expected: ["supported"],
      asserts: null,
    },
  ];
};

/** M11: somebody else did it. */
export const wrongActor: Operator = (claim, context, random) => {
  const slot = random.pick(entitySlots(claim).filter(({ field }) => typeOf(field) === "user"));
  if (!slot) return [];
  const others = ["user", "target.user"].flatMap((field) => context.values(field));
  const by = random.pick(
    others.filter((v) => fold("user", v) !== fold("user", slot.value) && !occurs(claim.text, v)),
  );
  if (!by) return [];
  const held = context
    .cited(claim)
    .some((r) => ["user", "target.user"].some((f) => fieldIs(r, f, by) === true));
  return exchange(claim, slot, by, held ? "on the record" : "elsewhere", {
    text: ["contradicted"],
    both: ["contradicted"],
  });
};

/** M16: the subject of one record, the action of another, both cited. */
export const merged: Operator = (claim, context, random) => {
  if (!isBound(claim.predicates) || context.cited(claim).length !== 1) return [];
  const slot = random.pick(
    entitySlots(claim).filter(({ field }) =>
      ["host", "user", "image", "ip"].includes(typeOf(field) ?? ""),
    ),
  );
  if (!slot) return [];
  const donor = random.pick(
    context.siblings(claim).flatMap((other) => {
      const own = entitySlots(other).find((s) => s.field === slot.field && s.evidence.length === 1);
      if (!own || fold(own.field, own.value) === fold(slot.field, slot.value)) return [];
      return occurs(claim.text, own.value) || other.citations.length !== 1 ? [] : [{ other, own }];
    }),
  );
  if (!donor) return [];
  const { other, own } = donor;
  const text = replaceIn(claim.text, slot.value, own.value);
  const citations = [...claim.citations, ...other.citations];
  const asserts = rebind(claim.predicates, slot, own.value);
  const subject = other.predicates.filter((p) => p.field === own.field && p.value === own.value);
  const rest = claim.predicates.filter((p) => p.field !== slot.field || p.value !== slot.value);
  return [
    {
      variant: "each true of its own record",
      mode: "text",
      claim: { ...claim, text, citations, predicates: [...subject, ...rest] },
      expected: ["contradicted"],
      asserts,
    },
    {
      variant: "one record",
      mode: "both",
      claim: { ...claim, text, citations, predicates: [...asserts, ...subject] },
      expected: ["contradicted"],
      asserts,
    },
  ];
};

/** Of the incident, in none of the cited records in any way, nor in the text. */
function uncitedValue(
  slot: Slot,
  claim: DraftClaim,
  context: Context,
  random: Random,
): string | undefined {
  const cited = context.cited(claim);
  const raws = cited.map((r) => context.incident.raws.get(r.id)?.toLowerCase() ?? "");
  const isCited = (value: string) =>
    raws.some((raw) => raw.includes(value.toLowerCase())) ||
    cited.some((r) => fieldsLike(slot.field).some((f) => fieldIs(r, f, value) === true));
  const own = fold(slot.field, slot.value);
  const others = context
    .values(slot.field)
    .filter((v) => fold(slot.field, v) !== own && !occurs(claim.text, v) && !isCited(v));
  return random.pick(others);
}

function foreignValue(slot: Slot, context: Context, random: Random): string | undefined {
  const own = new Set(
    fieldsLike(slot.field)
      .flatMap((f) => context.values(f))
      .map((v) => fold(slot.field, v)),
  );
  const all = context
    .foreign(slot.field)
    .filter((v) => !own.has(fold(slot.field, v)) && isTellable(v));
  return random.pick(all);
}

function isTellable(value: string): boolean {
  return (
    value.length >= 2 &&
    value.length <= 140 &&
    !/^(?:-|n\/a|null|none|unknown)$/i.test(value) &&
    !/[\p{Cc}"]/u.test(value)
  );
}

/** One letter or digit in the inside of a value changed, dropped, doubled or swapped. */
export function misspell(value: string, random: Random): string | null {
  const places = [...value].flatMap((c, at) => (/[a-z0-9]/i.test(c) ? [at] : []));
  const numeric = /^\d+$/.test(value) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(value);
  for (let tries = 0; tries < 20; tries += 1) {
    const at = random.pick(numeric ? places : places.slice(0, 40));
    if (at === undefined) return null;
    const old = value.charAt(at);
    const digits = "0123456789".replace(old, "");
    const letters = (
      /[0-9a-f]/i.test(old) && /^[0-9a-f-]{16,}$/i.test(value) ? "abcdef0123456789" : "etaoinsrhl"
    ).replace(old.toLowerCase(), "");
    const by = /\d/.test(old) ? random.pick([...digits])! : random.pick([...letters])!;
    const next = value.slice(0, at) + by + value.slice(at + 1);
    const isAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(value);
    if (
      isAddress &&
      next.split(".").some((part) => Number(part) > 255 || String(Number(part)) !== part)
    )
      continue;
    if (/^\d+$/.test(value) && (Number(next) === Number(value) || next.startsWith("0"))) continue;
    if (next.toLowerCase() !== value.toLowerCase()) return next;
  }
  return null;
}

/** Spellings by the normaliser's documented order: NFKC, invisible characters, dashes, defanging, case. */
function spellings({ field, value }: Slot): { name: string; text: string }[] {
  const type = typeOf(field) ?? "";
  const half = Math.floor(value.length / 2);
  const inside = (c: string) => `${value.slice(0, half)}${c}${value.slice(half)}`;
  const wide = (c: string) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0);
  const all = [
    ["zero-width space inside", inside("\u200b")],
    ["soft hyphen inside", inside("\u00ad")],
    ["fullwidth letters", value.replace(/[a-z0-9]/gi, wide)],
    ["letters of another script (homoglyph)", value.replace(/[aceopx]/g, (c) => CYRILLIC[c] ?? c)],
    ["Unicode hyphen", value.replaceAll("-", "\u2010")],
  ];
  if (["ip", "domain", "url"].includes(type))
    all.push(["defanged", value.replaceAll(".", "[.]").replace(/^http/, "hxxp")]);
  if (["host", "user", "domain", "image", "md5", "sha1", "sha256"].includes(type))
    all.push(["other case", value.toUpperCase()]);
  return all.flatMap(([name = "", text = ""]) => (text === value ? [] : { name, text }));
}
