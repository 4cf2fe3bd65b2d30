import { expect, test } from "vitest";
import type { SummaryView } from "#lib/contracts/views.ts";
import { heldAfter } from "./use-held.ts";

function summary(origin: "rules" | "model", version: number, stale = false): SummaryView {
  return {
    id: `${origin}-${version}`,
    origin,
    version,
    state: "complete",
    stateReason: null,
    stale,
    staleBy: null,
    generator: "x",
    promptVersion: null,
    evidenceCount: 1,
    recordCount: 1,
    evidenceRoot: "",
    issuedAt: "2026-03-01T00:00:00.000Z",
    claims: [],
    notMentioned: [],
    sources: [],
    instructionLike: { count: 0, records: [] },
    run: null,
  };
}

test("a version that is being read stays when a newer one is issued", () => {
  const before = [summary("rules", 1)];
  expect(heldAfter(before, [summary("rules", 2)])).toBe(before);
});

test("the same version is brought up to date", () => {
  const now = [summary("rules", 1, true)];
  expect(heldAfter([summary("rules", 1)], now)).toEqual(now);
});

test("the first summary of an origin comes by itself, the other stays as it is", () => {
  const rules = summary("rules", 1);
  const model = summary("model", 1);
  expect(heldAfter([rules], [summary("rules", 2), model])).toEqual([rules, model]);
});

test("nothing moved is the very same list", () => {
  const held = [summary("rules", 1), summary("model", 1)];
  expect(heldAfter(held, [...held])).toBe(held);
});
