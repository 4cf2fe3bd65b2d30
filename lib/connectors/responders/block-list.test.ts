import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitIndicator, renderBlockList, type BlockEntry, type Protected } from "./block-list.ts";

const NOW = Date.UTC(2026, 2, 1, 2, 30);
const HOUR = 3600_000;
const OWN: Protected = {
  networks: ["52.96.0.0/14", "9.9.9.9", "2620:fe::/48"],
  domains: ["corp.example.com", "partner.test.org"],
};

const entry = (indicator: string, over: Partial<BlockEntry> = {}): BlockEntry => ({
  indicator,
  expiresAt: NOW + HOUR,
  reference: "INC-000123",
  ...over,
});

const render = (
  entries: readonly BlockEntry[],
  kind: "address" | "domain" = "address",
  now = NOW,
) => renderBlockList(entries, { kind, own: OWN, now });

describe("an indicator is admitted as", () => {
  test.each([
    ["8.8.8.8", "8.8.8.8"],
    [" 8.8[.]8[.]8 ", "8.8.8.8"],
    ["8.8.8.8/32", "8.8.8.8"],
    ["8.8.8.77/24", "8.8.8.0/24"],
    ["2606:4700:0:0::1111", "2606:4700::1111"],
    ["2606:4700:1:2::/48", "2606:4700:1::/48"],
    ["Evil.Example.NET.", "evil.example.net"],
    ["b\u00fccher.de", "xn--bcher-kva.de"],
    ["evil.github.io", "evil.github.io"],
  ])("%s: %s", (given, indicator) => {
    expect(admitIndicator(given, OWN)).toMatchObject({ ok: true, indicator });
  });
});

describe("an indicator is refused:", () => {
  test.each([
    ["10.0.0.7", "not_public"],
    ["127.0.0.1", "not_public"],
    ["169.254.169.254", "not_public"],
    ["100.64.3.2", "not_public"],
    ["224.0.0.1", "not_public"],
    ["0.0.0.0", "not_public"],
    ["::1", "not_public"],
    ["::ffff:8.8.8.8", "not_public"],
    ["fd12::1", "not_public"],
    ["2001:db8::1", "not_public"],
    ["dc01.corp.local", "not_public"],
    ["0.0.0.0/0", "too_broad"],
    ["::/0", "too_broad"],
    ["8.0.0.0/8", "too_broad"],
    ["8.8.8.0/23", "too_broad"],
    ["2606:4700::/47", "too_broad"],
    ["52.97.1.1", "protected"],
    ["9.9.9.0/24", "protected"],
    ["2620:fe::9", "protected"],
    ["corp.example.com", "protected"],
    ["mail.corp.example.com", "protected"],
    ["example.com", "protected"],
    ["com", "not_an_indicator"],
    ["co.uk", "public_suffix"],
    ["github.io", "public_suffix"],
    ["8.8.8.8/33", "not_an_indicator"],
    ["0x08.8.8.8", "not_an_indicator"],
    ["134744072", "not_an_indicator"],
    ["evil.example.net/path", "not_an_indicator"],
    ["two words.com", "not_an_indicator"],
    ["8.8.8.8\n0.0.0.0/0", "not_an_indicator"],
    ["", "not_an_indicator"],
  ])("%s is %s", (given, why) => {
    const admission = admitIndicator(given, OWN);
    expect(admission).toMatchObject({
      ok: false,
      why,
      sentence: expect.stringMatching(/^[A-Z].*\.$/) as string,
    });
  });
});

test("the list is plain text, sorted, one indicator a line, with its reason and end", () => {
  const list = render([
    entry("91.1.1.1", { reference: "INC-000124" }),
    entry("8.8.8.0/24"),
    entry("8.8.8.8"),
    entry("2606:4700::1111"),
    entry("evil.example.net"),
  ]);
  expect(list.text).toBe(
    [
      "# Countersign block list: addresses, 4",
      "# INC-000123, until 2026-03-01T03:30:00.000Z",
      "8.8.8.0/24",
      "# INC-000123, until 2026-03-01T03:30:00.000Z",
      "8.8.8.8",
      "# INC-000124, until 2026-03-01T03:30:00.000Z",
      "91.1.1.1",
      "# INC-000123, until 2026-03-01T03:30:00.000Z",
      "2606:4700::1111",
      "",
    ].join("\n"),
  );
  expect(list).toMatchObject({ count: 4, refused: [], changesAt: NOW + HOUR });
  expect(render([entry("evil.example.net"), entry("8.8.8.8")], "domain").text).toContain(
    "\nevil.example.net\n",
  );
});

test("an entry leaves at its end, and the tag changes then and not before", () => {
  const entries = [entry("8.8.8.8"), entry("91.1.1.1", { expiresAt: NOW + 2 * HOUR })];
  const first = render(entries);
  expect(render(entries, "address", NOW + HOUR - 1).etag).toBe(first.etag);
  const later = render(entries, "address", NOW + HOUR);
  expect(later.etag).not.toBe(first.etag);
  expect(later).toMatchObject({ count: 1, changesAt: NOW + 2 * HOUR });
  expect(render(entries, "address", NOW + 2 * HOUR)).toMatchObject({ count: 0, changesAt: null });
  expect(first.etag).toMatch(/^"[\w-]{43}"$/);
});

test("of two entries for one indicator the longer one stands", () => {
  const longer = entry("8.8.8.8/32", { expiresAt: NOW + 5 * HOUR, reference: "INC-000999" });
  const list = render([entry("8.8.8.8"), longer, entry("8.8[.]8.8")]);
  expect(list.count).toBe(1);
  expect(list.text).toContain("INC-000999, until 2026-03-01T07:30:00.000Z\n8.8.8.8\n");
});

test("what may not be blocked is left out and told", () => {
  const list = render([entry("52.97.1.1"), entry("10.0.0.1"), entry("8.8.8.8")]);
  expect(list.count).toBe(1);
  expect(list.refused).toEqual([
    { indicator: "10.0.0.1", why: "not_public" },
    { indicator: "52.97.1.1", why: "protected" },
  ]);
});

test("nothing that is handed in makes a line that is no admitted indicator, whatever its order", () => {
  const indicators = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.tuple(fc.ipV4(), fc.nat(40)).map(([address, bits]) => `${address}/${bits}`),
    fc.constantFrom("0.0.0.0/0", "8.8.8.8\n0.0.0.0/0", "8.8.8.8#", "::/0"),
  );
  const entries = fc.array(
    fc.record({
      indicator: indicators,
      expiresAt: fc.constantFrom(NOW - 1, NOW + HOUR, NOW + 2 * HOUR),
      reference: fc.string({ unit: "binary" }),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(entries, fc.constantFrom("address" as const, "domain" as const), (given, kind) => {
      const list = render(given, kind);
      expect(render(given.toReversed(), kind)).toEqual(list);
      const lines = list.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      expect(lines).toHaveLength(list.count);
      for (const line of lines)
        expect(admitIndicator(line, OWN)).toMatchObject({ ok: true, kind, indicator: line });
    }),
    { numRuns: 500 },
  );
});
