import { fieldValues } from "#lib/domain/evidence/fields.ts";
import type { FieldName, Fields } from "#lib/domain/evidence/fields.ts";
import type { Observable, ObservableType } from "#lib/domain/evidence/record.ts";
import { baseName, ipText, isTellingIp, isUnknown } from "./values.ts";

/** Fields whose values tie records together, and as what. */
const OBSERVED: [FieldName, ObservableType][] = [
  ["host", "host"],
  ["source.host", "host"],
  ["destination.host", "domain"],
  ["user", "user"],
  ["target.user", "user"],
  ["user.sid", "sid"],
  ["target.user.sid", "sid"],
  ["user.email", "email"],
  ["email.from", "email"],
  ["email.to", "email"],
  ["email.cc", "email"],
  ["email.reply_to", "email"],
  ["host.ip", "ip"],
  ["source.ip", "ip"],
  ["destination.ip", "ip"],
  ["dns.question", "domain"],
  ["url.domain", "domain"],
  ["url.full", "url"],
  ["hash.md5", "hash"],
  ["hash.sha1", "hash"],
  ["hash.sha256", "hash"],
  ["file.path", "file"],
  ["process.name", "process"],
  ["parent.name", "process"],
  ["target.process", "process"],
  ["registry.key", "registry"],
  ["cloud.arn", "cloud"],
  ["cloud.resource", "cloud"],
];

/** The observables of one record in canonical form; placeholders and system accounts left out. */
export class Sightings {
  readonly #found = new Map<string, Observable>();

  see(type: ObservableType, value: unknown): void {
    if (typeof value !== "string" && typeof value !== "number") return;
    const canonical = CANONICAL[type](String(value).trim());
    if (canonical === null) return;
    if (typeof canonical === "object") this.#keep(canonical);
    else if (!isUnknown(canonical)) this.#keep({ type, value: canonical });
  }

  seeFields(fields: Fields): void {
    for (const [name, type] of OBSERVED) {
      const value = fields[name];
      if (value === undefined) continue;
      if (typeof value === "string") this.see(type, value);
      else for (const one of fieldValues(fields, name)) this.see(type, one);
    }
  }

  list(): Observable[] {
    return [...this.#found.values()];
  }

  #keep(observable: Observable): void {
    if (observable.value.length > 1_024) return;
    this.#found.set(`${observable.type}:${observable.value}`, observable);
  }
}

/** Null: not telling. An object: it turned out to be of another type. */
const CANONICAL: Record<ObservableType, (value: string) => string | Observable | null> = {
  host: canonicalHost,
  user: canonicalUser,
  ip: canonicalIp,
  domain: canonicalDomain,
  url: (value) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : null),
  hash: canonicalHash,
  email: canonicalEmail,
  file: (value) => (value.length > 3 ? value.toLowerCase() : null),
  process: canonicalProcess,
  registry: (value) => value.toLowerCase(),
  cloud: (value) => (value.startsWith("GeneratedFinding") ? null : value),
  sid: (value) => (/^S-1-(?:5-21|12-1)-[\d-]+$/.test(value) ? value : null),
};

/** The hashes of nothing: every empty file has them. */
const EMPTY_FILE = new Set([
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]);

function canonicalHash(value: string): string | null {
  const hash = value.toLowerCase();
  return /^[0-9a-f]{32,128}$/.test(hash) && !EMPTY_FILE.has(hash) ? hash : null;
}

const ADDRESS_LIKE = /^\d{1,3}\.\d{1,3}\.|:/;

/** The short name in lower case, so that WS6 and WS6.corp.example are one host. */
function canonicalHost(value: string): string | Observable | null {
  if (ADDRESS_LIKE.test(value)) {
    const ip = ipText(value);
    if (ip) return isTellingIp(ip) ? { type: "ip", value: ip } : null;
  }
  const short = value.split(".", 1)[0]?.toLowerCase() ?? "";
  if (short === "" || short === "localhost" || short.startsWith("generatedfinding")) return null;
  return short;
}

const SYSTEM_ACCOUNTS = new Set([
  "system",
  "local service",
  "network service",
  "localservice",
  "networkservice",
  "anonymous logon",
  "anonymous",
  "nt authority",
]);

/** The account name in lower case; machine, service and window-manager accounts tie nothing. */
function canonicalUser(value: string): string | null {
  const { name } = splitAccount(value);
  const user = name.toLowerCase();
  if (user === "" || user.endsWith("$") || SYSTEM_ACCOUNTS.has(user)) return null;
  if (/^(?:dwm|umfd)-\d+$/.test(user) || user.startsWith("generatedfinding")) return null;
  if (user.startsWith("s-1-")) return null;
  return user;
}

function splitAccount(value: string): { name: string } {
  const afterSlash = value.slice(value.lastIndexOf("\\") + 1);
  const sign = afterSlash.indexOf("@");
  return { name: sign > 0 ? afterSlash.slice(0, sign) : afterSlash };
}

function canonicalIp(value: string): string | null {
  const ip = ipText(value);
  return ip && isTellingIp(ip) ? ip : null;
}

function canonicalDomain(value: string): string | Observable | null {
  const domain = value.toLowerCase().replace(/\.$/, "");
  if (ADDRESS_LIKE.test(domain)) {
    const ip = ipText(domain);
    if (ip) return isTellingIp(ip) ? { type: "ip", value: ip } : null;
  }
  if (!domain.includes(".") || domain.endsWith(".arpa")) return null;
  return /^[^\s/\\:]+$/.test(domain) ? domain : null;
}

function canonicalEmail(value: string): string | null {
  const bare = /<([^<>\s]+@[^<>\s]+)>/.exec(value)?.[1] ?? value;
  return /^[^\s@]+@[^\s@]+$/.test(bare) ? bare.toLowerCase() : null;
}

function canonicalProcess(value: string): string | null {
  const name = baseName(value).toLowerCase();
  return name === "" ? null : name;
}
