/** Where a model may be asked: what is refused of an address, whoever wrote it down. */

export type ModelAddress = {
  /** Null: the provider's own address. */
  baseUrl: string | null;
  /** Runs on the organisation's own premises. */
  isLocal: boolean;
};

export const READABLE_REFUSED =
  "Without https, evidence and key can be read on the way: only for your own premises.";

/**
 * Metadata services of clouds, beside those at link-local addresses: said early, to whoever writes one down. What a name
 * leads to is asked when it is connected to.
 */
const METADATA_HOSTS = new Set([
  "fd00:ec2::254",
  "fd20:ce::254",
  "fd00:42::42",
  "100.100.100.200",
  "168.63.129.16",
]);

/** Why a model at this address is not asked, in a sentence that repeats nothing of it; null when it may be. */
export function refusedAddress({ baseUrl, isLocal }: ModelAddress): string | null {
  if (baseUrl === null) return null;
  return addressFault(baseUrl) ?? (!isLocal && isReadable(baseUrl) ? READABLE_REFUSED : null);
}

/** What is wrong with an address as such; null when nothing is. */
export function addressFault(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
    return "Write an address such as https://models.example or http://127.0.0.1:8000.";
  if (url.username || url.password)
    return "Leave name and password out; the key has its own field.";
  if (url.search || url.hash) return "Leave out what follows ? and #.";
  if (isMetadata(hostOf(url))) return "This is a cloud's own metadata service, not a model.";
  return null;
}

/** Evidence and key would cross a network in clear text. */
export function isReadable(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url) return false;
  const host = hostOf(url);
  // a name may begin with 127 too
  const staysHere = host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
  return url.protocol === "http:" && !staysHere;
}

/** `metadata.google.internal` and its like go by their first label. */
function isMetadata(host: string): boolean {
  const bare = inIpv4(host);
  return METADATA_HOSTS.has(bare) || /^169\.254\.|^fe[89ab][0-9a-f]:|^metadata(\.|$)/.test(bare);
}

/** An IPv4 address that is written as an IPv6 one, as itself; any other host unchanged. */
function inIpv4(host: string): string {
  const halves = /^(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host)?.slice(1);
  if (!halves) return host;
  return halves
    .map((half) => Number.parseInt(half, 16))
    .flatMap((half) => [half >> 8, half & 0xff])
    .join(".");
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}
