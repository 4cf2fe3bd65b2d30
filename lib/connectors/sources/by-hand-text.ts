import type { Sightings } from "./observables.ts";

const LINK = /\bhttps?:\/\/[^\s"'<>()[\]{}\\^`|]{3,1000}/gi;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;
const DIGEST = /(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])/gi;
const ADDRESS = /(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,5}/gi;
const FOUND_MAX = 100;

/** The links of a text, as they are written there, each once. */
export function linksIn(text: string): string[] {
  return found(text, LINK).map((link) => link.replace(/[.,;:!?]+$/, ""));
}

/** What a text names that can be looked for elsewhere: links and their hosts, addresses, digests. */
export function seeText(seen: Sightings, text: string): void {
  for (const link of linksIn(text)) seeLink(seen, link);
  for (const ip of found(text, IPV4)) seen.see("ip", ip);
  for (const digest of found(text, DIGEST)) seen.see("hash", digest);
  for (const address of found(text, ADDRESS)) seen.see("email", address);
}

export function seeLink(seen: Sightings, link: string): void {
  seen.see("url", link);
  const host = hostOf(link);
  if (host !== null) seen.see("domain", host);
}

/** Null when it cannot be read as an address. */
export function hostOf(link: string): string | null {
  try {
    return new URL(link).hostname || null;
  } catch {
    return null;
  }
}

function found(text: string, pattern: RegExp): string[] {
  const all = new Set<string>();
  for (const [one] of text.matchAll(pattern)) {
    all.add(one);
    if (all.size === FOUND_MAX) break;
  }
  return [...all];
}

/** Lower-case hex. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Buffer.from(digest).toString("hex");
}
