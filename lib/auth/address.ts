import { proxyCount } from "#lib/env.ts";
import { peerAddress } from "./peer.ts";

const UNKNOWN = "unknown";
const ADDRESS = /^[0-9a-f:.%a-z]{2,64}$/i;

/**
 * The caller's address: the peer of the connection, or behind `COUNTERSIGN_PROXIES` reverse proxies the entry of
 * X-Forwarded-For that the outermost of them wrote. Every entry before that is whatever the caller wrote. "unknown"
 * when the server was not started by `npm start`: Next itself passes on what the caller claims.
 */
export function addressOf(headers: Record<string, string | string[] | undefined>): string {
  const peer = peerAddress();
  if (peer === null) return UNKNOWN;
  const forwarded = headers["x-forwarded-for"];
  const text = Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "");
  return addressIn(text, peer, proxyCount());
}

export function addressIn(forwarded: string, peer: string, proxies: number): string {
  const hops = forwarded
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== peer);
  const found = proxies === 0 ? peer : (hops.at(-proxies) ?? peer);
  const plain = found.replace(/^::ffff:(?=\d+\.)/i, "");
  return ADDRESS.test(plain) ? plain.toLowerCase() : UNKNOWN;
}
