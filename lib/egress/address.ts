import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Which addresses may be connected to. Names mean nothing here: only what they resolve to is judged. */

export type AddressRuling =
  | { ok: true; scope: "public" | "allowed"; isLoopback: boolean }
  | { ok: false; why: "metadata" | "not_public" | "no_address" };

/** A network that was read; a text that is none gets no further than `parseNetworks`. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Metadata and wire services of clouds (Azure, Alibaba, Amazon, Google, Scaleway); no list of one's own opens them. */
const METADATA = parseNetworks([
  "168.63.129.16/32",
  "100.100.100.200/32",
  "fd00:ec2::/32",
  "fd20:ce::254/128",
  "fd00:42::42/128",
]);
/** RFC 6052: an IPv4 address as an IPv6-only network writes it for its NAT64. */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
/** RFC 4291 2.4: what is routed today. Outside it stand forms that hide an IPv4 address, `::7f00:1` among them. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Networks in CIDR notation; throws with the text that is none. */
export function parseNetworks(networks: readonly string[]): Network[] {
  return networks.map((network) => {
    try {
      return ipaddr.parseCIDR(network);
    } catch {
      throw new TypeError(`not a network in CIDR notation: ${network}`);
    }
  });
}

/**
 * Whether `address` (as a resolver answers it, no brackets) may be connected to: public unicast, or inside one of
 * `allowed`. Link-local and metadata addresses never.
 */
export function ruleOnAddress(address: string, allowed: readonly Network[] = []): AddressRuling {
  const parsed = parse(address);
  if (!parsed) return { ok: false, why: "no_address" };
  const range = parsed.range();
  if (range === "linkLocal" || METADATA.some((network) => isInside(parsed, network)))
    return { ok: false, why: "metadata" };
  const isLoopback = range === "loopback";
  if (allowed.some((network) => isInside(parsed, network)))
    return { ok: true, scope: "allowed", isLoopback };
  const isGlobal = parsed.kind() === "ipv4" || isInside(parsed, GLOBAL_IPV6);
  return range === "unicast" && isGlobal
    ? { ok: true, scope: "public", isLoopback }
    : { ok: false, why: "not_public" };
}

/**
 * `::1.2.3.4` means one thing to a socket and another to ipaddr.js; a URL's form of it is read alike by both. What is
 * an IPv4 address in IPv6's clothes is that address.
 */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (isIP(address) === 0 || address.includes("%")) return null;
  const plain = address.includes(":")
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address;
  const parsed = ipaddr.process(plain);
  return isInside(parsed, NAT64) ? ipaddr.fromByteArray(parsed.toByteArray().slice(12)) : parsed;
}

function isInside(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean {
  if (address instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4)
    return address.match(network, bits);
  if (address instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6)
    return address.match(network, bits);
  return false;
}
