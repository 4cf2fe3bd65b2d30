import { describe, expect, test } from "vitest";
import { RUN_FAULTS, RUN_STATES } from "#lib/domain/copilot/run.ts";
import { endWords, leftOutWords, waitingWords } from "./run-words.ts";

describe("a run that waits", () => {
  test.each([
    [null, null, "It waits."],
    [0, null, "It is next."],
    [1, null, "One run is before it."],
    [1200, "The day's budget is spent.", "1,200 runs are before it. The day's budget is spent."],
  ])("with %s before it, waiting for %s, says: %s %s", (ahead, waitsFor, words) => {
    expect(waitingWords({ ahead, waitsFor })).toBe(words);
  });
});

describe("a run that ended", () => {
  test("whole says nothing", () => {
    expect(endWords({ state: "finished", error: null, fault: null })).toBeNull();
  });

  test("in any other way says what happened", () => {
    for (const state of RUN_STATES.filter(
      (each) => !["queued", "streaming", "finished"].includes(each),
    )) {
      expect(endWords({ state, error: null, fault: null })?.what).toMatch(/^[A-Z].*\.$/);
    }
  });

  test.each(RUN_FAULTS)("by the fault %s says what to do", (fault) => {
    expect(endWords({ state: "failed", error: "It broke.", fault })).toEqual({
      what: "It broke.",
      remedy: expect.stringMatching(/^[A-Z].*\.$/) as unknown,
    });
  });
});

describe("what the model was not shown", () => {
  test.each([
    [{ alerts: 0, events: 0, withheld: 0 }, null],
    [
      { alerts: 1, events: 1200, withheld: 0 },
      "The model was not shown 1 alert and 1,200 events for want of room.",
    ],
    [
      { alerts: 0, events: 2, withheld: 3 },
      "The model was not shown 2 events for want of room, nor 3 records too sensitive for it.",
    ],
    [
      { alerts: 0, events: 0, withheld: 1 },
      "The model was not shown 1 record too sensitive for it.",
    ],
  ])("%o", (left, words) => {
    expect(leftOutWords(left)).toBe(words);
  });
});
