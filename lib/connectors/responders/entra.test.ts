import { afterEach, describe, expect, test } from "vitest";
import { ENTRA_USER, startEntra, type FakeEntra } from "./testing-entra.ts";
import { describeFaults, dispatchedBy, failureOf, KEY, requested } from "./testing-faults.ts";
import { TEST_CREDENTIALS } from "./testing-oauth.ts";
import type { Asked } from "./testing-server.ts";
import { describeTokenFaults } from "./testing-token-faults.ts";

const DISABLE = requested("disable_account", "j.doe@contoso.example");
const REVOKE = requested("revoke_sessions", "j.doe@contoso.example");
const isWrite = ({ method, path }: Asked): boolean => method !== "GET" && !path.endsWith("/token");

const open: FakeEntra[] = [];
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.server.close();
});

async function start(): Promise<FakeEntra> {
  const fake = await startEntra();
  open.push(fake);
  return fake;
}

const subject = (action: typeof DISABLE) => async () => {
  const { server, open: openFake } = await start();
  return {
    server,
    open: (limits: object) => openFake({ limits }),
    action,
    isWrite,
    secrets: [TEST_CREDENTIALS.clientSecret],
    renews: true,
  };
};

describeFaults("Entra, of an account", subject(DISABLE));
describeFaults("Entra, of sessions", subject(REVOKE));
describeTokenFaults("Entra", subject(DISABLE));

test("an account is disabled as documented and verified by reading it back", async () => {
  const { server, open: openFake, user } = await start();
  const responder = openFake();
  const dispatched = await dispatchedBy(responder, DISABLE);
  expect(dispatched).toMatchObject({
    how: "sent",
    externalId: ENTRA_USER,
    target: { id: ENTRA_USER, name: "j.doe@contoso.example" },
  });
  const patch = server.asked.find(isWrite);
  expect(`${patch?.method} ${patch?.path}`).toBe(`PATCH /v1.0/users/${ENTRA_USER}`);
  expect(JSON.parse(patch?.body ?? "")).toEqual({ accountEnabled: false });
  expect(user.accountEnabled).toBe(false);
  expect(await responder.verify(dispatched)).toMatchObject({ outcome: "verified" });
});

test("taken on and not carried out stays pending, then becomes unknown", async () => {
  let now = Date.UTC(2026, 2, 1);
  const { open: openFake, carriesOut } = await start();
  carriesOut.now = false;
  const responder = openFake({ now: () => now });
  for (const action of [DISABLE, REVOKE]) {
    const dispatched = await dispatchedBy(responder, action);
    expect(await responder.verify(dispatched)).toMatchObject({ outcome: "pending" });
    now += 16 * 60_000;
    expect(await responder.verify(dispatched)).toMatchObject({ outcome: "unknown", failure: null });
  }
});

test("an account is enabled again, and one that was disabled before is not", async () => {
  const { open: openFake, user } = await start();
  const responder = openFake();
  const disabled = await dispatchedBy(responder, DISABLE);
  const again = await dispatchedBy(responder, DISABLE);
  expect(again.how).toBe("already");
  expect(await failureOf(responder.undo(again, "undo-0001"))).toMatchObject({ code: "not_ours" });
  const undone = await responder.undo(disabled, "undo-0001");
  expect(user.accountEnabled).toBe(true);
  expect(await responder.verify(undone.ok ? undone.dispatched : disabled)).toMatchObject({
    outcome: "verified",
  });
});

test("sessions are verified by Entra's own time, before and after", async () => {
  const { server, open: openFake, carriesOut } = await start();
  const responder = openFake();
  carriesOut.now = false;
  const dispatched = await dispatchedBy(responder, REVOKE);
  expect(server.asked.find(isWrite)?.path).toBe(`/v1.0/users/${ENTRA_USER}/revokeSignInSessions`);
  expect(dispatched.marker).toBe("2026-01-05T09:00:00Z");
  expect(await responder.verify(dispatched)).toMatchObject({ outcome: "pending" });
  carriesOut.now = true;
  const repeated = await dispatchedBy(responder, REVOKE);
  expect(repeated.how).toBe("sent");
  expect(await responder.verify(repeated)).toMatchObject({ outcome: "verified" });
});

test("sessions of an account that never had any to revoke are verified too", async () => {
  const { open: openFake, user } = await start();
  user.signInSessionsValidFromDateTime = null;
  const dispatched = await dispatchedBy(openFake(), REVOKE);
  expect(dispatched.marker).toBe("never");
  expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "verified" });
  user.signInSessionsValidFromDateTime = null;
  expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "pending" });
});

test("an account that does not say whether it is enabled is left alone", async () => {
  const { server, open: openFake } = await start();
  const body = { id: ENTRA_USER, userPrincipalName: "j.doe@contoso.example", accountEnabled: null };
  server.breakDown({ status: 200, body }, ({ method }) => method === "GET");
  expect(await failureOf(openFake().dispatch(DISABLE, KEY))).toMatchObject({ code: "answer" });
  expect(server.asked.filter(isWrite)).toEqual([]);
});

describe("a target", () => {
  test.each([
    ["by object id", ENTRA_USER.toUpperCase()],
    ["by principal name", "J.Doe@contoso.example"],
  ])("%s is the user", async (_how, target) => {
    const { open: openFake } = await start();
    const run = await openFake().dryRun(requested("disable_account", target));
    expect(run).toMatchObject({ ok: true, targets: [{ id: ENTRA_USER, asked: target }] });
  });

  test.each([
    ["nobody knows", "a.nobody@contoso.example", "unknown_target"],
    ["has no domain", "j.doe", "invalid_target"],
    ["has a Windows domain", "CORP\\j.doe", "invalid_target"],
    ["holds a path", "j.doe@contoso.example/memberOf", "invalid_target"],
    ["is a step up", "..", "invalid_target"],
  ])("that %s is refused", async (_why, target, code) => {
    const { open: openFake } = await start();
    expect(await failureOf(openFake().dryRun(requested("disable_account", target)))).toMatchObject({
      code,
    });
  });

  test("answered with somebody else is refused", async () => {
    const { server, open: openFake, user } = await start();
    const other = { ...user, id: ENTRA_USER.replace("8", "9"), userPrincipalName: "a@b.example" };
    server.breakDown({ status: 200, body: other }, ({ method }) => method === "GET");
    expect(await failureOf(openFake().dispatch(DISABLE, KEY))).toMatchObject({
      code: "unknown_target",
    });
  });
});
