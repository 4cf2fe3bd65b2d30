/** An expected failure at an edge: not found, taken, stale, too much. A door answers with its public message. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: string;
  /** The HTTP status that fits. */
  readonly status: number;
  /** Safe to show to whoever asked. */
  readonly publicMessage: string;
  /** More members for the answer, safe to show (`headers` become headers). */
  readonly details: Record<string, unknown>;

  /** `internal` is for the log; every other option is a detail. */
  constructor(
    code: string,
    status: number,
    publicMessage: string,
    options: { internal?: string; [detail: string]: unknown } = {},
  ) {
    const { internal, ...details } = options;
    super(internal ?? publicMessage);
    this.code = code;
    this.status = status;
    this.publicMessage = publicMessage;
    this.details = details;
  }
}

/** By name, not by class: a bundler may hold two copies of this module. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && error.name === "Problem" && "publicMessage" in error;
}

export function notFound(what: string): Problem {
  return new Problem("not_found", 404, `There is no such ${what}.`);
}
