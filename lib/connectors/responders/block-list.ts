import { createHash } from "node:crypto";
import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { parse as parseDomain } from "tldts";
import { refang } from "#lib/domain/evidence/refang.ts";

/**
 * A block list that a firewall fetches as plain text, one indicator a line. Pure: the same entries at the same time
 * give the same bytes, whatever order they come in.
 */

export type BlockEntry = {
  /** An address, a network in CIDR notation, or a domain, as the signed statement names it. */
  indicator: string;
  /** ms since 1970, finite; from then on it is left out. */
  expiresAt: number;
  /** Whose decision it is: `INC-000123`. */
  reference: string;
};

/** What the organisation must not shut itself off from: networks in CIDR notation, and domains. */
export type Protected = { networks: readonly string[]; domains: readonly string[] };

export type BlockRefusal =
  | "not_an_indicator"
  | "not_public"
  | "too_broad"
  | "protected"
  | "public_suffix";

export type Admission =
  | { ok: true; kind: "address" | "domain"; indicator: string }
  | { ok: false; why: BlockRefusal; sentence: string };

export type BlockList = {
  /** UTF-8, lines end with a line feed. */
  text: string;
  /** A strong validator (RFC 9110, 8.8.3), with its quotation marks. */
  etag: string;
  /** How many indicators stand in it. */
  count: number;
  /** Entries that may not be blocked; a later rule refuses what an earlier one took. */
  refused: { indicator: string; why: BlockRefusal }[];
  /** When the text changes by itself, ms since 1970; null: never. */
  changesAt: number | null;
};

/** Broader networks take whole providers with them. */
const PREFIX_MIN = { ipv4: 24, ipv6: 48 };
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

const SENTENCES: Record<BlockRefusal, string> = {
  not_an_indicator: "This is neither an address, nor a network, nor a domain.",
  not_public: "This is not public: blocking it would hit one's own network.",
  too_broad: "This network is too broad: at most 256 addresses, or a /48 of IPv6.",
  protected: "This is listed as one's own: it is never blocked.",
  public_suffix: "Everybody under this suffix would be blocked.",
};

/** Whether an indicator may be blocked, and how it is written in the list. */
export function admitIndicator(indicator: string, own: Protected): Admission {
  const text = refang(indicator);
  const network = networkOf(text);
  if (network) return admitNetwork(network, own);
  const domain = domainOf(text);
  if (!domain) return refusal("not_an_indicator");
  const {
    domain: registrable,
    isIcann,
    isPrivate,
  } = parseDomain(domain, {
    allowPrivateDomains: true,
  });
  if (!isIcann && !isPrivate) return refusal("not_public");
  if (registrable === null) return refusal("public_suffix");
  const isOwn = own.domains.some((one) => {
    const mine = domainOf(one.toLowerCase()) ?? "";
    return (
      mine !== "" && (domain === mine || domain.endsWith(`.${mine}`) || mine.endsWith(`.${domain}`))
    );
  });
  return isOwn ? refusal("protected") : { ok: true, kind: "domain", indicator: domain };
}

/** The list of one kind as it stands at `now` (ms since 1970). */
export function renderBlockList(
  entries: readonly BlockEntry[],
  { kind, own, now }: { kind: "address" | "domain"; own: Protected; now: number },
): BlockList {
  const refused: BlockList["refused"] = [];
  const lines = new Map<string, BlockEntry>();
  for (const entry of entries) {
    if (!(entry.expiresAt > now)) continue;
    const admission = admitIndicator(entry.indicator, own);
    if (!admission.ok) refused.push({ indicator: entry.indicator, why: admission.why });
    else if (admission.kind === kind) keepLonger(lines, admission.indicator, entry);
  }
  const sorted = [...lines].toSorted(([a], [b]) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const text = [
    `# Countersign block list: ${kind === "address" ? "addresses" : "domains"}, ${sorted.length}`,
    ...sorted.flatMap(([indicator, { expiresAt, reference }]) => [
      `# ${comment(reference)}, until ${new Date(expiresAt).toISOString()}`,
      indicator,
    ]),
    "",
  ].join("\n");
  const ends = sorted.map(([, { expiresAt }]) => expiresAt);
  return {
    text,
    etag: `"${createHash("sha256").update(text).digest("base64url")}"`,
    count: sorted.length,
    refused: refused.toSorted((a, b) => (a.indicator < b.indicator ? -1 : 1)),
    changesAt: ends.length > 0 ? Math.min(...ends) : null,
  };
}

type Network = { address: ipaddr.IPv4 | ipaddr.IPv6; bits: number };

function networkOf(text: string): Network | null {
  const [, host = "", prefix] = /^\[?([0-9a-f:.]{2,45})\]?(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  // other ways to write IPv4 mean different addresses to different readers
  const isPlain = host.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(host);
  if (!isPlain || !ipaddr.isValid(host)) return null;
  const address = ipaddr.parse(host);
  const whole = address.kind() === "ipv4" ? 32 : 128;
  const bits = prefix === undefined ? whole : Number(prefix);
  return bits <= whole ? { address, bits } : null;
}

function admitNetwork({ address, bits }: Network, own: Protected): Admission {
  const kind = address.kind();
  const isGlobal = kind === "ipv4" || (address as ipaddr.IPv6).match(...GLOBAL_IPV6);
  if (bits < PREFIX_MIN[kind]) return refusal("too_broad");
  if (address.range() !== "unicast" || !isGlobal) return refusal("not_public");
  const isOwn = own.networks.some((one) => {
    const mine = networkOf(one.toLowerCase());
    return mine !== null && overlap(mine, { address, bits });
  });
  if (isOwn) return refusal("protected");
  const base = firstOf({ address, bits });
  const isOne = bits === (kind === "ipv4" ? 32 : 128);
  return { ok: true, kind: "address", indicator: isOne ? base : `${base}/${bits}` };
}

/** Two networks overlap when the wider one holds the other's first address. */
function overlap(a: Network, b: Network): boolean {
  if (a.address.kind() !== b.address.kind()) return false;
  const bits = Math.min(a.bits, b.bits);
  return firstOf({ ...a, bits }) === firstOf({ ...b, bits });
}

function firstOf({ address, bits }: Network): string {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(Math.max(bits - index * 8, 0), 8);
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return ipaddr.fromByteArray(bytes).toString();
}

/** In ASCII (RFC 5891), without a trailing dot. */
function domainOf(text: string): string | null {
  // it reads an address and forgets what follows the host
  if (/[^\p{L}\p{M}\p{N}._-]/u.test(text)) return null;
  const ascii = domainToASCII(text.replace(/\.$/, ""));
  const isDomain =
    ascii.length <= 253 &&
    /^(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(ascii);
  return isDomain ? ascii : null;
}

function keepLonger(lines: Map<string, BlockEntry>, indicator: string, entry: BlockEntry): void {
  const before = lines.get(indicator);
  const isLater =
    !before ||
    entry.expiresAt > before.expiresAt ||
    (entry.expiresAt === before.expiresAt && entry.reference < before.reference);
  if (isLater) lines.set(indicator, entry);
}

/** Addresses by number, then width; domains by their labels from the right. */
function keyOf(indicator: string): string {
  const network = networkOf(indicator);
  if (!network) return indicator.split(".").toReversed().join(".");
  const { address, bits } = network;
  const bytes = address.toByteArray().map((byte) => byte.toString(16).padStart(2, "0"));
  return `${address.kind()} ${bytes.join("")} ${String(bits).padStart(3, "0")}`;
}

/** A line of its own, whatever it holds. */
function comment(reference: string): string {
  return reference.replace(/[^\w .-]/g, "").slice(0, 60);
}

function refusal(why: BlockRefusal): Admission {
  return { ok: false, why, sentence: SENTENCES[why] };
}
