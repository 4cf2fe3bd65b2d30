import { expect, test } from "vitest";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import { endsToTell, watchedAfter } from "./use-watched.ts";

function run(id: string, state: RunRow["state"] = "streaming"): RunRow {
  const none = { incident: null, config: null, askedBy: null, question: null, costMicro: null };
  const unknown = { error: null, fault: null, ahead: null, waitsFor: null, finishedAt: null };
  const at = "2026-03-01T00:00:00.000Z";
  const times = { queuedAt: at, startedAt: at };
  return { id, kind: "summary", state, model: "m-1", ...none, ...unknown, ...times };
}

function issuedFrom(id: string) {
  return { run: { id, costMicro: null, latencyMs: null, leftOut: null, repairOf: null } };
}

test("a run that is no longer open stays, and the next comes under it", () => {
  const first = run("summary");
  const second = run("repair", "queued");
  expect(watchedAfter([first], [second])).toEqual([first, second]);
});

test("a run is shown as it is now, and nothing moves when nothing did", () => {
  const before = [run("summary", "queued")];
  const now = run("summary");
  expect(watchedAfter(before, [now])).toEqual([now]);
  expect(watchedAfter(before, before)).toBe(before);
});

test("a repair that fails does not hide the summary before it; one that is issued takes its place", () => {
  const both = [run("summary"), run("repair")];
  expect(endsToTell(both, [{ run: null }, issuedFrom("summary")])).toEqual(both);
  expect(endsToTell(both, [issuedFrom("repair")])).toEqual([both[1]]);
  expect(endsToTell(both, [])).toEqual([both[1]]);
  expect(endsToTell([], [])).toEqual([]);
});
