import { BlockList, isIPv4 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNetworks, ruleOnAddress } from "./address.ts";

const may = (address: string, allow: string[] = []): boolean =>
  ruleOnAddress(address, parseNetworks(allow)).ok;

describe("an address is refused when it is", () => {
  test.each([
    ["this machine", "127.0.0.1"],
    ["this machine, another way", "127.255.3.9"],
    ["this machine by IPv6", "::1"],
    ["this machine as IPv6 of IPv4", "::ffff:127.0.0.1"],
    ["this machine as the old IPv6 of IPv4", "::7f00:1"],
    ["this machine behind NAT64", "64:ff9b::7f00:1"],
    ["this machine in 6to4", "2002:7f00:1::"],
    ["nobody", "0.0.0.0"],
    ["nobody by IPv6", "::"],
    ["private", "10.1.2.3"],
    ["private", "172.31.255.255"],
    ["private", "192.168.0.1"],
    ["private by IPv6", "fd12:3456::1"],
    ["of the old site-local kind", "fec0::1"],
    ["a carrier's", "100.64.7.7"],
    ["link-local", "169.254.1.1"],
    ["link-local by IPv6", "fe80::1"],
    ["a metadata service", "169.254.169.254"],
    ["a metadata service as IPv6 of IPv4", "::ffff:a9fe:a9fe"],
    ["Azure's wire server", "168.63.129.16"],
    ["Alibaba's metadata service", "100.100.100.200"],
    ["Amazon's metadata service by IPv6", "fd00:ec2::254"],
    ["another of Amazon's", "fd00:ec2::23"],
    ["Google's metadata service by IPv6", "fd20:ce::254"],
    ["Scaleway's metadata service by IPv6", "fd00:42::42"],
    ["a metadata service behind NAT64", "64:ff9b::a9fe:a9fe"],
    ["multicast", "224.0.0.251"],
    ["multicast by IPv6", "ff02::fb"],
    ["broadcast", "255.255.255.255"],
    ["kept for later", "250.1.1.1"],
    ["for documentation", "192.0.2.10"],
    ["for documentation by IPv6", "2001:db8::1"],
    ["for benchmarks", "198.18.0.5"],
    ["a Teredo tunnel", "2001::1"],
    ["outside what is routed", "4000::1"],
    ["with a zone", "fe80::1%eth0"],
    ["no address", "example.com"],
    ["nothing", ""],
  ])("%s: %s %s", (_why, address) => {
    expect(may(address)).toBe(false);
  });
});

test("public addresses may be reached", () => {
  expect(
    ["8.8.8.8", "52.96.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"].filter(
      (a) => !may(a),
    ),
  ).toEqual([]);
});

test("a network of one's own may be opened, and no wider", () => {
  expect(may("10.20.0.7", ["10.20.0.0/24"])).toBe(true);
  expect(may("10.20.1.7", ["10.20.0.0/24"])).toBe(false);
  expect(may("::ffff:10.20.0.7", ["10.20.0.0/24"])).toBe(true);
  expect(may("fd12::9", ["fd12::/16", "127.0.0.0/8"])).toBe(true);
});

test("no list opens a metadata service", () => {
  const everything = ["0.0.0.0/0", "::/0"];
  for (const address of [
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "fd00:42::42",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::168.63.129.16",
    "fe80::1",
  ])
    expect(may(address, everything), address).toBe(false);
});

test("a list that is none is said at once", () => {
  expect(() => parseNetworks(["10.0.0.1"])).toThrow("10.0.0.1");
  expect(() => parseNetworks(["intranet"])).toThrow("intranet");
});

/** IANA's special-purpose registries, kept here a second time and judged by other code. */
const INNER_IPV4 = new BlockList();
const INNER_IPV6 = new BlockList();
for (const network of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
]) {
  const [net, bits] = network.split("/");
  INNER_IPV4.addSubnet(net!, Number(bits), "ipv4");
}
for (const network of ["::/3", "4000::/2", "8000::/1", "2001::/32", "2001:db8::/32", "2002::/16"]) {
  const [net, bits] = network.split("/");
  INNER_IPV6.addSubnet(net!, Number(bits), "ipv6");
}

function isInner(address: string): boolean {
  const plain = /^(?:::ffff|64:ff9b:):(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
  return isIPv4(plain) ? INNER_IPV4.check(plain, "ipv4") : INNER_IPV6.check(plain, "ipv6");
}

test("nothing that the registries keep apart is ever let through", () => {
  const byte = fc.nat(255);
  const near = fc
    .tuple(
      fc.constantFrom("10", "127", "172.16", "192.168", "169.254", "100.64"),
      fc.tuple(byte, byte, byte),
    )
    .map(([start, rest]) => [...start.split("."), ...rest].slice(0, 4).join("."));
  const addresses = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    near,
    near.map((inner) => `::ffff:${inner}`),
    near.map((inner) => `::${inner}`),
    near.map((inner) => `64:ff9b::${inner}`),
  );
  fc.assert(
    fc.property(addresses.filter(isInner), (address) => {
      expect(may(address)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
