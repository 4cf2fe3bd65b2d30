import { describe, expect, test } from "vitest";
import type { FailureCode, ResponderFailure } from "./failure.ts";
import type { Limits } from "./api.ts";
import type { Dispatched, RequestedAction, Responder } from "./responder.ts";
import type { Asked, Breakage, Reply, TestServer } from "./testing-server.ts";

/** For tests: everything a system can do to a responder, asked of each of them alike. */

export const ORIGIN = {
  run: "0199c7a0-0000-7000-8000-000000000001",
  decision: "0199c7a0-0000-7000-8000-000000000002",
  incident: "INC-000123",
};
export const KEY = "run-0199c7a0-1";

export function requested(action: RequestedAction["action"], target: string): RequestedAction {
  return { action, target, origin: ORIGIN, requestedAt: "2026-03-01T02:30:00.000Z" };
}

/** Takes what was dispatched out of a result, or says why nothing was. */
export async function dispatchedBy(
  responder: Responder,
  action: RequestedAction,
  key = KEY,
): Promise<Dispatched> {
  const result = await responder.dispatch(action, key);
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.sentence}`);
  return result.dispatched;
}

export async function failureOf(
  result: Promise<{ ok: true } | { ok: false; failure: ResponderFailure }>,
): Promise<ResponderFailure> {
  const settled = await result;
  if (settled.ok) throw new Error("expected a failure");
  return settled.failure;
}

export type FaultSubject = {
  server: TestServer;
  open: (limits: Partial<Limits>) => Responder;
  action: RequestedAction;
  isWrite: (asked: Asked) => boolean;
  secrets: readonly string[];
  /** Asks once more with a new token when the one it had is refused. */
  renews: boolean;
};

type Expected = { code: FailureCode; retryable: boolean; acted: boolean; after?: number | null };
type Fault = [what: string, how: Reply | Breakage, expected: Expected];

const gone = (acted: boolean): Expected => ({ code: "answer", retryable: false, acted });

const FAULTS: Fault[] = [
  ["401", { status: 401 }, { code: "credentials", retryable: false, acted: false }],
  ["403", { status: 403, body: {} }, { code: "forbidden", retryable: false, acted: false }],
  ["404", { status: 404, body: {} }, { code: "unknown_target", retryable: false, acted: false }],
  ["409", { status: 409, body: {} }, { code: "conflict", retryable: true, acted: false }],
  ["another refusal", { status: 422 }, { code: "refused", retryable: false, acted: false }],
  [
    "429 with seconds to wait",
    { status: 429, headers: { "retry-after": "7" } },
    { code: "rate_limited", retryable: true, acted: false, after: 7 },
  ],
  [
    "429 with a day to wait",
    { status: 429, headers: { "retry-after": "86400" } },
    { code: "rate_limited", retryable: true, acted: false, after: 3600 },
  ],
  [
    "429 without a word",
    { status: 429 },
    { code: "rate_limited", retryable: true, acted: false, after: null },
  ],
  ["500", { status: 500, body: "oops" }, { code: "server", retryable: true, acted: true }],
  [
    "503 with seconds to wait",
    { status: 503, headers: { "retry-after": "30" } },
    { code: "server", retryable: true, acted: true, after: 30 },
  ],
  ["a reset connection", "reset", { code: "unreachable", retryable: true, acted: true }],
  ["silence", "silent", { code: "timeout", retryable: true, acted: true }],
  ["half a body", "slow_body", { code: "timeout", retryable: true, acted: true }],
  ["a body that is cut", "cut_body", { code: "unreachable", retryable: true, acted: true }],
  ["too long a body", "oversized", gone(true)],
  ["JSON that is none", "malformed", gone(true)],
  ["a page", "html", gone(true)],
  ["a compressed body", "gzip", gone(true)],
  ["a redirect", "redirect", gone(true)],
];

const SHORT: Partial<Limits> = { requestMs: 500 };

/** How long a request may take where the answer never comes; elsewhere the machine may be slow. */
const limitsFor = (how: Reply | Breakage): Partial<Limits> =>
  how === "silent" || how === "slow_body" ? SHORT : {};

export function describeFaults(name: string, start: () => Promise<FaultSubject>): void {
  describe(`${name}, asked to act, answers`, () => {
    test.each(FAULTS)("%s", async (_what, how, { code, retryable, acted, after }) => {
      const { server, open, action, isWrite, secrets, renews } = await start();
      server.breakDown(how, isWrite);
      const result = await open(limitsFor(how)).dispatch(action, KEY);
      expect(result).toMatchObject({
        ok: false,
        failure: { code, retryable, mayHaveActed: acted },
      });
      expect(Object.keys(result)).toEqual(["ok", "failure"]);
      if (after !== undefined)
        // oxlint-disable-next-line vitest/no-conditional-expect
        expect(result).toMatchObject({ failure: { retryAfterSeconds: after } });
      expect(server.asked.filter(isWrite)).toHaveLength(renews && code === "credentials" ? 2 : 1);
      for (const secret of secrets) expect(JSON.stringify(result)).not.toContain(secret);
    });
  });

  describe(`${name}, asked to read, answers`, () => {
    const wrongShape: Fault = ["something else", "wrong_shape", gone(false)];
    test.each([...FAULTS, wrongShape])("%s", async (_what, how, { code, retryable }) => {
      const { server, open, action, isWrite } = await start();
      server.breakDown(how, (asked) => !isWrite(asked) && !asked.path.endsWith("/token"));
      const responder = open(limitsFor(how));
      const failure = { code, retryable, mayHaveActed: false };
      expect(await responder.dispatch(action, KEY)).toMatchObject({ ok: false, failure });
      expect(await responder.dryRun(action)).toMatchObject({ ok: false, failure });
      expect(server.asked.filter(isWrite)).toEqual([]);
    });
  });

  describe(`${name}, asked what came of it, answers`, () => {
    test.each(FAULTS)("%s", async (_what, how, { code, retryable, after }) => {
      const { server, open, action } = await start();
      const dispatched = await dispatchedBy(open({}), action);
      server.breakDown(how, ({ path }) => !path.endsWith("/token"));
      const verification = await open(limitsFor(how)).verify(dispatched);
      expect(verification).toMatchObject({
        outcome: "unknown",
        failure: { code, retryable, mayHaveActed: false },
        checkAgainSeconds: retryable ? (after ?? 60) : null,
      });
    });
  });

  test(`${name} is called off`, async () => {
    const { server, open, action, isWrite } = await start();
    server.breakDown("silent", isWrite);
    const caller = new AbortController();
    const result = open({}).dispatch(action, KEY, { signal: caller.signal });
    await expect.poll(() => server.asked.filter(isWrite).length).toBe(1);
    caller.abort();
    expect(await result).toMatchObject({
      ok: false,
      failure: { code: "cancelled", retryable: false, mayHaveActed: true },
    });
  });

  test(`${name} has no more time than one call may take, however many requests it makes`, async () => {
    const { open, action, server, isWrite } = await start();
    const result = await open({ operationMs: 0 }).dispatch(action, KEY);
    expect(result).toMatchObject({ failure: { code: "timeout", mayHaveActed: false } });
    expect(server.asked.filter(isWrite)).toEqual([]);
  });
}
