import fc from "fast-check";
import { expect, test } from "vitest";
import { afterCheck, afterFailure, ATTEMPTS_MAX } from "./response-course.ts";

const failure = { number: 1, retryable: true, retryAfterSeconds: null, mayHaveActed: false };

test("a failure that may pass is tried again, no sooner than the system asks for", () => {
  expect(afterFailure(failure)).toEqual({ again: true, inSeconds: 5 });
  expect(afterFailure({ ...failure, retryAfterSeconds: 90 })).toEqual({
    again: true,
    inSeconds: 90,
  });
});

test("what may have acted ends as unknown, what cannot have acted as failed", () => {
  expect(afterFailure({ ...failure, retryable: false })).toEqual({
    again: false,
    outcome: "failed",
  });
  expect(afterFailure({ ...failure, retryable: false, mayHaveActed: true })).toEqual({
    again: false,
    outcome: "unknown",
  });
});

test("no run is attempted for ever", () => {
  const failures = fc.record({
    number: fc.integer({ min: ATTEMPTS_MAX, max: 50 }),
    retryable: fc.boolean(),
    retryAfterSeconds: fc.option(fc.nat(3600)),
    mayHaveActed: fc.boolean(),
  });
  fc.assert(
    fc.property(failures, (failed) => {
      expect(afterFailure(failed).again).toBe(false);
    }),
  );
});

const check = {
  outcome: "pending",
  checkAgainSeconds: null,
  isUnheard: false,
  checks: 0,
  waitedSeconds: 0,
} as const;

test("what is pending is asked about ever more rarely, and as the system asks", () => {
  const waits = [0, 1, 5, 20, 500].map((checks) => afterCheck({ ...check, checks }));
  expect(waits.map((wait) => wait.again && wait.inSeconds)).toEqual([5, 8, 38, 900, 900]);
  expect(afterCheck({ ...check, checkAgainSeconds: 60 })).toEqual({ again: true, inSeconds: 60 });
});

test("pending never becomes verified by waiting, and a final word is taken as it is", () => {
  for (const outcome of ["verified", "failed", "unknown"] as const)
    expect(afterCheck({ ...check, outcome, waitedSeconds: 1e6 })).toEqual({
      again: false,
      outcome,
    });
});

test("a system that cannot be heard is asked for a day", () => {
  const unheard = { ...check, outcome: "unknown", isUnheard: true, checkAgainSeconds: 60 } as const;
  expect(afterCheck({ ...unheard, waitedSeconds: 3600 })).toEqual({ again: true, inSeconds: 60 });
  expect(afterCheck({ ...unheard, waitedSeconds: 90_000 })).toEqual({
    again: false,
    outcome: "unknown",
  });
  expect(afterCheck({ ...unheard, checkAgainSeconds: null })).toEqual({
    again: false,
    outcome: "unknown",
  });
});
