import type { QueryFunctionContext } from "@tanstack/react-query";

/** What a door answered when it did not answer with data: RFC 9457's `status`, and its words. */
export class DoorError extends Error {
  readonly status: number;
  readonly code: string;
  /** What else it said. */
  readonly details: Record<string, unknown>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "DoorError";
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** GETs JSON from one of our own doors; throws `DoorError` with the door's own sentence. */
export async function getJson<T>(path: string, context?: QueryFunctionContext): Promise<T> {
  const response = await fetch(path, {
    headers: { accept: "application/json" },
    signal: context?.signal,
  });
  if (response.ok) return (await response.json()) as T;
  throw await doorError(response);
}

/** POSTs nothing but the asking to one of our own doors, and reads its JSON; throws as `getJson` does. */
export async function postJson<T>(path: string, context?: QueryFunctionContext): Promise<T> {
  const response = await fetch(path, {
    method: "POST",
    headers: { accept: "application/json" },
    signal: context?.signal,
  });
  if (response.ok) return (await response.json()) as T;
  throw await doorError(response);
}

async function doorError(response: Response): Promise<DoorError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = (typeof body === "object" && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const words = [problem.message, problem.detail, problem.title].find(
    (value): value is string => typeof value === "string" && value !== "",
  );
  const code = typeof problem.code === "string" ? problem.code : "door_failed";
  return new DoorError(
    response.status,
    code,
    words ?? "The server did not answer as expected.",
    problem,
  );
}
