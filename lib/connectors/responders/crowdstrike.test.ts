import { afterEach, describe, expect, test } from "vitest";
import { AGENT, startCrowdStrike, type FakeCrowdStrike } from "./testing-crowdstrike.ts";
import { describeFaults, dispatchedBy, failureOf, KEY, requested } from "./testing-faults.ts";
import { TEST_CREDENTIALS } from "./testing-oauth.ts";
import type { Asked } from "./testing-server.ts";
import { describeTokenFaults } from "./testing-token-faults.ts";

const CONTAIN = requested("isolate_host", "ws-014.corp.example");
const isWrite = ({ path }: Asked): boolean => path === "/devices/entities/devices-actions/v2";

const open: FakeCrowdStrike[] = [];
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.server.close();
});

async function start(): Promise<FakeCrowdStrike> {
  const fake = await startCrowdStrike();
  open.push(fake);
  return fake;
}

const subject = async () => {
  const { server, open: openFake } = await start();
  return {
    server,
    open: (limits: object) => openFake({ limits }),
    action: CONTAIN,
    isWrite,
    secrets: [TEST_CREDENTIALS.clientSecret],
    renews: true,
  };
};

describeFaults("CrowdStrike", subject);
describeTokenFaults("CrowdStrike", subject);

test("a containment is asked for as documented, with whose it is in the note", async () => {
  const { server, open: openFake, hosts } = await start();
  const dispatched = await dispatchedBy(openFake(), CONTAIN);
  expect(dispatched).toMatchObject({ how: "sent", externalId: AGENT, target: { name: "WS-014" } });
  const post = server.asked.find(isWrite);
  expect(post?.query.get("action_name")).toBe("contain");
  expect(JSON.parse(post?.body ?? "")).toEqual({
    ids: [AGENT],
    action_parameters: [{ name: "note", value: `Countersign INC-000123 ${KEY}` }],
  });
  expect(hosts[0]?.status).toBe("containment_pending");
});

describe("what came of a containment:", () => {
  test.each([
    ["contained", "verified"],
    ["containment_pending", "pending"],
    ["normal", "pending"],
    ["lift_containment_pending", "failed"],
  ])("%s is %s", async (status, outcome) => {
    const { open: openFake, hosts } = await start();
    const dispatched = await dispatchedBy(openFake(), CONTAIN);
    hosts[0]!.status = status;
    expect(await openFake().verify(dispatched)).toMatchObject({ outcome, failure: null });
  });

  test("a host that is gone leaves it unknown", async () => {
    const { open: openFake, hosts } = await start();
    const dispatched = await dispatchedBy(openFake(), CONTAIN);
    hosts.splice(0);
    expect(await openFake().verify(dispatched)).toMatchObject({
      outcome: "unknown",
      failure: { code: "unknown_target" },
    });
  });
});

test("taken on and never carried out, it becomes unknown", async () => {
  let now = Date.UTC(2026, 2, 1);
  const { open: openFake } = await start();
  const responder = openFake({ now: () => now });
  const dispatched = await dispatchedBy(responder, CONTAIN);
  now += 25 * 3600_000;
  expect(await responder.verify(dispatched)).toMatchObject({ outcome: "unknown", failure: null });
});

describe("a host that is", () => {
  test.each([
    ["contained", "already"],
    ["containment_pending", "joined"],
  ])("%s is not asked again: %s", async (status, how) => {
    const { server, open: openFake, hosts } = await start();
    hosts[0]!.status = status;
    const dispatched = await dispatchedBy(openFake(), CONTAIN);
    expect(dispatched.how).toBe(how);
    expect(server.asked.filter(isWrite)).toEqual([]);
    expect(await failureOf(openFake().undo(dispatched, "undo-0001"))).toMatchObject({
      code: "not_ours",
    });
  });

  test.each([
    ["lift_containment_pending", "conflict"],
    ["asleep", "answer"],
  ])("%s is left alone: %s", async (status, code) => {
    const { server, open: openFake, hosts } = await start();
    hosts[0]!.status = status;
    expect(await failureOf(openFake().dispatch(CONTAIN, KEY))).toMatchObject({ code });
    expect(server.asked.filter(isWrite)).toEqual([]);
  });
});

test("a repeated dispatch after a lost answer acts once", async () => {
  const { server, open: openFake, hosts } = await start();
  server.breakDown("reset", isWrite);
  expect(await failureOf(openFake().dispatch(CONTAIN, KEY))).toMatchObject({ mayHaveActed: true });
  server.breakDown(null);
  hosts[0]!.status = "containment_pending"; // it had arrived
  expect(await dispatchedBy(openFake(), CONTAIN)).toMatchObject({ how: "joined" });
  // told that the first attempt may have acted, it takes the containment for its own
  const found = await openFake().dispatch(CONTAIN, KEY, { mayHaveActed: true });
  expect(found).toMatchObject({ ok: true, dispatched: { how: "found" } });
  expect(server.asked.filter(isWrite)).toHaveLength(1);
  hosts[0]!.status = "contained";
  const lifted = found.ok ? await openFake().undo(found.dispatched, "undo-0001") : found;
  expect(lifted).toMatchObject({ ok: true, dispatched: { how: "sent", direction: "undo" } });
});

test("a containment is lifted, and lifting is verified by itself", async () => {
  const { server, open: openFake, hosts } = await start();
  const responder = openFake();
  const contained = await dispatchedBy(responder, CONTAIN);
  expect(await failureOf(responder.undo(contained, "undo-0001"))).toMatchObject({
    code: "conflict",
  });
  hosts[0]!.status = "contained";
  const lifted = await responder.undo(contained, "undo-0001");
  expect(server.asked.findLast(isWrite)?.query.get("action_name")).toBe("lift_containment");
  const undone = lifted.ok ? lifted.dispatched : contained;
  expect(undone).toMatchObject({ direction: "undo", how: "sent" });
  expect(await responder.verify(undone)).toMatchObject({ outcome: "pending" });
  hosts[0]!.status = "normal";
  expect(await responder.verify(undone)).toMatchObject({ outcome: "verified" });
});

test("202 with an error for the host is no success, and may have acted", async () => {
  const { server, open: openFake } = await start();
  const body = { resources: [], errors: [{ code: 500, message: "x" }] };
  server.breakDown({ status: 202, body }, isWrite);
  expect(await failureOf(openFake().dispatch(CONTAIN, KEY))).toMatchObject({
    code: "refused",
    mayHaveActed: true,
  });
  server.breakDown({ status: 202, body: { resources: [{ id: "f".repeat(32) }] } }, isWrite);
  expect(await failureOf(openFake().dispatch(CONTAIN, KEY))).toMatchObject({ code: "answer" });
});

test("a Unix time is what to wait for, as CrowdStrike gives it", async () => {
  const { server, open: openFake } = await start();
  const now = Date.UTC(2026, 2, 1);
  const until = String(now / 1000 + 42);
  server.breakDown({ status: 429, headers: { "x-ratelimit-retryafter": until } }, isWrite);
  expect(await failureOf(openFake({ now: () => now }).dispatch(CONTAIN, KEY))).toMatchObject({
    code: "rate_limited",
    retryAfterSeconds: 42,
  });
});

describe("a target", () => {
  test.each([
    ["by agent id", AGENT],
    ["by its whole name", "WS-014.corp.example"],
    ["by its short name", "ws-014"],
  ])("%s is the host", async (_how, target) => {
    const { open: openFake } = await start();
    const run = await openFake().dryRun(requested("isolate_host", target));
    expect(run).toMatchObject({ ok: true, standing: "free", targets: [{ id: AGENT }] });
  });

  test.each([
    ["nobody knows", "ws-999", "unknown_target"],
    ["nobody knows by id", "f".repeat(32), "unknown_target"],
    ["has the name of a host in another domain", "ws-014.other.example", "unknown_target"],
    ["would end a filter", "x'],platform:['Linux", "invalid_target"],
  ])("that %s is refused", async (_why, target, code) => {
    const { open: openFake } = await start();
    expect(await failureOf(openFake().dryRun(requested("isolate_host", target)))).toMatchObject({
      code,
    });
  });

  test("with a domain the host does not tell is refused, not guessed", async () => {
    const { open: openFake, hosts } = await start();
    hosts[0]!.machine_domain = null;
    expect(await failureOf(openFake().dryRun(CONTAIN))).toMatchObject({ code: "unknown_target" });
  });

  test("that two hosts answer to is not guessed", async () => {
    const { open: openFake, hosts } = await start();
    hosts.push({ ...hosts[0]!, device_id: "e".repeat(32) });
    expect(await failureOf(openFake().dryRun(CONTAIN))).toMatchObject({ code: "ambiguous_target" });
  });
});
