import { describe, expect, test } from "vitest";
import { failureOf, KEY, type FaultSubject } from "./testing-faults.ts";
import type { Breakage, Reply } from "./testing-server.ts";

const FAULTS: [string, Reply | Breakage, object][] = [
  [
    "400 by a wrong secret",
    { status: 400, body: { error: "invalid_client" } },
    { code: "credentials", retryable: false, vendorCode: "invalid_client" },
  ],
  ["401", { status: 401, body: "no" }, { code: "credentials", retryable: false }],
  ["403", { status: 403, body: {} }, { code: "credentials", retryable: false }],
  [
    "429",
    { status: 429, headers: { "retry-after": "3" } },
    { code: "rate_limited", retryable: true, retryAfterSeconds: 3 },
  ],
  ["500", { status: 500 }, { code: "server", retryable: true }],
  ["a page", "html", { code: "answer", retryable: false }],
  ["JSON that is none", "malformed", { code: "answer", retryable: false }],
  ["something else", "wrong_shape", { code: "answer", retryable: false }],
  ["a token that is none", tokenOf("two\r\nlines"), { code: "answer", retryable: false }],
  ["a reset connection", "reset", { code: "unreachable", retryable: true }],
  ["a redirect", "redirect", { code: "answer", retryable: false }],
];

function tokenOf(token: string): Reply {
  return { status: 200, body: { access_token: token, expires_in: 60 } };
}

/** For tests: what a token endpoint can do to a responder; nothing else is asked for then. */
export function describeTokenFaults(name: string, start: () => Promise<FaultSubject>): void {
  describe(`${name}, asked for a token, answers`, () => {
    test.each(FAULTS)("%s", async (_what, how, expected) => {
      const { server, open, action, secrets } = await start();
      server.breakDown(how, ({ path }) => path.endsWith("/token"));
      const failure = await failureOf(open({}).dispatch(action, KEY));
      expect(failure).toMatchObject({ ...expected, mayHaveActed: false });
      expect(server.asked.filter(({ path }) => !path.endsWith("/token"))).toEqual([]);
      for (const secret of secrets) expect(JSON.stringify(failure)).not.toContain(secret);
    });
  });
}
