import ipaddr from "ipaddr.js";
import type { Fields } from "#lib/domain/evidence/fields.ts";

/** How the values of a field are compared. */
export type ValueType =
  | "host"
  | "domain"
  | "user"
  | "email"
  | "ip"
  | "hash"
  | "path"
  | "registry"
  | "number"
  | "technique"
  | "word"
  | "text";

const TYPES: Record<string, ValueType> = {
  host: "host",
  "source.host": "host",
  "destination.host": "host",
  "dns.question": "domain",
  "url.domain": "domain",
  user: "user",
  "target.user": "user",
  "ticket.owner": "user",
  "user.email": "email",
  "email.from": "email",
  "email.to": "email",
  "host.ip": "ip",
  "source.ip": "ip",
  "destination.ip": "ip",
  "hash.md5": "hash",
  "hash.sha1": "hash",
  "hash.sha256": "hash",
  "process.name": "path",
  "process.path": "path",
  "parent.name": "path",
  "parent.path": "path",
  "target.process": "path",
  "file.path": "path",
  "file.name": "path",
  "share.name": "path",
  "registry.key": "registry",
  "source.port": "number",
  "destination.port": "number",
  "network.bytes_out": "number",
  "network.bytes_in": "number",
  "http.status": "number",
  "process.pid": "number",
  "parent.pid": "number",
  "logon.type": "number",
  "logon.id": "number",
  technique: "technique",
  "technique.original": "technique",
  "process.command_line": "text",
  "parent.command_line": "text",
  script: "text",
  message: "text",
  "url.full": "text",
  user_agent: "text",
  "registry.value": "text",
  "service.command": "text",
  "email.subject": "text",
};

/** Names and identifiers without a type of their own are words: compared without case. */
export function valueType(field: string): ValueType {
  return Object.hasOwn(TYPES, field) ? (TYPES[field] ?? "word") : "word";
}

/** `key` groups spellings of one thing; `qualifier` (domain of a host or user) tells two apart. */
export type Canonical = { key: string; qualifier: string | null };

/** The canonical form of one value; for `number` and `ip` the text itself when it is neither. */
export function canonicalValue(
  type: ValueType,
  value: string | number,
  domain?: string,
): Canonical {
  const text = String(value);
  return text.length > LONG ? longValue(type, text, domain) : readValue(type, text, domain);
}

/** A long value is asked about again and again: a few are remembered. */
const LONG = 1000;
const MAX_REMEMBERED = 64;
const remembered = new Map<string, Map<string, Canonical>>();

function longValue(type: ValueType, text: string, domain?: string): Canonical {
  const kind = `${type} ${domain ?? ""}`;
  const known = remembered.get(kind)?.get(text);
  if (known) return known;
  const made = readValue(type, text, domain);
  const others = remembered.get(kind) ?? new Map<string, Canonical>();
  if (others.size >= MAX_REMEMBERED) others.clear();
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(kind, others.set(text, made));
  return made;
}

function readValue(type: ValueType, value: string, domain?: string): Canonical {
  const text = value.trim();
  switch (type) {
    case "host":
      return canonicalHost(text);
    case "user":
      return canonicalUser(text, domain);
    case "ip":
      return plain(canonicalIp(text) ?? text.toLowerCase());
    case "number":
      return plain(canonicalNumber(text) ?? text.toLowerCase());
    case "domain":
      return plain(text.toLowerCase().replace(/\.$/, ""));
    case "path":
      return plain(canonicalPath(text));
    case "registry":
      return plain(canonicalRegistry(text));
    case "technique":
      return plain(text.toUpperCase());
    case "text":
      return plain(text);
    default:
      return plain(text.toLowerCase());
  }
}

/** Same thing? Unknown when one side names a domain and the other does not say. */
export function sameCanonical(found: Canonical, wanted: Canonical): boolean | "unknown" {
  if (found.key !== wanted.key) return false;
  if (wanted.qualifier === null) return true;
  if (found.qualifier === null) return "unknown";
  return sameDomain(found.qualifier, wanted.qualifier);
}

/** The domain known for a record's user, whichever field has it. */
export function userDomain(fields: Fields, field: string): string | undefined {
  const name = field === "target.user" ? "target.user.domain" : "user.domain";
  const domain = fields[name];
  if (typeof domain === "string" && domain !== "") return domain;
  const email = field === "user" ? fields["user.email"] : undefined;
  return typeof email === "string" ? email.split("@")[1] : undefined;
}

/** Looked at first: ipaddr.js makes and throws an Error for everything that is no address. */
const FOUR_PARTS =
  /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;

/** Canonical text of an IPv4 or IPv6 address (brackets, zone, v4-mapped undone), or null. */
export function canonicalIp(text: string): string | null {
  let bare = text.trim();
  if (bare.startsWith("[") && bare.endsWith("]")) bare = bare.slice(1, -1);
  if (bare.length > 64) return null;
  if (!bare.includes(":")) {
    return FOUR_PARTS.test(bare) ? bare : null;
  }
  const zone = bare.indexOf("%");
  if (zone >= 0) bare = bare.slice(0, zone);
  if (!/^[0-9a-f:.]{2,45}$/i.test(bare) || !ipaddr.IPv6.isValid(bare)) return null;
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  return address.toString();
}

/** Decimal text of "1,234", "0x1A4", "445.0"; null when it is no number. */
export function canonicalNumber(text: string): string | null {
  const bare = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
  if (/^0x[0-9a-f]{1,16}$/i.test(bare)) return BigInt(bare).toString();
  if (/^\d{16,30}$/.test(bare)) return BigInt(bare).toString();
  if (!/^-?\d{1,30}(\.\d{1,15})?$/.test(bare)) return null;
  return String(Number(bare));
}

const HIVES: [RegExp, string][] = [
  [/^(hkey_local_machine|hklm:?|\\registry\\machine)(?=\\|$)/, "hklm"],
  [/^(hkey_current_user|hkcu:?)(?=\\|$)/, "hkcu"],
  [/^(hkey_users|hku:?|\\registry\\user)(?=\\|$)/, "hku"],
  [/^(hkey_classes_root|hkcr:?)(?=\\|$)/, "hkcr"],
  [/^(hkey_current_config|hkcc:?)(?=\\|$)/, "hkcc"],
];

/** Lower-case key with the short hive name: HKEY_LOCAL_MACHINE\X and \REGISTRY\MACHINE\X are hklm\x. */
export function canonicalRegistry(text: string): string {
  const lower = squeeze(text.toLowerCase());
  for (const [pattern, short] of HIVES) {
    if (pattern.test(lower)) return lower.replace(pattern, short);
  }
  return lower;
}

/** Windows paths without case, doubled backslashes, quotes or `\\?\`; Unix paths as they are. */
export function canonicalPath(text: string): string {
  const bare = text.replace(/^["']|["']$/g, "");
  if (bare.startsWith("/")) return bare;
  return squeeze(bare.replace(/^\\+\?+\\+/, "")).toLowerCase();
}

function squeeze(text: string): string {
  return text.replace(/\\{2,}/g, "\\");
}

function canonicalHost(text: string): Canonical {
  const ip = canonicalIp(text);
  if (ip) return plain(ip);
  const bare = text.toLowerCase().replace(/^\\+/, "").replace(/[.$]$/, "");
  const dot = bare.indexOf(".");
  if (dot <= 0) return plain(bare);
  return { key: bare.slice(0, dot), qualifier: bare.slice(dot + 1) };
}

function canonicalUser(text: string, domain?: string): Canonical {
  const lower = text.toLowerCase();
  const slash = lower.lastIndexOf("\\");
  if (slash > 0 && slash < lower.length - 1) {
    return {
      key: lower.slice(slash + 1),
      qualifier: lower.slice(0, slash).replace(/(?<!\\)\\+$/, ""),
    };
  }
  const at = lower.lastIndexOf("@");
  if (at > 0) return { key: lower.slice(0, at), qualifier: lower.slice(at + 1) };
  return { key: lower, qualifier: domain ? domain.toLowerCase() : null };
}

/** CONTOSO and contoso.com name one domain; contoso.com and fabrikam.com do not. */
function sameDomain(a: string, b: string): boolean {
  if (a === b) return true;
  const bothLong = a.includes(".") && b.includes(".");
  return !bothLong && a.split(".")[0] === b.split(".")[0];
}

function plain(key: string): Canonical {
  return { key, qualifier: null };
}
