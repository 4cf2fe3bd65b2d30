/** How a response run goes on after an attempt or a check. Seconds throughout. */

/** Between the attempts at one run: five in all, within a quarter of an hour. */
const WAITS = [5, 30, 120, 600] as const;
export const ATTEMPTS_MAX = WAITS.length + 1;

const CHECK_SECONDS = { first: 5, last: 900, growth: 1.5 } as const;
/** A system that cannot be asked is asked no longer than this. */
const UNHEARD_SECONDS = 24 * 3600;

export type FailedAttempt = {
  /** 1, 2, ... */
  number: number;
  retryable: boolean;
  retryAfterSeconds: number | null;
  /** This attempt or an earlier one of the run. */
  mayHaveActed: boolean;
};

export type AfterFailure =
  | { again: true; inSeconds: number }
  | { again: false; outcome: "failed" | "unknown" };

/** Once more, if that makes sense and there are attempts left; what may have acted did not simply fail. */
export function afterFailure({
  number,
  retryable,
  retryAfterSeconds,
  mayHaveActed,
}: FailedAttempt): AfterFailure {
  const wait = WAITS[number - 1];
  if (retryable && wait !== undefined)
    return { again: true, inSeconds: Math.max(wait, retryAfterSeconds ?? 0) };
  return { again: false, outcome: mayHaveActed ? "unknown" : "failed" };
}

export type CheckedRun = {
  outcome: "verified" | "pending" | "failed" | "unknown";
  checkAgainSeconds: number | null;
  /** The system could not be asked, as against: it does not know. */
  isUnheard: boolean;
  /** Checks made before this one. */
  checks: number;
  /** Since it was dispatched. */
  waitedSeconds: number;
};

export type AfterCheck =
  | { again: true; inSeconds: number }
  | { again: false; outcome: "verified" | "failed" | "unknown" };

/** What is pending is asked about again, ever more rarely; a word that is final is taken. */
export function afterCheck(run: CheckedRun): AfterCheck {
  const { outcome, checks, checkAgainSeconds, isUnheard, waitedSeconds } = run;
  const inSeconds = Math.min(
    CHECK_SECONDS.last,
    Math.max(
      checkAgainSeconds ?? 0,
      Math.round(CHECK_SECONDS.first * CHECK_SECONDS.growth ** checks),
    ),
  );
  if (outcome === "pending") return { again: true, inSeconds };
  if (
    outcome === "unknown" &&
    isUnheard &&
    checkAgainSeconds !== null &&
    waitedSeconds < UNHEARD_SECONDS
  )
    return { again: true, inSeconds };
  return { again: false, outcome };
}
