import { parse as parseDomain } from "tldts";
import type { Entity, EntityType } from "./entities.ts";
import { CLOUD_PATTERNS } from "./patterns-cloud.ts";
import { FILE_PATTERNS, isFileName, NEITHER, RELATIVE_PATTERNS } from "./patterns-files.ts";
import { NAME_PATTERNS } from "./patterns-names.ts";
import { furtherNumbers, NUMBER_PATTERNS } from "./patterns-numbers.ts";
import { isTaken, mark } from "./marks.ts";
import { canonicalIp } from "./values.ts";

export type Pattern = {
  type: EntityType;
  regex: RegExp;
  /** Which group is the entity; 0 is the whole match. */
  group?: number;
  /** What the match is after a look around it: null for nothing. */
  read?: (found: string, text: string, start: number) => EntityType | null;
  /** Where the match really ends, for what may go on behind a blank. */
  extend?: (text: string, start: number, end: number) => number;
  /** Digits, a colon... without which the pattern cannot match: saves the search. */
  needs?: RegExp;
  /** The word before the number may stand before several: "ports 80, 443 and 8080". */
  list?: true;
  /** Any text around it is part of the name: a dictionary name of the same length wins. */
  weak?: true;
};

const INTERNAL = /\.(?:local|corp|internal|lan|intranet|home|localdomain|private)$/i;
const RESERVED = /\.(?:test|example|invalid|localhost|onion)$/i;
const VERSION_BEFORE =
  /(?:\b(?:versions?|ver\.?|v\.?|build|release|revision|agent|firmware|sensor|engine|patch|update|upgraded to|section|rfc|oid|schema|client|driver|sdk)[ :=]{1,2}|[a-z]\/|\bv)$/i;
const MACHINE_BEFORE =
  /\b(?:hosts?|servers?|workstations?|machines?|computers?|devices?|endpoints?|laptops?|dcs?|domain controllers?|nodes?|vms?)[ :="'(]{1,3}$/i;
const DOMAIN_BEFORE =
  /\b(?:domains?|sites?|websites?|dns|resolv(?:ed|es|ing)|quer(?:y|ied|ies)(?: for)?|look(?:ed|s|ing)? up|lookups? (?:of|for)|connect(?:ed|s|ing|ions?)? to|contact(?:ed|s|ing)|visit(?:ed|s|ing)?|beacon(?:ed|s|ing)? to|communicat\w{1,5} with|hosted (?:on|at|by)|reached|zone)[ :="'(]{1,3}(?:for )?$/i;

const NETWORK_PATTERNS: Pattern[] = [
  {
    type: "url",
    regex:
      /\b(?:https?|s?ftps?|ldaps?|smb|file|wss?|ssh|rdp|tcp|udp|telnet|git|mongodb|rediss?):\/\/[^\s"'<>`{}|]{1,2048}/gi,
    needs: /:\/\//,
    read: (found) => (URL.canParse(found) || found.includes("...") ? "url" : null),
  },
  {
    type: "email",
    regex:
      /(?<![\p{L}\p{N}_.+%-])[\p{L}\p{N}_.+%-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}(?![\p{L}\p{N}])/gu,
    needs: /@/,
  },
  {
    type: "user",
    regex: /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z][A-Za-z0-9-]{1,62}(?![\w@.-])/g,
    needs: /@/,
  },
  {
    type: "mac",
    regex:
      /(?<![\w:.-])(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![\w:-]|\.\w)/gi,
  },
  {
    type: "cidr",
    regex: /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}\/(?:3[0-2]|[12]?\d)(?![\w/])/g,
    needs: /\//,
    read: (found) => (isIp(found) ? "cidr" : "name"),
  },
  {
    type: "url",
    regex:
      /(?<![\w.@/:-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,10}(?::\d{1,5})?\/[^\s"'<>`{}|,;)]{1,1024}/gi,
    needs: /\//,
    read: (found) => (isHostedPath(found) ? "url" : null),
  },
  {
    type: "cidr",
    regex: /(?<![\w:./])[0-9a-f:]{2,39}\/(?:12[0-8]|1[01]\d|\d{1,2})(?![\w/:])/gi,
    needs: /:/,
    read: (found) => (isIp(found) ? "cidr" : null),
  },
  {
    type: "ip",
    regex:
      /(?<![\w:.])[0-9a-f:]{2,39}(?:(?<=:\d{1,3})(?:\.\d{1,3}){3})?(?:%[\w.-]{1,16})?(?![\w:]|\.\d)/gi,
    needs: /:[0-9a-f]{0,4}:/i,
    read: (found) => (isIpv6(found) ? "ip" : null),
  },
  {
    type: "ip",
    regex: /(?<![\w.]|[a-z]-)\d{1,3}(?:\.\d{1,3}){3}(?!\w|-[a-z]|\.\d)/gi,
    needs: /\d\.\d/,
    read: (found, text, start) =>
      isIp(found) && !VERSION_BEFORE.test(text.slice(Math.max(0, start - 16), start))
        ? "ip"
        : "name",
  },
];

const DOMAIN_PATTERNS: Pattern[] = [
  {
    type: "domain",
    weak: true,
    regex: /(?<![\w.@-])[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,10}(?![\w@-])/gi,
    needs: /\w\.\w/,
    read: dottedName,
  },
  {
    type: "domain",
    weak: true,
    regex:
      /(?<![\p{L}\p{N}\p{M}.@-])[\p{L}\p{N}\p{M}_-]{1,63}(?:\.[\p{L}\p{N}\p{M}_-]{1,63}){1,6}(?![\p{L}\p{N}\p{M}@-])/gu,
    needs: /[^\x00-\x7f]/,
    read: (found, text, start) =>
      /[^\x20-\x7e]/.test(found) ? dottedName(found, text, start) : null,
  },
];

/**
 * From the most to the least particular: what one pattern takes, later ones do not see. All are
 * linear: bounded repeats, or one greedy run of a class that its follower cannot start with.
 */
export const PATTERNS: Pattern[] = [
  ...NETWORK_PATTERNS.slice(0, 1),
  ...CLOUD_PATTERNS,
  ...NETWORK_PATTERNS.slice(1, 3),
  ...FILE_PATTERNS,
  ...NAME_PATTERNS,
  ...NETWORK_PATTERNS.slice(3),
  ...RELATIVE_PATTERNS,
  ...NUMBER_PATTERNS,
  ...DOMAIN_PATTERNS,
];

/** Longer texts are refused as claims; a value this long is no name. */
const PROBE = 64_000;

/** Entities by pattern; `taken[i]` marks offsets another entity has. Marks what it takes. */
export function findPatterns(
  text: string,
  taken: Uint8Array,
  held: (start: number, end: number, weak: boolean) => boolean = () => false,
): Entity[] {
  return scanWith(PATTERNS, text, taken, held);
}

/** URLs alone, so that times and numbers inside one are not read as times. */
export function findUrls(
  text: string,
  taken: Uint8Array,
  held: (start: number, end: number, weak: boolean) => boolean = () => false,
): Entity[] {
  return scanWith(PATTERNS.slice(0, 1), text, taken, held);
}

/** Whether a text is a domain name: under a public suffix, or under one that is kept private. */
export function isDomain(text: string): boolean {
  if (/^[\d.]+$/.test(text) || text.includes("..")) return false;
  if (INTERNAL.test(text) || RESERVED.test(text)) return true;
  const parsed = parseDomain(text, { allowPrivateDomains: true, validateHostname: false });
  if (parsed.isIp || parsed.domain === null) return false;
  return (
    Boolean(parsed.isIcann || parsed.isPrivate) && /[a-z\p{L}]/iu.test(parsed.publicSuffix ?? "")
  );
}

function scanWith(
  patterns: Pattern[],
  text: string,
  taken: Uint8Array,
  held: (start: number, end: number, weak: boolean) => boolean,
): Entity[] {
  const found: Entity[] = [];
  const probed = text.length > PROBE ? text.slice(0, PROBE) : text;
  const add = (type: EntityType, start: number, end: number) => {
    mark(taken, start, end);
    found.push({ type, text: probed.slice(start, end), start, end });
  };
  for (const { type, regex, group = 0, read, extend, needs, list, weak = false } of patterns) {
    if (needs && !needs.test(probed)) continue;
    for (const match of probed.matchAll(regex)) {
      const start = match.index + (group === 0 ? 0 : match[0].lastIndexOf(match[group] ?? ""));
      const first = start + (match[group] ?? "").length;
      const end = extend ? extend(probed, start, first) : first;
      const whole = trimEnd(probed.slice(start, end), type);
      if (whole === "" || isTaken(taken, start, start + whole.length)) continue;
      if (held(start, start + whole.length, weak)) continue;
      const made = read ? read(whole, probed, start) : type;
      if (made === null) continue;
      add(made, start, start + whole.length);
      if (list && /s\W{1,4}$/i.test(match[0].slice(0, start - match.index))) {
        for (const [a, b] of furtherNumbers(probed, end)) {
          if (!isTaken(taken, a, b)) add(made, a, b);
        }
      }
    }
  }
  return found;
}

/** A sentence's own punctuation is not part of the name that ends it. */
function trimEnd(text: string, type: EntityType): string {
  if (type === "ip" || type === "label") return text;
  let end = text.length;
  while (end > 0 && ".,;:!?".includes(text.charAt(end - 1)) && text.length - end < 8) end--;
  let out = text.slice(0, end);
  for (let n = 0; n < 8 && /[)\]]$/.test(out) && !isBalanced(out); n++) out = out.slice(0, -1);
  return out;
}

function isBalanced(text: string): boolean {
  const count = (c: string) => text.split(c).length;
  return text.endsWith(")") ? count("(") >= count(")") : count("[") >= count("]");
}

function isForeign(text: string, at: number): boolean {
  return text.charCodeAt(at) > 0x7f && /[\p{L}\p{N}\p{M}\ud800-\udfff]/u.test(text.charAt(at));
}

function isIp(text: string): boolean {
  return canonicalIp(text.split("/")[0] ?? "") !== null;
}

/** Two hexadecimal digits a group and no "::" is a hardware identifier, not an address. */
function isIpv6(text: string): boolean {
  const bare = text.split("%", 1)[0] ?? "";
  if (!/::|[0-9a-f]{3}/i.test(bare) || bare === "::") return false;
  // Eight groups, or six and an IPv4 tail, unless "::" stands for some.
  const groups = bare.split(":").length;
  const counted = bare.includes(".") ? groups === 7 : groups === 8;
  return (counted || (groups > 2 && bare.includes("::"))) && canonicalIp(bare) !== null;
}

function isHostedPath(text: string): boolean {
  const host = (text.split("/")[0] ?? "").split(":")[0] ?? "";
  return (isIp(host) || (isDomain(host) && !isFileName(host))) && text.length > host.length + 1;
}

/** A dotted name is a machine, a file, a domain or nothing, by its suffix and the word before it. */
function dottedName(found: string, text: string, start: number): EntityType | null {
  // "cher.de" is no name inside "b\u00fccher.de".
  if (isForeign(text, start - 1) || isForeign(text, start + found.length)) return null;
  if (/^[\d.]+$/.test(found)) return /\.\d+\./.test(found) ? "name" : null;
  const before = text.slice(Math.max(0, start - 32), start);
  if (isFileName(found) && !DOMAIN_BEFORE.test(before)) return "process";
  if (!isDomain(found)) return null;
  if (!hasSuffix(found) || NEITHER.test(found)) return null;
  if (MACHINE_BEFORE.test(before)) return "host";
  if (!INTERNAL.test(found) || /\bdomains?[ :="'(]{1,3}$/i.test(before)) return "domain";
  const labels = found.split(".");
  return labels.length > 2 || /[\d-]/.test(labels[0] ?? "") ? "host" : "domain";
}

/** "on the host.It then" lacks a blank; System.Net and System.IO are namespaces. */
function hasSuffix(name: string): boolean {
  const dot = name.lastIndexOf(".");
  const suffix = name.slice(dot + 1);
  if (/^\p{Lu}\p{Ll}+$/u.test(suffix)) return false;
  return !/^\p{Lu}{2,}$/u.test(suffix) || !/\p{Ll}/u.test(name.slice(0, dot));
}
