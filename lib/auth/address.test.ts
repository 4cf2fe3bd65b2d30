import { expect, test } from "vitest";
import { addressIn, addressOf } from "./address.ts";
import { withPeer } from "./peer.ts";

test("without a proxy the peer counts, whatever the caller writes", () => {
  const headers = { "x-forwarded-for": "203.0.113.9, 198.51.100.7" };
  expect(withPeer("192.0.2.1", () => addressOf(headers))).toBe("192.0.2.1");
  expect(withPeer("::ffff:192.0.2.1", () => addressOf({}))).toBe("192.0.2.1");
});

test("without the preload nobody is believed", () => {
  expect(addressOf({ "x-forwarded-for": "203.0.113.9" })).toBe("unknown");
});

test.each([
  ["1.1.1.1, 203.0.113.9", 1, "203.0.113.9"],
  ["1.1.1.1, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"],
  ["", 1, "10.0.0.1"],
  ["<script>", 1, "unknown"],
])("behind proxies %j counts from the right (%i)", (forwarded, proxies, address) => {
  expect(addressIn(forwarded, "10.0.0.1", proxies)).toBe(address);
});
