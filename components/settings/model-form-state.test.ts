import { describe, expect, test } from "vitest";
import type { ModelProfile } from "#lib/domain/copilot/profile.ts";
import { formOf, readForm } from "./model-form-state.ts";
import type { ModelForm } from "./model-form-state.ts";

const profile: ModelProfile = {
  schema: "prompted",
  countsTokens: false,
  caches: false,
  effort: null,
  windowTokens: 32_768,
  outputTokens: 6_000,
  evidenceTokens: 16_000,
  concurrency: 1,
  timeoutSeconds: 900,
  idleSeconds: 300,
  price: { input: 0, output: 37_500, cacheRead: 0, cacheWrite: 0 },
  accepts: "amber_strict",
  pseudonyms: false,
  repairs: true,
};
const begin = {
  name: "on-prem",
  provider: "compatible" as const,
  model: "qwen-9",
  baseUrl: "http://10.0.0.5:8000",
  isLocal: true,
  profile,
};
const errorsOf = (change: Partial<ModelForm>) => {
  const read = readForm({ ...formOf(begin), ...change });
  return read.ok ? [] : Object.keys(read.errors);
};

describe("the form of a model", () => {
  test("gives back what it was made of, and no key", () => {
    expect(readForm(formOf(begin))).toEqual({
      ok: true,
      input: { ...begin, apiKey: null },
    });
  });

  test("reads a key, numbers with commas and prices in dollars", () => {
    const read = readForm({
      ...formOf(begin),
      apiKey: " sk-12345678 ",
      windowTokens: "1,000,000",
      input: "$2.50",
    });
    expect(read).toMatchObject({
      ok: true,
      input: {
        apiKey: "sk-12345678",
        profile: { windowTokens: 1_000_000, price: { input: 2_500_000 } },
      },
    });
  });

  test.each<[string, Partial<ModelForm>, string]>([
    ["no name", { name: "" }, "name"],
    ["a name with capitals", { name: "On Prem" }, "name"],
    ["no model", { model: " " }, "model"],
    ["an alias that moves", { model: "claude-sonnet-latest" }, "model"],
    ["no address", { baseUrl: "" }, "baseUrl"],
    ["an address of no web server", { baseUrl: "file:///etc/passwd" }, "baseUrl"],
    ["a password in the address", { baseUrl: "http://a:b@10.0.0.5" }, "baseUrl"],
    ["a cloud's metadata service", { baseUrl: "http://169.254.169.254/" }, "baseUrl"],
    ["clear text to elsewhere", { isLocal: false }, "baseUrl"],
    ["TLP:RED to elsewhere", { isLocal: false, accepts: "red" }, "profile.accepts"],
    [
      "a provider's own address on one's premises",
      { provider: "anthropic", baseUrl: "" },
      "isLocal",
    ],
    ["the provider without a key", { provider: "anthropic" }, "apiKey"],
    ["a key with a line break", { apiKey: "sk-1234\n5678" }, "apiKey"],
    ["half a token", { windowTokens: "32768.5" }, "profile.windowTokens"],
    ["evidence larger than the window", { evidenceTokens: "30000" }, "profile.evidenceTokens"],
    ["more silence than time", { idleSeconds: "600", timeoutSeconds: "60" }, "profile.idleSeconds"],
    ["a price in words", { input: "cheap" }, "profile.price.input"],
  ])("refuses %s at its field", (_, change, field) => {
    expect(errorsOf(change)).toContain(field);
  });

  test("tells of an address that cannot be beside a number that is none", () => {
    expect(errorsOf({ baseUrl: "http://169.254.169.254/", windowTokens: "a lot" })).toEqual([
      "baseUrl",
      "profile.windowTokens",
    ]);
  });

  test("takes clear text to this very machine", () => {
    expect(
      errorsOf({ isLocal: false, accepts: "amber", baseUrl: "http://127.0.0.1:4000" }),
    ).toEqual([]);
  });
});
