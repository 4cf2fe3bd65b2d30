import { expect, test } from "vitest";
import { isModelAlias, mayReceive } from "#lib/domain/copilot/profile.ts";
import { presetFor, PRESETS } from "./profiles.ts";
import { evidenceBytes } from "./write-evidence.ts";

test("each preset can be told apart, fits its own window and has whole prices", () => {
  expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
  for (const { profile, label, hint } of PRESETS) {
    expect(`${label}. ${hint}`).toMatch(/\.$/);
    expect(evidenceBytes(profile)).toBe(profile.evidenceTokens * 3);
    expect(profile.outputTokens + profile.evidenceTokens).toBeLessThan(profile.windowTokens);
    for (const price of Object.values(profile.price))
      expect(Number.isSafeInteger(price)).toBe(true);
    expect(profile.idleSeconds).toBeLessThan(profile.timeoutSeconds);
  }
});

test("a name that means another model tomorrow is known", () => {
  const aliases = ["claude-sonnet-latest", "LATEST", "llama3:latest", "acme/gpt@newest"];
  expect(aliases.filter((name) => !isModelAlias(name))).toEqual([]);
  const pinned = [...PRESETS.map(({ model }) => model), "qwen3:32b", "platest", "latest-7b"];
  expect(pinned.filter(isModelAlias)).toEqual([]);
});

test("nothing remote is sent TLP:RED, or a name in the clear", () => {
  expect(PRESETS.filter(({ profile }) => mayReceive(profile, "red"))).toEqual([]);
  for (const { profile } of PRESETS.filter(({ isLocal }) => !isLocal))
    expect(profile).toMatchObject({ pseudonyms: true, accepts: "amber" });
});

test("only servers known to enforce a schema, count or cache are asked to", () => {
  const able = (id: string) => PRESETS.find((one) => one.id === id)?.profile;
  expect(able("vllm")).toMatchObject({ schema: "enforced", countsTokens: true, caches: false });
  expect(able("ollama")).toMatchObject({ schema: "prompted", countsTokens: false, caches: false });
  expect(able("llama.cpp")).toMatchObject({ schema: "prompted", countsTokens: true });
  expect(able("lm-studio")).toMatchObject({ schema: "prompted", countsTokens: false });
  const own = PRESETS.filter(({ provider }) => provider === "compatible");
  expect(own.map(({ profile }) => profile.effort)).toEqual(own.map(() => null));
});

test("settings from the environment assume nothing of an address of one's own", () => {
  const own = presetFor({ model: "fake", baseUrl: "http://127.0.0.1:1" });
  expect(own).toMatchObject({ provider: "compatible", isLocal: false });
  expect(own.profile).toMatchObject({ schema: "prompted", caches: false, effort: null });
  expect(presetFor({ model: "claude-opus-5-5", baseUrl: null })).toMatchObject({
    provider: "anthropic",
    profile: { schema: "enforced", price: { input: 4_000_000, output: 20_000_000 } },
  });
  expect(presetFor({ model: "claude-opus-5-5", baseUrl: "https://api.anthropic.com/" })).toEqual(
    presetFor({ model: "claude-opus-5-5", baseUrl: null }),
  );
  const dearest = Math.max(...PRESETS.map(({ profile }) => profile.price.output));
  const unknown = presetFor({ model: "claude-of-tomorrow", baseUrl: null });
  expect(unknown.profile.price.output).toBe(dearest);
});
