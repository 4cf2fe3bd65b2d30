import { describe, expect, test } from "vitest";
import { dollars, dollarText, microOf, shareWords, whereWords } from "./model-words.ts";

describe("amounts of money", () => {
  test.each([
    ["2", 2_000_000],
    [" $0.10 ", 100_000],
    ["1,000", 1_000_000_000],
    [".5", 500_000],
    ["0.000001", 1],
  ])("%j is read", (text, micro) => {
    expect(microOf(text)).toBe(micro);
  });

  test.each(["", "-1", "1e3", "0x10", "1.0000001", "two", ".", "1 2"])("%j is none", (text) => {
    expect(microOf(text)).toBeNull();
  });

  test.each([
    [0, "$0.00"],
    [2_000_000, "$2.00"],
    [37_500, "$0.0375"],
    [1_234_500_000, "$1,234.50"],
    [1, "$0.000001"],
  ])("%d is %s", (micro, words) => {
    expect(dollars(micro)).toBe(words);
  });

  test("what is shown for typing is read back as the same amount", () => {
    for (const micro of [0, 1, 37_500, 100_000, 2_000_000, 1_000_000_000_000])
      expect(microOf(dollarText(micro))).toBe(micro);
  });
});

test.each([
  [0, "0 %"],
  [0.9, "90 %"],
  [0.034, "3.4 %"],
  [1, "100 %"],
])("a share of %d is %s", (share, words) => {
  expect(shareWords(share)).toBe(words);
});

test("where evidence goes names the server, and says when it stays", () => {
  expect(whereWords({ provider: "anthropic", baseUrl: null, isLocal: false })).toBe(
    "Anthropic's own address",
  );
  expect(
    whereWords({ provider: "compatible", baseUrl: "http://10.0.0.5:8000/v1", isLocal: true }),
  ).toBe("on your premises, 10.0.0.5:8000");
});
