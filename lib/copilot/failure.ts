import { APIConnectionError, APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk";
import type { RunFault } from "#lib/domain/copilot/run.ts";
import type { StopCause } from "./wire.ts";

export type Failure = {
  isAbort: boolean;
  fault: RunFault;
  reason: string;
  mayRetry: boolean;
  retryAfterSeconds: number | null;
};

const RETRY_AFTER_MAX = 3600;
const RETRYABLE_STATUS = new Set([408, 409, 425]);
const RETRYABLE_TYPES = new Set(["api_error", "timeout_error"]);
/** A limit on spending lifts when somebody lifts it; asking again only adds to the queue. */
const SPEND_LIMITS = new Set([
  "enforced_spend_limit_reached",
  "contract_spend_limit_reached",
  "linked_organization_spend_limit_reached",
]);

/** What a request that we gave up ourselves is said to have died of. */
export function stopFailure(cause: StopCause): Failure {
  switch (cause) {
    case "abort":
      return failure("stopped", "The request was cancelled.", { isAbort: true });
    case "timeout":
      return failure("timeout", "The model did not finish its answer in time.", { mayRetry: true });
    case "idle":
      return failure("timeout", "The model said nothing for too long.", { mayRetry: true });
    case "address":
      return failure("connection", "The model's name leads to a cloud's own metadata service.");
    case "length":
      return failure("answer", "The answer is longer than any answer may be.");
  }
}

/** A stream that ended without its last event. */
export function brokenOff(): Failure {
  return failure("connection", "The connection to the model broke off.", { mayRetry: true });
}

/** 200, but not a stream of events: a proxy's page, most often. */
export function notAStream(contentType: string | null): Failure {
  const what =
    contentType
      ?.split(";")[0]
      ?.replace(/[^\w./+-]/g, "")
      .slice(0, 60) || "no type";
  return failure(
    "server",
    `The model's server answered with ${what} where a stream of events was expected; check its address.`,
    { mayRetry: true },
  );
}

/**
 * What went wrong with a request, and whether it is worth asking again. By type first: an error inside a stream
 * that began with 200 has a type and no status.
 */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof APIConnectionTimeoutError)
    return failure("timeout", "The model did not answer in time.", { mayRetry: true });
  if (error instanceof APIConnectionError)
    return failure("connection", "The model cannot be reached.", { mayRetry: true });
  if (error instanceof APIError) return ofApiError(error);
  if (error instanceof SyntaxError)
    return failure("answer", "The model's server sent an event that is not JSON.", {
      mayRetry: true,
    });
  return brokenOff();
}

function ofApiError(error: APIError): Failure {
  const { status, errorCode } = error;
  const type = typeof error.type === "string" ? error.type.replace(/\W/g, "").slice(0, 60) : null;
  // a key that a server put here would be told by its digits
  const told = type !== null && /^[a-z_]+$/i.test(type) ? type : "error";
  const what = [told, status].filter((part) => part !== undefined).join(", ");
  if ((errorCode && SPEND_LIMITS.has(errorCode)) || type === "billing_error" || status === 402)
    return failure("spend_limit", "The model's spending limit is reached.");
  if (type === "overloaded_error" || status === 529)
    return failure("overloaded", "The model is overloaded.", {
      mayRetry: true,
      retryAfterSeconds: retryAfter(error),
    });
  if (type === "rate_limit_error" || status === 429) {
    return failure("rate_limited", "The model's rate limit is reached.", {
      mayRetry: true,
      retryAfterSeconds: retryAfter(error),
    });
  }
  if (status === 401 || status === 403 || type === "authentication_error")
    return failure("credentials", `The model's server refuses the key (${what}).`);
  if (status === 404)
    return failure(
      "request",
      `The model's server knows no such model or path (${what}); check the model's name, and that the address ends before /v1.`,
    );
  if (status === 413) return failure("request", "The request is too large for the model.");
  if (status !== undefined && status >= 300 && status < 400)
    return failure(
      "request",
      "The model's server sends requests elsewhere; enter the address it sends them to.",
    );
  if (isPassing(status, type)) {
    const fault = status === 408 || type === "timeout_error" ? "timeout" : "server";
    return failure(fault, `The model's server failed (${what}).`, {
      mayRetry: true,
      retryAfterSeconds: retryAfter(error),
    });
  }
  return failure("request", `The model's server refuses the request (${what}).`);
}

function isPassing(status: number | undefined, type: string | null): boolean {
  if (status === undefined) return type === null || RETRYABLE_TYPES.has(type);
  return status >= 500 || RETRYABLE_STATUS.has(status);
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), at most an hour. */
function retryAfter({ headers }: APIError): number | null {
  const value = headers?.get("retry-after")?.trim();
  if (!value) return null;
  const seconds = /^\d+(\.\d+)?$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), RETRY_AFTER_MAX) : null;
}

function failure(fault: RunFault, reason: string, more: Partial<Failure> = {}): Failure {
  return { isAbort: false, fault, mayRetry: false, retryAfterSeconds: null, reason, ...more };
}
