import { parse as parseDomain } from "tldts";
import type { Entity, EntityType } from "./entities.ts";
import { canonicalIp } from "./values.ts";

type Pattern = {
  type: EntityType;
  regex: RegExp;
  /** Which group is the entity; 0 is the whole match. */
  group?: number;
  accept?: (text: string) => boolean;
};

const IMAGE =
  "exe|dll|sys|ps1|psm1|bat|cmd|vbs|vbe|js|jse|hta|msi|scr|cpl|lnk|py|sh|jar|docm?|docx|xlsm?|xlsx|pptx?|pdf|zip|rar|7z|iso|img|txt|log|dmp|tmp|dat|csv|json|xml|aspx?|php|so|bin|elf|kirbi|ini|config|html?|eml|vhdx?";
const INTERNAL = /\.(local|corp|internal|lan|intranet|home|localdomain|test|example|invalid)$/i;

/**
 * From the most to the least particular: what one pattern takes, later ones do not see. All are
 * linear: bounded repeats, or one greedy run of a class that its follower cannot start with.
 */
export const PATTERNS: Pattern[] = [
  { type: "url", regex: /\b(?:https?|ftps?|ldaps?|smb|file|wss?):\/\/[^\s"'<>`{}|]{1,2048}/gi },
  {
    type: "cloud",
    regex: /\barn:aws[a-z-]{0,10}:[\w-]{1,40}:[\w-]{0,30}:\d{0,12}:[^\s"',;)]{1,512}/gi,
  },
  { type: "cloud", regex: /(?<![\w/])\/subscriptions\/[^\s"',;)]{1,512}/gi },
  { type: "cloud", regex: /\b(?:i|vol|sg|subnet|vpc|ami|eni|snap)-[0-9a-f]{8,17}\b/gi },
  { type: "cloud", regex: /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,20}\b/g },
  {
    type: "guid",
    regex: /\{?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b\}?/gi,
  },
  { type: "sid", regex: /\bS-1-\d{1,3}(?:-\d{1,12}){1,15}\b/gi },
  {
    type: "hash",
    regex: /(?<![\w-])(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![\w-])/gi,
  },
  { type: "email", regex: /(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi },
  { type: "cve", regex: /\bCVE-\d{4}-\d{4,7}\b/gi },
  { type: "technique", regex: /(?<![\w.])T\d{4}(?:\.\d{1,3})?(?![\w]|\.\d)/gi },
  { type: "tactic_id", regex: /\bTA\d{4}\b/gi },
  {
    type: "registry",
    regex: /\b(?:HKEY_[A-Z_]{4,20}|HKLM|HKCU|HKU|HKCR|HKCC)(?::?\\[^\s"'`;,]{0,300})/gi,
  },
  { type: "path", regex: /(?<![\w\\])[a-z]:\\[^\s"'`<>|?*;,]{0,300}/gi },
  {
    type: "path",
    regex: /(?<=^|[\s"'`(=])(?:%[\w()]{1,40}%|~|\\\\?[\w.$-]{1,64})\\[^\s"'`<>|;,]{1,300}/gi,
  },
  {
    type: "cidr",
    regex: /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}(?![\w/])/g,
    accept: (t) => canonicalIp(t.split("/")[0] ?? "") !== null,
  },
  { type: "ip", regex: /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g },
  {
    type: "ip",
    regex: /(?<![\w:.])[0-9a-f:]{2,39}(?:\.\d{1,3}){0,3}(?:%\w{1,16})?(?![\w:])/gi,
    accept: (t) => t.includes(":") && canonicalIp(t) !== null,
  },
  { type: "path", regex: /(?<=^|[\s"'`(=])\/[\w.@+%-]{1,128}(?:\/[\w.@+%-]{0,128}){1,30}/g },
  { type: "user", regex: /(?<![\w\\.])[a-z0-9][\w.-]{0,40}\\[\w.$-]{1,64}/gi },
  { type: "user", regex: /(?<![\w\\.-])[a-z0-9][\w-]{0,62}\$(?!\w)/gi },
  { type: "label", regex: /\bE\d{1,7}\b/g },
  {
    type: "process",
    regex: new RegExp(String.raw`(?<![\w.-])[\w-][\w.+-]{0,63}\.(?:${IMAGE})(?![\w-]|\.\w)`, "gi"),
  },
  {
    type: "domain",
    regex: /(?<![\w.@-])[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,10}(?![\w@-])/gi,
    accept: isDomain,
  },
  {
    type: "domain",
    regex:
      /(?<![\p{L}\p{N}.@-])[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}(?![\p{L}\p{N}@-])/giu,
    accept: (t) => /[^\x20-\x7e]/.test(t) && isDomain(t),
  },
  {
    type: "event_code",
    regex: /\bevent(?: ?ids?| codes?)?:? (?:number )?(\d{1,6})(?![\w.,]*\d)/gi,
    group: 1,
  },
  { type: "pid", regex: /\b(?:pid|process id)s?:? ?(\d{1,7}|0x[0-9a-f]{1,8})\b/gi, group: 1 },
  { type: "port", regex: /\bports?:? ?(\d{1,5})\b/gi, group: 1 },
  { type: "port", regex: /(?<=[\w\]]):(\d{1,5})(?![\w:]|\.\d)/g, group: 1 },
  { type: "logon_id", regex: /\b0x[0-9a-f]{1,16}\b/gi },
];

const PROBE = 64_000;

/** Entities by pattern; `taken[i]` marks offsets another entity has. Marks what it takes. */
export function findPatterns(text: string, taken: Uint8Array): Entity[] {
  return scanWith(PATTERNS, text, taken);
}

/** URLs alone, so that times and numbers inside one are not read as times. */
export function findUrls(text: string, taken: Uint8Array): Entity[] {
  return scanWith(PATTERNS.slice(0, 1), text, taken);
}

function scanWith(patterns: Pattern[], text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  const probed = text.length > PROBE ? text.slice(0, PROBE) : text;
  for (const { type, regex, group = 0, accept } of patterns) {
    for (const match of probed.matchAll(regex)) {
      const whole = trimEnd(match[group] ?? "", type);
      const start = match.index + (group === 0 ? 0 : match[0].lastIndexOf(match[group] ?? ""));
      if (whole.length === 0 || isTaken(taken, start, start + whole.length)) continue;
      if (accept && !accept(whole)) continue;
      mark(taken, start, start + whole.length);
      found.push({ type, text: whole, start, end: start + whole.length });
    }
  }
  return found;
}

export function isTaken(taken: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (taken[i]) return true;
  return false;
}

export function mark(taken: Uint8Array, start: number, end: number): void {
  taken.fill(1, start, end);
}

/** A sentence's own punctuation is not part of the name that ends it. */
function trimEnd(text: string, type: EntityType): string {
  if (type === "ip" || type === "label") return text;
  let out = text.replace(/[.,;:!?]{1,8}$/, "");
  while (out.endsWith(")") && !out.includes("(")) out = out.slice(0, -1);
  return type === "url"
    ? out.replace(/[)\]]$/, (c) => (out.includes("(") || out.includes("[") ? c : ""))
    : out;
}

/** A public suffix, or a name that only a private network has. Numbers and versions are neither. */
function isDomain(text: string): boolean {
  if (/^[\d.]+$/.test(text) || text.includes("..")) return false;
  if (INTERNAL.test(text)) return true;
  const parsed = parseDomain(text, { allowPrivateDomains: true, validateHostname: false });
  if (parsed.isIp || parsed.domain === null) return false;
  return (
    Boolean(parsed.isIcann || parsed.isPrivate) && /[a-z\p{L}]/iu.test(parsed.publicSuffix ?? "")
  );
}
