import { fieldValues, type FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { isDomain } from "#lib/grounding/patterns.ts";
import { identitiesIn, ipIdentity, type Identity } from "./identities-in-text.ts";
import { foldCase } from "./needles.ts";
import { isPlainName, isPublicSuffix } from "./plain-names.ts";

type FieldKind = "user" | "host" | "peer" | "ip" | "mail" | "domain" | "sid" | "account";
const FIELD_KINDS: [FieldName, FieldKind][] = [
  ["host", "host"],
  ["host.id", "host"],
  ["source.host", "peer"],
  ["destination.host", "peer"],
  ["host.ip", "ip"],
  ["source.ip", "ip"],
  ["destination.ip", "ip"],
  ["user.domain", "domain"],
  ["target.user.domain", "domain"],
  ["user", "user"],
  ["target.user", "user"],
  ["ticket.owner", "user"],
  ["user.email", "mail"],
  ["email.from", "mail"],
  ["email.to", "mail"],
  ["email.cc", "mail"],
  ["email.reply_to", "mail"],
  ["user.sid", "sid"],
  ["target.user.sid", "sid"],
  ["cloud.account", "account"],
];
const KIND_OF = new Map<string, FieldKind>(FIELD_KINDS);
const VALUE_MAX = 256;

/** Whose values are names as a whole. */
export function isNameField(field: FieldName): boolean {
  return KIND_OF.has(field);
}

export type KnownIdentities = {
  /** In the order of the evidence, each spelling once. */
  all: Identity[];
  /** What the whole value of a field stands for; empty for a value that is none's. */
  ofField: (field: FieldName, value: string) => Identity[];
};

/** Users, machines, addresses, mailboxes and domains that the records' fields name. */
export function knownIdentities(records: readonly EvidenceRecord[]): KnownIdentities {
  const values = distinctValues(records);
  const hosts = hostNames(values);
  const ofField = (field: FieldName, value: string): Identity[] => {
    const kind = KIND_OF.get(field);
    return kind === undefined || value.length > VALUE_MAX ? [] : read(kind, value.trim(), hosts);
  };
  const seen = new Set<string>();
  const all: Identity[] = [];
  for (const { field, value } of values) {
    for (const identity of [...ofField(field, value), ...partsOf(field, value, hosts)]) {
      const key = `${identity.kind}\0${identity.text}`;
      if (!seen.has(key)) all.push(identity);
      seen.add(key);
    }
  }
  return { all, ofField };
}

type FieldText = { field: FieldName; value: string };

function distinctValues(records: readonly EvidenceRecord[]): FieldText[] {
  const seen = new Map<FieldName, Set<string>>(FIELD_KINDS.map(([field]) => [field, new Set()]));
  const values: FieldText[] = [];
  for (const { fields } of records) {
    for (const [field, known] of seen) {
      const held = fields[field];
      if (held === undefined) continue;
      for (const value of typeof held === "string" ? [held] : fieldValues(fields, field)) {
        if (typeof value !== "string" || value === "" || known.has(value)) continue;
        known.add(value);
        values.push({ field, value });
      }
    }
  }
  return values;
}

type HostNames = {
  /** By a machine's short name: the full names it has. */
  full: Map<string, Set<string>>;
  /** Domains of machines and accounts of the organisation, lower case. */
  domains: Set<string>;
};

function hostNames(values: readonly FieldText[]): HostNames {
  const full = new Map<string, Set<string>>();
  const domains = new Set<string>();
  for (const { field, value } of values) {
    const kind = KIND_OF.get(field);
    const name = foldCase(value.trim());
    if (kind === "domain" && name.includes(".")) domains.add(name);
    if ((kind !== "host" && kind !== "peer") || !name.includes(".")) continue;
    const short = shortName(name);
    full.set(short, (full.get(short) ?? new Set()).add(name));
    if (field === "host") domains.add(name.slice(short.length + 1));
  }
  return { full, domains: new Set([...domains].filter((domain) => !isPublicSuffix(domain))) };
}

function read(kind: FieldKind, value: string, hosts: HostNames): Identity[] {
  const folded = foldCase(value);
  if (value.length < 2 || isPlainName(folded)) return [];
  const address = ipIdentity(value);
  if (address) return [address];
  if (kind === "host") return [hostIdentity(value, hosts)];
  if (kind === "peer") return isForeign(folded, hosts) ? [] : [hostIdentity(value, hosts)];
  if (kind === "domain") return [domainIdentity(value)];
  if (kind === "account") return [{ kind: "account", key: folded, text: value }];
  if (kind === "user") return userIdentity(value, folded);
  return [];
}

/** An outside name that a machine talked to is evidence, not somebody's: it stays. */
function isForeign(name: string, { domains }: HostNames): boolean {
  if (!name.includes(".") || !isDomain(name)) return false;
  const isOwn = [...domains].some((domain) => name === domain || name.endsWith(`.${domain}`));
  return !isOwn && !/\.(?:local|corp|internal|lan|intranet|home|localdomain|private)$/.test(name);
}

function hostIdentity(value: string, { full }: HostNames): Identity {
  const name = foldCase(value);
  const short = shortName(name);
  const isOneMachine = (full.get(short)?.size ?? 0) <= 1;
  return { kind: "host", key: isOneMachine ? short : name, text: value };
}

function domainIdentity(value: string): Identity {
  return { kind: "domain", key: shortName(foldCase(value)), text: value };
}

/** `CORP\alice` is read by its parts, `WS-014$` is the machine. */
function userIdentity(value: string, folded: string): Identity[] {
  if (/[\\@<>]/.test(value)) return [];
  if (value.endsWith("$") && value.length > 3) return [];
  return [{ kind: "user", key: folded, text: value }];
}

/** What stands within a value: an account and its domain, a mailbox and its owner, a machine's domain. */
function partsOf(field: FieldName, value: string, hosts: HostNames): Identity[] {
  const parts: Identity[] = identitiesIn(value);
  const kind = KIND_OF.get(field);
  const [before = "", after] = value.split("\\", 2);
  if (kind === "user" && after !== undefined) {
    parts.push(...read("domain", before, hosts), ...read("user", after, hosts));
  }
  if (kind === "user" && value.endsWith("$")) {
    parts.push(...read("host", (after ?? value).slice(0, -1), hosts));
  }
  if (kind === "user" || kind === "mail") parts.push(...mailOwner(value));
  if (field === "host" && value.includes(".") && parts.length === 0) {
    const domain = value.slice(shortName(value).length + 1);
    if (hosts.domains.has(foldCase(domain))) parts.push(domainIdentity(domain));
  }
  return parts.filter(({ text }) => text.length > 1 && !isPlainName(foldCase(text)));
}

/** The name before the `@`, and the one before `<...>`. */
function mailOwner(value: string): Identity[] {
  const names = [
    /^"?([^"<>@]{4,80}?)"?\s{0,3}</.exec(value)?.[1],
    /([^\s"<>@:]{4,64})@[^\s@]{1,255}/.exec(value)?.[1],
  ];
  return names
    .filter((name) => name !== undefined)
    .map((text) => ({ kind: "user", key: foldCase(text), text }));
}

function shortName(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

const ACCOUNT = /(?<![\w\\.$%-])([A-Za-z][A-Za-z0-9-]{1,14})\\{1,4}([\w.$-]{1,64})(?![\w\\])/g;

/** `CORP\alice` in a text: with one half known, the other is what it looks like. */
export function accountsIn(text: string, known: ReadonlySet<string>): Identity[] {
  if (!text.includes("\\")) return [];
  return Array.from(text.matchAll(ACCOUNT)).flatMap(([, domain = "", name = ""]) => {
    const user = name.endsWith("$") ? [] : userIdentity(name, foldCase(name));
    if (known.has(`user\0${foldCase(name)}`) && !isPlainName(foldCase(domain)))
      return [domainIdentity(domain)];
    return known.has(`domain\0${foldCase(domain)}`) && !isPlainName(foldCase(name)) ? user : [];
  });
}
