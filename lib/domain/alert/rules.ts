/**
 * How records are tied together, as data. A record joins an incident when the values they share weigh
 * at least `LINK_THRESHOLD`; each family of values counts once, so an account seen as name, SID and
 * mailbox is one reason, not three.
 */
import type { ObservableType } from "#lib/domain/evidence/record.ts";

export const LINK_THRESHOLD = 1;

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * What may tie records: an observable, or `rule`, the same rule of the same source fired on the same sender.
 * One rule about one sender is one matter; one rule about a thousand hosts is not, and has no value here.
 */
export type LinkType = ObservableType | "rule";
export type Linkable = { type: LinkType; value: string };

/** `type:value`, as it stands in the database. */
export function linkKey({ type, value }: Linkable): string {
  return `${type}:${value}`;
}

export type LinkFamily = "machine" | "identity" | "network" | "object" | "cloud";

/** A shared value of `type` not further apart in time than `withinMinutes` weighs `weight`. */
export type LinkRule = {
  type: LinkType;
  family: LinkFamily;
  /** `shared`: names every network or host has (private addresses, administrator). */
  reach: "specific" | "shared";
  withinMinutes: number;
  weight: number;
};

/** For each type and reach, the shortest window first. What is not listed never links. */
export const LINK_RULES: readonly LinkRule[] = [
  { type: "host", family: "machine", reach: "specific", withinMinutes: HOUR, weight: 1 },
  { type: "host", family: "machine", reach: "specific", withinMinutes: DAY, weight: 0.6 },
  { type: "host", family: "machine", reach: "specific", withinMinutes: 7 * DAY, weight: 0.3 },

  { type: "user", family: "identity", reach: "specific", withinMinutes: HOUR, weight: 1 },
  { type: "user", family: "identity", reach: "specific", withinMinutes: DAY, weight: 0.6 },
  { type: "user", family: "identity", reach: "specific", withinMinutes: 7 * DAY, weight: 0.4 },
  { type: "user", family: "identity", reach: "shared", withinMinutes: DAY, weight: 0.2 },
  { type: "sid", family: "identity", reach: "specific", withinMinutes: HOUR, weight: 1 },
  { type: "sid", family: "identity", reach: "specific", withinMinutes: DAY, weight: 0.6 },
  { type: "sid", family: "identity", reach: "specific", withinMinutes: 7 * DAY, weight: 0.4 },
  { type: "email", family: "identity", reach: "specific", withinMinutes: HOUR, weight: 1 },
  { type: "email", family: "identity", reach: "specific", withinMinutes: DAY, weight: 0.6 },
  { type: "email", family: "identity", reach: "specific", withinMinutes: 7 * DAY, weight: 0.4 },

  { type: "ip", family: "network", reach: "specific", withinMinutes: HOUR, weight: 1 },
  { type: "ip", family: "network", reach: "specific", withinMinutes: DAY, weight: 0.7 },
  { type: "ip", family: "network", reach: "specific", withinMinutes: 7 * DAY, weight: 0.4 },
  { type: "ip", family: "network", reach: "shared", withinMinutes: DAY, weight: 0.5 },
  { type: "rule", family: "network", reach: "specific", withinMinutes: DAY, weight: 1 },
  { type: "url", family: "network", reach: "specific", withinMinutes: 7 * DAY, weight: 0.8 },
  { type: "domain", family: "network", reach: "specific", withinMinutes: DAY, weight: 0.7 },
  { type: "domain", family: "network", reach: "specific", withinMinutes: 7 * DAY, weight: 0.4 },

  { type: "hash", family: "object", reach: "specific", withinMinutes: 7 * DAY, weight: 0.7 },
  { type: "file", family: "object", reach: "specific", withinMinutes: DAY, weight: 0.3 },
  { type: "registry", family: "object", reach: "specific", withinMinutes: DAY, weight: 0.3 },

  { type: "cloud", family: "cloud", reach: "specific", withinMinutes: HOUR, weight: 1 },
  { type: "cloud", family: "cloud", reach: "specific", withinMinutes: DAY, weight: 0.6 },
];

/** Two shared addresses are a conversation: up to this many values of the type count together. */
export const VALUES_COUNTED: Partial<Record<LinkType, number>> = { ip: 2 };

/** A value on more than this share of the newest incidents, and on at least so many, does not link. */
export const UBIQUITY = { newestIncidents: 500, share: 0.2, atLeast: 10 } as const;

/** Beyond these an incident takes no more records by shared values alone. */
export const LINK_CAPS = { alerts: 2_000, events: 20_000, keysPerRecord: 200 } as const;

/**
 * When one alert ties two incidents by values, they become one. Stricter than joining: weak hints that
 * add up place one alert, but do not fold incidents together. With each, one family alone must weigh
 * `strongest`, such as a host or an account within the hour. Of two stored
 * ones the younger is given up, so it must be small, and a batch merges only so many.
 */
export const MERGE_RULE = { strongest: 1, alerts: 200, events: 5_000, perBatch: 50 } as const;

/** How long a record that joined nothing is kept, searchable. */
export const LOOSE_DAYS = 30;

const SHARED_ACCOUNTS = new Set([
  "administrator",
  "admin",
  "root",
  "guest",
  "user",
  "test",
  "azureuser",
  "ubuntu",
]);

/** Not names of anyone or anything: formats.md 4.3.16. */
const NOBODY = new Set([
  "",
  "-",
  "?",
  "n/a",
  "na",
  "none",
  "null",
  "unknown",
  "(empty)",
  "localhost",
  "system",
  "local service",
  "network service",
  "anonymous logon",
  "nt authority\\system",
  "localsystem",
  "local system",
  "s-1-5-18",
  "s-1-5-19",
  "s-1-5-20",
  "s-1-5-7",
  "s-1-0-0",
  "s-1-1-0",
  "00000000-0000-0000-0000-000000000000",
]);

const HASHES_OF_NOTHING = new Set([
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]);

const SYSTEM_ACCOUNT = /^(?:dwm|umfd)-\d+$/;
const NO_ADDRESS =
  /^(?:0\.|127\.|169\.254\.|22[4-9]\.|2[3-5]\d\.|::1?$|fe80:|ff[0-9a-f]{2}:|::ffff:(?:0|127)\.)/;
const PRIVATE_ADDRESS =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)/;

/** Whether a value can tie records together at all, before it is known how common it is. */
export function reachOf({ type, value }: Linkable): "specific" | "shared" | "none" {
  const text = value.toLowerCase();
  if (NOBODY.has(text)) return "none";
  switch (type) {
    case "ip":
      if (NO_ADDRESS.test(text)) return "none";
      return PRIVATE_ADDRESS.test(text) ? "shared" : "specific";
    case "hash":
      return HASHES_OF_NOTHING.has(text) ? "none" : "specific";
    case "user":
      if (SYSTEM_ACCOUNT.test(text) || text.endsWith("$")) return "none";
      return SHARED_ACCOUNTS.has(text) ? "shared" : "specific";
    case "process":
      return "none";
    default:
      return "specific";
  }
}

/** The weight of one shared value whose two sightings lie `gapMs` apart; 0 when no rule reaches. */
export function linkWeight(type: LinkType, reach: "specific" | "shared", gapMs: number): number {
  const minutes = gapMs / 60_000;
  let best = 0;
  for (const rule of RULES_OF[type]?.[reach] ?? []) {
    if (minutes <= rule.withinMinutes && rule.weight > best) best = rule.weight;
  }
  return best;
}

/** The longest window of any rule, ms: nothing further apart in time can link. */
export const LONGEST_WINDOW_MS = Math.max(...LINK_RULES.map((rule) => rule.withinMinutes)) * 60_000;

export function familyOf(type: LinkType): LinkFamily | null {
  return FAMILY_OF[type] ?? null;
}

const RULES_OF = indexRules();
const FAMILY_OF: Partial<Record<LinkType, LinkFamily>> = Object.fromEntries(
  LINK_RULES.map((rule) => [rule.type, rule.family]),
);

function indexRules(): Partial<Record<LinkType, Record<"specific" | "shared", LinkRule[]>>> {
  const index: Partial<Record<LinkType, Record<"specific" | "shared", LinkRule[]>>> = {};
  for (const rule of LINK_RULES) {
    const of = (index[rule.type] ??= { specific: [], shared: [] });
    of[rule.reach].push(rule);
  }
  return index;
}

/** Whether a value seen on `seen` of the `recent` newest incidents is too common to link. */
export function isUbiquitous(seen: number, recent: number): boolean {
  return seen >= UBIQUITY.atLeast && seen > recent * UBIQUITY.share;
}
