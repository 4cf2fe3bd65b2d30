import { lookup as systemLookup } from "node:dns/promises";
import { isIP } from "node:net";
import { ruleOnAddress, type Network } from "./address.ts";

export type Resolved = { address: string; family: 4 | 6 };
/** Every address of a name, as the system's resolver answers; rejects when there is none. */
export type Lookup = (host: string) => Promise<readonly Resolved[]>;

/** What may be reached beside the public internet, and by which resolver. */
export type Egress = {
  /** Networks of one's own premises, on any port. Clear text goes to loopback listed here, nowhere else. */
  allow?: readonly Network[];
  /** A private certificate authority to trust beside the public ones, PEM. */
  ca?: string;
  /** Default: the system's resolver. */
  lookup?: Lookup;
};

/** An address that was looked up and judged: connecting means connecting to one of `addresses` and nothing else. */
export type Destination =
  | { ok: true; url: URL; host: string; port: number; addresses: Resolved[] }
  | { ok: false; fault: "address" | "name" };

/**
 * The addresses behind `address` (an absolute URL), each of them judged: one bad address refuses all, since whoever
 * answers for a name could mix in an inner one. Public addresses on port 443 by https only.
 */
export async function resolveDestination(address: string, egress: Egress): Promise<Destination> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
    return { ok: false, fault: "address" };
  if (url.username || url.password || url.hash) return { ok: false, fault: "address" };
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // "example.com." is another name to a certificate and the same to a resolver
  if (host === "" || host.endsWith(".")) return { ok: false, fault: "address" };
  const addresses = await addressesOf(host, egress.lookup ?? askSystem);
  if (addresses.length === 0) return { ok: false, fault: "name" };
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  for (const { address: found } of addresses) {
    const ruling = ruleOnAddress(found, egress.allow);
    if (!ruling.ok) return { ok: false, fault: "address" };
    const isOwn = ruling.scope === "allowed";
    if (url.protocol === "http:" && !(isOwn && ruling.isLoopback))
      return { ok: false, fault: "address" };
    if (!isOwn && port !== 443) return { ok: false, fault: "address" };
  }
  return { ok: true, url, host, port, addresses };
}

/**
 * Whether a name or address leads to a metadata service or a link-local address. False for a name that has no address
 * here: who connects finds that out. Between this answer and a connection the name may come to mean another address.
 */
export async function isMetadata(host: string, lookup: Lookup = askSystem): Promise<boolean> {
  const addresses = await addressesOf(host.replace(/^\[|\]$/g, ""), lookup);
  return addresses.some(({ address }) => {
    const ruling = ruleOnAddress(address);
    return !ruling.ok && ruling.why === "metadata";
  });
}

async function addressesOf(host: string, lookup: Lookup): Promise<Resolved[]> {
  const family = isIP(host);
  if (family === 4 || family === 6) return [{ address: host, family }];
  try {
    return [...(await lookup(host))];
  } catch {
    return [];
  }
}

const askSystem: Lookup = async (host) => {
  const found = await systemLookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};
