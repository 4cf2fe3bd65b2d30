import type { Fetched, SafeAnswer } from "./safe-fetch/safe-fetch.ts";

/**
 * Why a system did not do, or did not say. `conflict`: something else is under way on the same target. `not_ours`:
 * it was so before and is not for us to take back. `gone`: the receiver wants no more messages.
 */
export type FailureCode =
  | "unsupported"
  | "invalid_target"
  | "unknown_target"
  | "ambiguous_target"
  | "conflict"
  | "not_ours"
  | "credentials"
  | "forbidden"
  | "refused"
  | "gone"
  | "rate_limited"
  | "server"
  | "answer"
  | "address"
  | "unreachable"
  | "timeout"
  | "cancelled";

export type ResponderFailure = {
  code: FailureCode;
  /** Asking again may work without anybody changing anything. */
  retryable: boolean;
  /** What the system asked for; at most an hour. */
  retryAfterSeconds: number | null;
  /** The request may have arrived, and its effect is not known. */
  mayHaveActed: boolean;
  /** For the reader; holds nothing that a system wrote. */
  sentence: string;
  /** The system's own code for it, when it looks like one. */
  vendorCode: string | null;
  /** Of the HTTP answer; null: there was none, or it was not the reason. */
  status: number | null;
};

/** A value, or why there is none. */
export type Step<T> = { ok: true; value: T } | { ok: false; failure: ResponderFailure };

export const done = <T>(value: T): Step<T> => ({ ok: true, value });

export const fail = (
  code: FailureCode,
  sentence: string,
  more: Partial<ResponderFailure> = {},
): { ok: false; failure: ResponderFailure } => ({
  ok: false,
  failure: {
    code,
    retryable: false,
    retryAfterSeconds: null,
    mayHaveActed: false,
    vendorCode: null,
    status: null,
    sentence,
    ...more,
  },
});

const RETRY_AFTER_MAX = 3600;

/** `isWrite`: the request was to change something, so that one that left may have. */
export function fetchFailure(
  vendor: string,
  fetched: Extract<Fetched, { ok: false }>,
  isWrite: boolean,
): { ok: false; failure: ResponderFailure } {
  const more = { mayHaveActed: isWrite && fetched.wasSent };
  switch (fetched.fault) {
    case "address":
      return fail("address", `The address set for ${vendor} is not one that requests may go to.`);
    case "name":
      return fail("unreachable", `The address of ${vendor} cannot be resolved.`, {
        retryable: true,
      });
    case "request":
      return fail(
        "address",
        `The request to ${vendor} cannot be written; check what is set for it.`,
      );
    case "connection":
      return fail("unreachable", `The connection to ${vendor} failed.`, {
        ...more,
        retryable: true,
      });
    case "timeout":
      return timedOut(vendor, more.mayHaveActed);
    case "cancelled":
      return fail("cancelled", `The request to ${vendor} was called off.`, more);
    case "too_long":
      return fail("answer", `${vendor} answered with more than any answer may hold.`, more);
    case "encoding":
      return fail("answer", `${vendor} answered in a form that was not asked for.`, more);
  }
}

export function timedOut(
  vendor: string,
  mayHaveActed: boolean,
): { ok: false; failure: ResponderFailure } {
  return fail("timeout", `${vendor} did not answer in time.`, { mayHaveActed, retryable: true });
}

/** What an answer that is no success says, by its status alone; adapters that know more say it first. */
export function statusFailure(
  vendor: string,
  { status, header }: Pick<SafeAnswer, "status" | "header">,
  { isWrite, vendorCode, now }: { isWrite: boolean; vendorCode: string | null; now: number },
): { ok: false; failure: ResponderFailure } {
  const retryAfterSeconds = retryAfter(header, now);
  const told = { vendorCode, status };
  if (status === 401) return fail("credentials", `${vendor} refuses the credentials (401).`, told);
  if (status === 403)
    return fail("forbidden", `${vendor} knows the credentials but does not allow this (403).`, {
      ...told,
    });
  if (status === 404)
    return fail("unknown_target", `${vendor} does not know the target (404).`, told);
  if (status === 409)
    return fail("conflict", `${vendor} says that something else is under way (409).`, {
      ...told,
      retryable: true,
      retryAfterSeconds,
    });
  if (status === 429)
    return fail("rate_limited", `${vendor} answers that requests come too often (429).`, {
      ...told,
      retryable: true,
      retryAfterSeconds,
    });
  if (status >= 300 && status < 400)
    return fail("answer", `${vendor} sends requests elsewhere (${status}); that is not followed.`, {
      ...told,
      // a receiver may act first and send the caller elsewhere afterwards
      mayHaveActed: isWrite,
    });
  if (status >= 500 || status === 408 || status === 425)
    return fail("server", `${vendor} failed (${status}).`, {
      ...told,
      retryable: true,
      retryAfterSeconds,
      mayHaveActed: isWrite,
    });
  return fail("refused", `${vendor} refuses the request (${status}).`, told);
}

/**
 * Seconds to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); CrowdStrike's and Okta's own headers
 * give a Unix time instead.
 */
function retryAfter(header: SafeAnswer["header"], now: number): number | null {
  const value = header("retry-after")?.trim();
  if (value) {
    const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
    return bounded(seconds);
  }
  const until = header("x-ratelimit-retryafter") ?? header("x-rate-limit-reset");
  return until && /^\d{9,11}$/.test(until.trim()) ? bounded(Number(until) - now / 1000) : null;
}

function bounded(seconds: number): number | null {
  if (!Number.isFinite(seconds)) return null;
  return Math.min(Math.max(Math.ceil(seconds), 0), RETRY_AFTER_MAX);
}
