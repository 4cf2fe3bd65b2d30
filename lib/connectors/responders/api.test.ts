import { describe, expect, test } from "vitest";
import { addressOf, baseUrl, vendorText } from "./api.ts";

const BASE = baseUrl("https://api.vendor.example/v1/");

describe("an address below the base", () => {
  test.each([
    [["users", "j.doe@corp.example"], "https://api.vendor.example/v1/users/j.doe%40corp.example"],
    [["users", "a/b?c#d"], "https://api.vendor.example/v1/users/a%2Fb%3Fc%23d"],
    [["users", "//evil.example"], "https://api.vendor.example/v1/users/%2F%2Fevil.example"],
    [["users", "\ud800"], "https://api.vendor.example/v1/users/%EF%BF%BD"],
  ])("%j is one", (path, address) => {
    expect(addressOf(BASE, path)).toBe(address);
  });

  test.each([
    [["users", ".."]],
    [["users", "."]],
    [["..", "token"]],
    [["users", "%2e%2e"].map(decodeURIComponent)],
  ])("%j is none", (path) => {
    expect(addressOf(BASE, path)).toBeNull();
  });

  test("has its query written as any reader reads it", () => {
    expect(addressOf(BASE, ["users"], { $filter: "a eq 'b+c'" })).toBe(
      "https://api.vendor.example/v1/users?%24filter=a%20eq%20%27b%2Bc%27",
    );
  });
});

test.each(["vendor.example", "https://u:p@vendor.example", "https://vendor.example/?a=b", ""])(
  "%s is no base",
  (address) => {
    expect(() => baseUrl(address)).toThrow(TypeError);
  },
);

test("a vendor's text is cut, and shows what hides", () => {
  expect(vendorText("a\u0000b\u202ec")).toBe("a\u27e8U+0000\u27e9b\u27e8U+202E\u27e9c");
  expect(vendorText("x".repeat(5000))).toHaveLength(200);
});
