import { canonicalIp } from "#lib/grounding/values.ts";
import { foldCase } from "./needles.ts";
import { isPlainName } from "./plain-names.ts";
import type { PseudonymKind } from "./tokens.ts";

/** One spelling of somebody or something; equal `kind` and `key` are the same one. */
export type Identity = { kind: PseudonymKind; key: string; text: string };

export type Placed = Identity & { start: number; end: number };

const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/g;
const IPV6 =
  /(?<![\w:.])[0-9a-f:]{2,39}(?:(?<=:\d{1,3})(?:\.\d{1,3}){3})?(?:%[\w.-]{1,16})?(?![\w:]|\.\d)/gi;
const MAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}(?![\p{L}\p{N}])/gu;
/** The part all accounts of a domain share; what follows it, the number of the account, stays. */
const SID = /(?<![\w-])S-1-(?:5-21(?:-\d{1,10}){3}|12-1(?:-\d{1,10}){4})(?!\d)/gi;
const HOMES = [
  /\\Users\\{1,4}((?:[^\\/"'<>|:*?\s]{1,32} ){0,3}[^\\/"'<>|:*?\s]{1,64})(?=\\)/gi,
  /(?:\\(?:Users|Documents and Settings)\\{1,4}|(?<![\w.-])\/(?:home|Users)\/)([^\\/"'<>|:*?\s,;)]{1,64})/gi,
];

/** Addresses, mailboxes, security identifiers and owners of home folders, by their form, from left to right. */
export function identitiesIn(text: string): Placed[] {
  const found: Placed[] = [];
  const add = (identity: Identity | null, start: number) => {
    if (identity) found.push({ ...identity, start, end: start + identity.text.length });
  };
  if (text.includes(".")) {
    for (const { index, 0: ip } of text.matchAll(IPV4)) add(ipIdentity(ip), index);
  }
  if (mayHoldIpv6(text)) {
    for (const { index, 0: ip } of text.matchAll(IPV6)) add(ipIdentity(ip), index);
  }
  if (text.includes("@")) {
    for (const { index, 0: mail } of text.matchAll(MAIL))
      add({ kind: "mail", key: foldCase(mail), text: mail }, index);
  }
  if (text.includes("-1-")) {
    for (const { index, 0: sid } of text.matchAll(SID))
      add({ kind: "sid", key: sid.toUpperCase(), text: sid }, index);
  }
  for (const regex of HOMES) {
    for (const { index, 0: whole, 1: user = "" } of text.matchAll(regex)) {
      if (isPlainName(foldCase(user)) || user.length < 2) continue;
      add({ kind: "user", key: foldCase(user), text: user }, index + whole.length - user.length);
    }
  }
  return found;
}

/** Two colons together, or seven with at most four characters between them. */
function mayHoldIpv6(text: string): boolean {
  let run = 0;
  let before = -9;
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) {
    run = at - before <= 5 ? run + 1 : 1;
    if (at - before === 1 || run >= 7) return true;
    before = at;
  }
  return false;
}

/** An address that is somebody's; null for none and for those that are everybody's. */
export function ipIdentity(text: string): Identity | null {
  if (!/^[\d.]{7,15}$/.test(text) && !/^[0-9a-f:.]{2,45}(?:%[\w.-]{1,16})?$/i.test(text))
    return null;
  const key = canonicalIp(text);
  if (key === null || isEverybodys(key)) return null;
  return { kind: isPrivate(key) ? "ip" : "public_ip", key, text };
}

function isEverybodys(ip: string): boolean {
  return /^(?:127\.|0\.|2(?:2[4-9]|3\d)\.|255\.|169\.254\.169\.254$)|^::1?$|^ff/i.test(ip);
}

function isPrivate(ip: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^f[cd]|^fe[89ab]/i.test(
    ip,
  );
}
