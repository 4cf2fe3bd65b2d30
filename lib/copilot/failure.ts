import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from "@anthropic-ai/sdk";

export type Failure = {
  isAbort: boolean;
  reason: string;
  mayRetry: boolean;
  retryAfterSeconds: number | null;
};

const RETRYABLE_STATUS = new Set([408, 409, 429]);
const RETRYABLE_TYPES = new Set([
  "overloaded_error",
  "api_error",
  "timeout_error",
  "rate_limit_error",
]);

/**
 * What went wrong with a request, and whether it is worth asking again. By type first: an error inside a stream
 * that began with 200 has a type and no status.
 */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof APIUserAbortError)
    return failure("The request was cancelled.", { isAbort: true });
  if (error instanceof APIConnectionTimeoutError)
    return failure("The model did not answer in time.", { mayRetry: true });
  if (error instanceof APIConnectionError)
    return failure("The model cannot be reached.", { mayRetry: true });
  if (error instanceof APIError) return ofApiError(error);
  return failure("The connection to the model broke off.", { mayRetry: true });
}

function ofApiError(error: APIError): Failure {
  const { status, type, errorCode } = error;
  const what = [type ?? "error", status].filter((part) => part !== undefined).join(", ");
  // a spending limit lifts when somebody lifts it
  if (errorCode === "enforced_spend_limit_reached")
    return failure("The model's spending limit is reached.");
  if (type === "overloaded_error" || status === 529)
    return failure("The model is overloaded.", { mayRetry: true });
  if (type === "rate_limit_error" || status === 429) {
    return failure("The model's rate limit is reached.", {
      mayRetry: true,
      retryAfterSeconds: retryAfter(error),
    });
  }
  if (status === 401 || status === 403)
    return failure(`The model's server refuses the key (${what}).`);
  if (status === 413) return failure("The request is too large for the model.");
  const isPassing =
    status === undefined
      ? type === null || RETRYABLE_TYPES.has(type)
      : status >= 500 || RETRYABLE_STATUS.has(status);
  if (isPassing) return failure(`The model's server failed (${what}).`, { mayRetry: true });
  return failure(`The model's server refuses the request (${what}).`);
}

function retryAfter({ headers }: APIError): number | null {
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) : null;
}

function failure(reason: string, more: Partial<Failure> = {}): Failure {
  return { isAbort: false, mayRetry: false, retryAfterSeconds: null, reason, ...more };
}
