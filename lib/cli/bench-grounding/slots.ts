/** Where a claim's text says what its predicates say, and how both are changed together. */
import type { DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import { termsOf } from "./oracle.ts";

/** A value of a predicate that stands word for word in the text. */
export type Slot = {
  field: string;
  value: string;
  /** Records the value is said of; empty for a query over the incident. */
  evidence: string[];
};

/** Things of one type, which a liar could put in each other's place. */
const TYPES: Record<string, string> = {
  host: "host",
  "source.host": "host",
  "destination.host": "host",
  user: "user",
  "target.user": "user",
  "user.email": "email",
  "ticket.owner": "user",
  "source.ip": "ip",
  "destination.ip": "ip",
  "host.ip": "ip",
  "source.port": "port",
  "destination.port": "port",
  "process.name": "image",
  "parent.name": "image",
  "file.name": "image",
  "process.path": "path",
  "parent.path": "path",
  "target.process": "path",
  "file.path": "path",
  "process.pid": "pid",
  "parent.pid": "pid",
  "hash.md5": "md5",
  "hash.sha1": "sha1",
  "hash.sha256": "sha256",
  "dns.question": "domain",
  "url.domain": "domain",
  "url.full": "url",
  "registry.key": "registry",
  "event.code": "code",
  technique: "technique",
  "user.sid": "sid",
  "logon.id": "logon",
  "process.guid": "guid",
};

export function typeOf(field: string): string | null {
  return TYPES[field] ?? null;
}

/** Fields that hold things of the type of `field`. */
export function fieldsLike(field: string): string[] {
  const type = typeOf(field);
  return type === null ? [] : Object.keys(TYPES).filter((f) => TYPES[f] === type);
}

/** Every value of the claim's predicates that its text says, the longest first. */
export function slotsOf(claim: DraftClaim): Slot[] {
  const slots: Slot[] = [];
  const add = (field: string, value: string, evidence: string[]) => {
    if (value.length < 2 || !occurs(claim.text, value)) return;
    if (slots.some((s) => s.field === field && s.value === value)) return;
    slots.push({ field, value, evidence });
  };
  for (const p of claim.predicates) {
    if (p.op === "field" || p.op === "all" || p.op === "only") add(p.field, p.value, p.evidence);
    for (const term of termsOf(p.where)) {
      if (term.sign === "=" && term.value !== "*") add(term.field, term.value, p.evidence);
    }
  }
  return slots.toSorted((a, b) => b.value.length - a.value.length);
}

export function entitySlots(claim: DraftClaim): Slot[] {
  return slotsOf(claim).filter(({ field }) => typeOf(field) !== null);
}

/** Whether the text has the value with nothing of a word right before or after. */
export function occurs(text: string, value: string): boolean {
  return placeOf(text, value) >= 0;
}

/** The offset of the value as a word of its own, or -1. */
export function placeOf(text: string, value: string, from = 0): number {
  const [haystack, needle] = [text.toLowerCase(), value.toLowerCase()];
  for (let at = haystack.indexOf(needle, from); at >= 0; at = haystack.indexOf(needle, at + 1)) {
    const [before, after] = [text.charAt(at - 1), text.charAt(at + value.length)];
    const more = text.charAt(at + value.length + 1);
    if (/[\w\\/$-]/.test(before) || /[\w\\/$-]/.test(after)) continue;
    if (/[.:]/.test(after) && /\w/.test(more)) continue;
    if (/[.:]/.test(before) && /\w/.test(text.charAt(at - 2))) continue;
    return at;
  }
  return -1;
}

/** Every occurrence of a value replaced; the text itself when there is none. */
export function replaceIn(text: string, value: string, by: string): string {
  let out = "";
  let from = 0;
  for (let at = placeOf(text, value); at >= 0; at = placeOf(text, value, from)) {
    out += text.slice(from, at) + by;
    from = at + value.length;
  }
  return out + text.slice(from);
}

/** The predicates with a slot's value replaced wherever they say it. */
export function rebind(predicates: Predicate[], slot: Slot, by: string): Predicate[] {
  return predicates.map((p) => {
    const next = { ...p };
    if (p.field === slot.field && p.value === slot.value && p.op !== "first_seen") next.value = by;
    next.where = termsOf(p.where)
      .map((t) => {
        const same = t.field === slot.field && t.value === slot.value;
        return `${t.field}${t.sign}${quoted(same ? by : t.value, same ? false : t.value === "*")}`;
      })
      .join(" & ");
    return next;
  });
}

function quoted(value: string, star: boolean): string {
  if (star) return value;
  const plain = value !== "" && value !== "*" && !/^["\s]|\s$| & |\p{Cc}/u.test(value);
  return plain ? value : JSON.stringify(value);
}

/** Fields said of single records, which the sentence's subject and object stand in. */
export function isBound(predicates: Predicate[]): boolean {
  return predicates.length > 0 && predicates.every((p) => p.op === "field" && p.where === "");
}
