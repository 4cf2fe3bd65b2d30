import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "./secret.ts";
import { describeFaults, dispatchedBy, failureOf, KEY, requested } from "./testing-faults.ts";
import { OKTA_TOKEN, OKTA_USER, startOkta, type FakeOkta } from "./testing-okta.ts";
import type { Asked } from "./testing-server.ts";

const SUSPEND = requested("disable_account", "j.doe@corp.example");
const REVOKE = requested("revoke_sessions", "j.doe@corp.example");
const isWrite = ({ method }: Asked): boolean => method !== "GET";

const open: FakeOkta[] = [];
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.server.close();
});

async function start(): Promise<FakeOkta> {
  const fake = await startOkta();
  open.push(fake);
  return fake;
}

const subject = (action: typeof SUSPEND) => async () => {
  const { server, open: openFake } = await start();
  return {
    server,
    open: (limits: object) => openFake({ limits }),
    action,
    isWrite,
    secrets: [OKTA_TOKEN],
    renews: false,
  };
};

describeFaults("Okta, of a suspension", subject(SUSPEND));
describeFaults("Okta, of sessions", subject(REVOKE));

test("a suspension is asked for as documented and verified by reading the user back", async () => {
  const { server, open: openFake, user } = await start();
  const dispatched = await dispatchedBy(openFake(), SUSPEND);
  expect(dispatched).toMatchObject({
    how: "sent",
    externalId: OKTA_USER,
    target: { kind: "user", id: OKTA_USER, name: "j.doe@corp.example" },
  });
  expect(server.asked.filter(isWrite).map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /api/v1/users/${OKTA_USER}/lifecycle/suspend`,
  ]);
  expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "verified" });
  user.status = "ACTIVE";
  expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "failed", failure: null });
});

test("a suspension is taken back", async () => {
  const { open: openFake, user } = await start();
  const responder = openFake();
  const suspended = await dispatchedBy(responder, SUSPEND);
  const undone = await responder.undo(suspended, "undo-0001");
  expect(undone).toMatchObject({ ok: true, dispatched: { direction: "undo", how: "sent" } });
  expect(user.status).toBe("ACTIVE");
  expect(await responder.verify(undone.ok ? undone.dispatched : suspended)).toMatchObject({
    outcome: "verified",
  });
  expect(await responder.undo(suspended, "undo-0001")).toMatchObject({
    dispatched: { how: "already" },
  });
});

test("a repeated suspension acts once", async () => {
  const { server, open: openFake } = await start();
  await dispatchedBy(openFake(), SUSPEND);
  const again = await dispatchedBy(openFake(), SUSPEND);
  expect(again.how).toBe("already");
  expect(server.asked.filter(isWrite)).toHaveLength(1);
});

describe("a user who is", () => {
  test.each([
    ["SUSPENDED", "already"],
    ["DEPROVISIONED", "already"],
  ])("%s cannot sign in anyhow", async (status, how) => {
    const { server, open: openFake, user } = await start();
    user.status = status;
    const dispatched = await dispatchedBy(openFake(), SUSPEND);
    expect(dispatched.how).toBe(how);
    expect(server.asked.filter(isWrite)).toEqual([]);
    expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "verified" });
    expect(await failureOf(openFake().undo(dispatched, "undo-0001"))).toMatchObject({
      code: "not_ours",
    });
  });

  test.each(["STAGED", "PROVISIONED", "RECOVERY", "LOCKED_OUT", "PASSWORD_EXPIRED"])(
    "%s is not one that Okta suspends",
    async (status) => {
      const { open: openFake, user } = await start();
      user.status = status;
      expect(await failureOf(openFake().dispatch(SUSPEND, KEY))).toMatchObject({
        code: "refused",
        retryable: false,
      });
    },
  );

  test("suspended by somebody else in the same moment is found by the next attempt", async () => {
    const { server, open: openFake, user } = await start();
    const body = { errorCode: "E0000001" };
    server.breakDown({ status: 400, body }, isWrite);
    expect(await failureOf(openFake().dispatch(SUSPEND, KEY))).toMatchObject({
      code: "refused",
      vendorCode: "E0000001",
    });
    server.breakDown(null);
    user.status = "SUSPENDED";
    expect(await dispatchedBy(openFake(), SUSPEND)).toMatchObject({ how: "already" });
  });
});

describe("sessions", () => {
  test("end with their OAuth tokens, and only the System Log says so", async () => {
    const { server, open: openFake, log } = await start();
    const dispatched = await dispatchedBy(openFake(), REVOKE);
    const asked = server.asked.find(isWrite);
    expect(`${asked?.method} ${asked?.path}`).toBe(`DELETE /api/v1/users/${OKTA_USER}/sessions`);
    expect(asked?.query.get("oauthTokens")).toBe("true");
    expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "pending" });
    const event = { eventType: "user.session.clear", target: [{ id: OKTA_USER }] };
    const published = new Date().toISOString();
    log.push({
      ...event,
      published,
      target: [{ id: "00uSomebodyElse00000" }],
      outcome: { result: "SUCCESS" },
    });
    log.push({ ...event, published, outcome: { result: "FAILURE" } });
    log.push({ ...event, published: "2020-01-01T00:00:00Z", outcome: { result: "SUCCESS" } });
    expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "pending" });
    log.push({ ...event, published, outcome: { result: "SUCCESS" } });
    expect(await openFake().verify(dispatched)).toMatchObject({ outcome: "verified" });
    expect(server.asked.at(-1)?.query.get("filter")).toBe(
      `eventType eq "user.session.clear" and target.id eq "${OKTA_USER}"`,
    );
  });

  test("stay unknown where the log may not be read", async () => {
    const { server, open: openFake } = await start();
    const responder = openFake({ readsLog: false });
    const dispatched = await dispatchedBy(responder, REVOKE);
    const before = server.asked.length;
    expect(await responder.verify(dispatched)).toMatchObject({
      outcome: "unknown",
      failure: null,
      checkAgainSeconds: null,
    });
    expect(server.asked).toHaveLength(before);
  });

  test("are ended again by a repeated dispatch, since others may have begun", async () => {
    const { open: openFake, cleared } = await start();
    await dispatchedBy(openFake(), REVOKE);
    await dispatchedBy(openFake(), REVOKE);
    expect(cleared.times).toBe(2);
  });

  test("cannot be brought back", async () => {
    const { open: openFake } = await start();
    const dispatched = await dispatchedBy(openFake(), REVOKE);
    expect(await failureOf(openFake().undo(dispatched, "undo-0001"))).toMatchObject({
      code: "unsupported",
    });
  });
});

describe("a target", () => {
  test.each([
    ["by id", OKTA_USER],
    ["by login", "J.Doe@corp.example"],
    ["by the short form of a login", "j.doe"],
  ])("%s is the user", async (_how, target) => {
    const { open: openFake } = await start();
    const run = await openFake().dryRun(requested("disable_account", target));
    expect(run).toMatchObject({
      ok: true,
      targets: [{ id: OKTA_USER, name: "j.doe@corp.example" }],
    });
  });

  test.each([
    ["nobody knows", "a.nobody", "unknown_target"],
    ["has a Windows domain", "CORP\\j.doe", "invalid_target"],
    ["is a security id", "S-1-5-21/1", "invalid_target"],
    ["is a step up", "..", "invalid_target"],
    ["holds a query", "j.doe?expand=all", "invalid_target"],
  ])("that %s is refused", async (_why, target, code) => {
    const { open: openFake } = await start();
    expect(await failureOf(openFake().dryRun(requested("disable_account", target)))).toMatchObject({
      code,
    });
  });

  test("answered with somebody else is refused", async () => {
    const { open: openFake, user, server } = await start();
    const other = {
      ...user,
      id: "00uSomebodyElse00000",
      profile: { login: "a.other@corp.example" },
    };
    server.breakDown({ status: 200, body: other });
    expect(await failureOf(openFake().dispatch(SUSPEND, KEY))).toMatchObject({
      code: "unknown_target",
    });
  });
});

test("Okta's own header says when its limit ends", async () => {
  const { server, open: openFake } = await start();
  const now = Date.UTC(2026, 2, 1);
  const headers = { "x-rate-limit-reset": String(now / 1000 + 11) };
  server.breakDown({ status: 429, body: { errorCode: "E0000047" }, headers });
  expect(await failureOf(openFake({ now: () => now }).dispatch(SUSPEND, KEY))).toMatchObject({
    retryAfterSeconds: 11,
    vendorCode: "E0000047",
  });
});

test("an OAuth token goes as Bearer", async () => {
  const { server, open: openFake } = await start();
  const credentials = { scheme: "Bearer", token: new Secret("short-lived-token-0001") } as const;
  await openFake({ credentials }).dryRun(SUSPEND);
  expect(server.asked[0]?.headers.authorization).toBe("Bearer short-lived-token-0001");
});
