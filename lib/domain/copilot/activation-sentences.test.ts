import { describe, expect, test } from "vitest";
import { flat } from "#lib/domain/testing-sentence.ts";
import { activationSentences } from "./activation-sentences.ts";

const facts = {
  config: { name: "on-prem", version: 2, model: "qwen-9", sha256: "ab".repeat(32) },
  evaluation: { id: "e-1", startedAt: "2026-03-01T02:14:07.000Z" },
};
const statement = {
  act: "activate_model",
  config: "ab".repeat(32),
  evaluation: "e-1",
  previous: null,
  prompts: { answer: 1, summarise: 3 },
  reason: "It reads our logs well.",
  v: 1,
};
const sentences = (change: object = {}) =>
  activationSentences(JSON.stringify({ ...statement, ...change }), facts);

describe("the statement of an activation", () => {
  test("says what is put in force, with which prompts and why", () => {
    const words = sentences()!.map(flat).join("\n");
    expect(words).toContain("‹on-prem› version 2 (‹qwen-9›) is put in force.");
    expect(words).toContain("answer 1, summarise 3");
    expect(words).toContain("2026-03-01 02:14 UTC");
    expect(words).toContain("first model");
    expect(words).toContain("Reason: ‹It reads our logs well.›");
  });

  test("says that it follows another one", () => {
    expect(sentences({ previous: "a-1" })!.map(flat).join("\n")).toContain("takes the place");
  });

  test.each([
    ["another configuration", { config: "cd".repeat(32) }],
    ["another evaluation", { evaluation: "e-2" }],
    ["another act", { act: "stop_model" }],
    ["no reason", { reason: 7 }],
  ])("of %s is not put into words", (_, change) => {
    expect(sentences(change)).toBeNull();
  });

  test.each(["", "null", "[]", "{"])("%j is none", (text) => {
    expect(activationSentences(text, facts)).toBeNull();
  });
});
