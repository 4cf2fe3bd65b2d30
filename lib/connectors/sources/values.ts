/** Reading values out of foreign JSON: nothing here trusts a type, a spelling or a placeholder. */
import { storableText } from "#lib/domain/evidence/storable.ts";
import ipaddr from "ipaddr.js";

export type Obj = Record<string, unknown>;

export function isObj(value: unknown): value is Obj {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objAt(value: unknown, path: string): Obj {
  const found = at(value, path);
  return isObj(found) ? found : {};
}

/** The objects of a list; a lone object counts as a list of one. */
export function objsAt(value: unknown, path: string): Obj[] {
  const found = at(value, path);
  if (Array.isArray(found)) return found.filter(isObj);
  return isObj(found) ? [found] : [];
}

/**
 * The value at a dotted path, through nested objects, literal dotted keys or a mix of both
 * (`{"kibana.alert.rule":{"name":..}}`). An array of one is looked into.
 */
export function at(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.length === 1 ? at(value[0], path) : undefined;
  if (!isObj(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  let dot = path.indexOf(".");
  while (dot !== -1) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(value, head)) {
      const found = at(value[head], path.slice(dot + 1));
      if (found !== undefined) return found;
    }
    dot = path.indexOf(".", dot + 1);
  }
  return undefined;
}

/** The first of several paths that holds something known. */
export function firstAt(value: unknown, ...paths: string[]): unknown {
  for (const path of paths) {
    const found = at(value, path);
    if (found !== undefined && found !== null && !(typeof found === "string" && isUnknown(found))) {
      return found;
    }
  }
  return undefined;
}

const UNKNOWN = new Set([
  "",
  "-",
  "--",
  "?",
  "n/a",
  "(empty)",
  "(none)",
  "null",
  "(null)",
  "none",
  "nil",
  "undefined",
  "unknown",
  "redacted",
  "%%1793",
  "0.0.0.0",
  "::",
  "::1",
  "fe80::",
]);
const ZERO_ID = /^[{]?0{8}-(?:0{4}-){3}0{12}[}]?$/;

/** A template nobody filled in: `{timestamp}`, `<finding_uid>`. */
const TEMPLATE = /^(?:\{[a-z_]+\}|<[a-z_ ]+>)$/i;

/** Placeholders sources write where they know nothing (formats.md 16). */
export function isUnknown(value: string): boolean {
  const short = value.trim();
  if (short.length <= 9) return UNKNOWN.has(short.toLowerCase());
  const first = short.charCodeAt(0);
  if (first !== 0x30 && first !== 0x7b && first !== 0x3c) return false;
  return short.length <= 40 && (ZERO_ID.test(short) || TEMPLATE.test(short));
}

/** The value as text that Postgres and a screen can hold, or undefined when it says nothing. */
export function text(value: unknown): string | undefined {
  if (typeof value === "string") {
    if (isUnknown(value)) return undefined;
    return storableText(value.trim());
  }
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value) && value.length === 1) return text(value[0]);
  return undefined;
}

/** A record id: text, or a number that JSON.parse could hold exactly. */
export function idText(value: unknown): string | null {
  if (typeof value === "number" && !Number.isSafeInteger(value)) return null;
  return text(value) ?? null;
}

/** A whole number: decimal, "0x1a4" as Windows writes process ids, or undefined. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const written = text(value);
  if (written === undefined || !/^(?:\d{1,15}|0x[0-9a-f]{1,12})$/i.test(written)) return undefined;
  return Number(written);
}

/** The object or list inside a string of JSON; the value itself when it already is one. */
export function embedded(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const opening = value.trimStart().charAt(0);
  if (opening !== "{" && opening !== "[") return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

/** An address without port, brackets or zone, in canonical spelling; undefined when it is none. */
export function ipText(value: unknown): string | undefined {
  const written = text(value);
  if (written === undefined || written.length > 64) return undefined;
  const bare = written
    .replace(/^\[([^\]]+)\](?::\d+)?$/, "$1")
    .replace(/^((?:\d{1,3}\.){3}\d{1,3}):\d+$/, "$1")
    .replace(/%.*$/, "");
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return isUnknown(bare) ? undefined : bare;
  if (!bare.includes(":") || !ipaddr.IPv6.isValid(bare)) return undefined;
  const canonical = ipaddr.process(bare).toString();
  return isUnknown(canonical) ? undefined : canonical;
}

/** True for an address that can tie records together: no loopback, link-local, multicast, sample. */
export function isTellingIp(ip: string): boolean {
  if (ip === "1.2.3.4") return false;
  const range = ipaddr.parse(ip).range();
  return !["unspecified", "loopback", "linkLocal", "multicast", "broadcast"].includes(range);
}

/** The last part of a Windows or Unix path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/")) + 1);
}

export type Account = { name?: string; domain?: string; sid?: string; email?: string };

/** Splits `DOMAIN\name`, `name@domain`, a SID or a bare name. */
export function account(value: unknown): Account {
  const written = text(value);
  if (written === undefined) return {};
  if (/^S-1-\d+(?:-\d+)+$/.test(written)) return { sid: written };
  const slash = written.indexOf("\\");
  if (slash !== -1) {
    return { domain: text(written.slice(0, slash)), name: text(written.slice(slash + 1)) };
  }
  const sign = written.indexOf("@");
  if (sign > 0 && !/\s/.test(written)) {
    return { name: written.slice(0, sign), domain: written.slice(sign + 1), email: written };
  }
  return { name: written };
}

/** Keys lower-cased on their first letter, so that `Id` and `id` read alike (formats.md 8). */
export function lowerFirst(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (!isObj(value)) return value;
  const out: Obj = {};
  for (const [key, inner] of Object.entries(value)) {
    out[key.charAt(0).toLowerCase() + key.slice(1)] = lowerFirst(inner);
  }
  return out;
}
