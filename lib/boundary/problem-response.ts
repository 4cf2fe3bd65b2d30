import { isProblem } from "#lib/domain/problem.ts";
import { log } from "./log.ts";

/** RFC 9457 problem details: every refusal of a door looks like this. */
export function problemResponse(
  status: number,
  code: string,
  detail: string,
  extra: { headers?: Record<string, string>; [member: string]: unknown } = {},
): Response {
  const { headers, ...members } = extra;
  return new Response(JSON.stringify({ status, code, detail, ...members }), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...headers,
    },
  });
}

/** Translates what a command threw. A bug is logged with its stack and answered without it. */
export function responseOfError(error: unknown, door: string): Response {
  if (isProblem(error)) {
    return problemResponse(error.status, error.code, error.publicMessage, error.details);
  }
  log().error({ door, err: error }, "a door failed");
  return problemResponse(
    500,
    "internal",
    "Something went wrong on our side; the error is in the server's log. What was asked for may have been done all the same: look before you repeat it.",
  );
}
