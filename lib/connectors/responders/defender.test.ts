import { afterEach, describe, expect, test } from "vitest";
import { createTokenCache } from "./access-token.ts";
import { Secret } from "./secret.ts";
import { DEVICE, startDefender, type FakeDefender } from "./testing-defender.ts";
import { describeFaults, dispatchedBy, failureOf, KEY, requested } from "./testing-faults.ts";
import { TEST_CREDENTIALS } from "./testing-oauth.ts";
import { describeTokenFaults } from "./testing-token-faults.ts";
import type { Asked } from "./testing-server.ts";

const ISOLATE = requested("isolate_host", "ws-014.corp.example");
const isWrite = ({ method, path }: Asked): boolean => method === "POST" && !path.endsWith("/token");

const open: FakeDefender[] = [];
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.server.close();
});

async function start(): Promise<FakeDefender> {
  const fake = await startDefender();
  open.push(fake);
  return fake;
}

const subject = async () => {
  const { server, open: openFake } = await start();
  return {
    server,
    open: (limits: object) => openFake({ limits }),
    action: ISOLATE,
    isWrite,
    secrets: [TEST_CREDENTIALS.clientSecret],
    renews: true,
  };
};

describeFaults("Defender", subject);
describeTokenFaults("Defender", subject);

test("an isolation is asked for as documented, with whose it is in the comment", async () => {
  const { server, open: openFake, actions } = await start();
  const dispatched = await dispatchedBy(openFake(), ISOLATE);
  expect(dispatched).toMatchObject({
    responder: "defender",
    action: "isolate_host",
    direction: "do",
    externalId: actions[0]?.id,
    how: "sent",
    target: { kind: "host", asked: "ws-014.corp.example", id: DEVICE, name: "ws-014.corp.example" },
  });
  const post = server.asked.find(isWrite);
  expect(post?.path).toBe(`/api/machines/${DEVICE}/isolate`);
  expect(JSON.parse(post?.body ?? "")).toEqual({
    Comment: `Countersign INC-000123 ${KEY}`,
    IsolationType: "Full",
  });
});

describe("what came of it:", () => {
  test.each([
    ["Pending", "pending"],
    ["InProgress", "pending"],
    ["Succeeded", "verified"],
    ["Failed", "failed"],
    ["TimeOut", "failed"],
    ["Cancelled", "failed"],
    ["Canceled", "failed"],
    ["Sleeping", "unknown"],
  ])("%s is %s", async (status, outcome) => {
    const { open: openFake, actions } = await start();
    const responder = openFake();
    const dispatched = await dispatchedBy(responder, ISOLATE);
    actions[0]!.status = status;
    expect(await responder.verify(dispatched)).toMatchObject({ outcome, failure: null });
  });
});

test("what is taken on and never finished becomes unknown, not verified", async () => {
  let now = Date.UTC(2026, 2, 1);
  const { open: openFake } = await start();
  const responder = openFake({ now: () => now });
  const dispatched = await dispatchedBy(responder, ISOLATE);
  now += 24 * 3600_000;
  expect(await responder.verify(dispatched)).toMatchObject({ outcome: "pending" });
  now += 60_000;
  const late = await responder.verify(dispatched);
  expect(late).toMatchObject({ outcome: "unknown", checkAgainSeconds: 30 });
  expect(late.sentence).toContain("1441 minutes");
});

test("a repeated dispatch finds its own action, also when its answer was lost", async () => {
  const { server, open: openFake, actions } = await start();
  const first = await dispatchedBy(openFake(), ISOLATE);
  const again = await dispatchedBy(openFake(), ISOLATE);
  expect(again).toMatchObject({ how: "found", externalId: first.externalId });
  expect(actions).toHaveLength(1);
  // the action is made, and the answer never arrives
  const lost = requested("collect_artifacts", DEVICE);
  const { begins } = open[0]!;
  begins.status = "InProgress";
  server.breakDown("reset", ({ path }) => path.endsWith("collectInvestigationPackage"));
  expect(await failureOf(openFake().dispatch(lost, "run-lost-1"))).toMatchObject({
    mayHaveActed: true,
    retryable: true,
  });
  server.breakDown(null);
  await dispatchedBy(openFake(), lost, "run-lost-1");
  expect(await dispatchedBy(openFake(), lost, "run-lost-1")).toMatchObject({ how: "found" });
  expect(actions).toHaveLength(2);
});

test("what somebody else asked for is joined, and is not taken back from here", async () => {
  const { open: openFake, actions } = await start();
  const responder = openFake();
  const theirs = await dispatchedBy(responder, ISOLATE, "somebody-else");
  const joined = await dispatchedBy(responder, ISOLATE);
  expect(joined).toMatchObject({ how: "joined", externalId: theirs.externalId });
  // the key tells whose it is, whatever became of an earlier attempt
  expect(await responder.dispatch(ISOLATE, KEY, { mayHaveActed: true })).toMatchObject({
    dispatched: { how: "joined" },
  });
  actions[0]!.status = "Succeeded";
  expect(await dispatchedBy(responder, ISOLATE)).toMatchObject({ how: "already" });
  expect(actions).toHaveLength(1);
  expect(await failureOf(responder.undo(joined, "undo-0001"))).toMatchObject({ code: "not_ours" });
});

test("a device that is faster than the look is joined by the answer that it is under way", async () => {
  const { server, open: openFake, actions } = await start();
  const responder = openFake();
  await dispatchedBy(responder, ISOLATE, "somebody-else");
  let looks = 0;
  // the list is empty at the first look: the other action came a moment later
  server.breakDown({ status: 200, body: { value: [] } }, ({ path }) => {
    if (path !== "/api/machineactions") return false;
    looks += 1;
    return looks === 1;
  });
  expect(await dispatchedBy(responder, ISOLATE)).toMatchObject({ how: "joined" });
  expect(actions).toHaveLength(1);
  expect(looks).toBe(2);
});

test("said to be under way, and not found, is a conflict to come back to", async () => {
  const { server, open: openFake } = await start();
  const responder = openFake();
  await dispatchedBy(responder, ISOLATE, "somebody-else");
  server.breakDown(
    { status: 200, body: { value: [] } },
    ({ path }) => path === "/api/machineactions",
  );
  expect(await failureOf(responder.dispatch(ISOLATE, KEY))).toMatchObject({
    code: "conflict",
    retryable: true,
  });
});

test("an isolation is released, and the release is verified by itself", async () => {
  const { open: openFake, actions, begins } = await start();
  begins.status = "Succeeded";
  const responder = openFake();
  const isolated = await dispatchedBy(responder, ISOLATE);
  const released = await responder.undo(isolated, "undo-0001");
  expect(actions.map(({ type }) => type)).toEqual(["Isolate", "Unisolate"]);
  expect(released).toMatchObject({
    ok: true,
    dispatched: { direction: "undo", how: "sent", externalId: actions[1]?.id },
  });
  const undone = released.ok ? released.dispatched : isolated;
  expect(await responder.verify(undone)).toMatchObject({ outcome: "verified" });
  expect(await failureOf(responder.undo(undone, "undo-0002"))).toMatchObject({
    code: "unsupported",
  });
  // isolated anew after a release, it is no longer "already"
  expect(await dispatchedBy(responder, ISOLATE, "run-later-1")).toMatchObject({ how: "sent" });
});

test("a release waits for an isolation that is not finished", async () => {
  const { open: openFake } = await start();
  const responder = openFake();
  const isolated = await dispatchedBy(responder, ISOLATE);
  expect(await failureOf(responder.undo(isolated, "undo-0001"))).toMatchObject({
    code: "conflict",
    retryable: true,
  });
});

test("a collection cannot be taken back", async () => {
  const { open: openFake } = await start();
  const responder = openFake();
  const collected = await dispatchedBy(responder, requested("collect_artifacts", "ws-014"));
  expect(await failureOf(responder.undo(collected, "undo-0001"))).toMatchObject({
    code: "unsupported",
  });
});

describe("a target", () => {
  test.each([
    ["by device id", DEVICE],
    ["by its whole name", "WS-014.corp.example"],
    ["by its short name", "ws-014"],
  ])("%s is the device", async (_how, target) => {
    const { open: openFake, machines } = await start();
    machines.push({ id: "2".repeat(40), computerDnsName: "ws-0140.corp.example" });
    const run = await openFake().dryRun(requested("isolate_host", target));
    expect(run).toMatchObject({ ok: true, targets: [{ id: DEVICE, asked: target }] });
  });

  test.each([
    ["nobody knows", "ws-999", "unknown_target"],
    ["nobody knows by id", "3".repeat(40), "unknown_target"],
    ["is a device in another domain", "ws-014.other.example", "unknown_target"],
    ["would end a filter", "x' or 'a' eq 'a", "invalid_target"],
    ["would leave the path", "../machines", "invalid_target"],
    ["is empty", " ", "invalid_target"],
  ])("that %s is refused", async (_why, target, code) => {
    const { open: openFake } = await start();
    const failure = await failureOf(openFake().dryRun(requested("isolate_host", target)));
    expect(failure).toMatchObject({ code, retryable: false });
  });

  test("that two devices answer to is not guessed", async () => {
    const { open: openFake, machines } = await start();
    machines.push({ id: "2".repeat(40), computerDnsName: "ws-014.corp.example" });
    expect(await failureOf(openFake().dispatch(ISOLATE, KEY))).toMatchObject({
      code: "ambiguous_target",
    });
  });
});

test("a dry run says what would happen, and nothing happens", async () => {
  const { server, open: openFake } = await start();
  const run = await openFake().dryRun(ISOLATE);
  expect(run).toMatchObject({ ok: true, standing: "free", reversible: true });
  expect(run.ok && run.sentences[0]).toBe(
    `Would ask Microsoft Defender for Endpoint to cut ws-014.corp.example (${DEVICE}) off from the network.`,
  );
  expect(server.asked.filter(isWrite)).toEqual([]);
});

test("a dry run of what is under way says that nothing would be sent", async () => {
  const { open: openFake } = await start();
  await dispatchedBy(openFake(), ISOLATE);
  expect(await openFake().dryRun(ISOLATE)).toMatchObject({ ok: true, standing: "joined" });
});

test("a name that hides something is shown with it written out, and cut", async () => {
  const { open: openFake, machines } = await start();
  machines[0]!.computerDnsName = `ws\u202e${"x".repeat(500)}`;
  const run = await openFake().dryRun(requested("isolate_host", DEVICE));
  const name = run.ok ? run.targets[0]?.name : "";
  expect(name).toMatch(/^ws\u27e8U\+202E\u27e9x+\u2026$/);
  expect(name?.length).toBeLessThanOrEqual(200);
});

test("an action of another device is not taken for ours", async () => {
  const { open: openFake, actions } = await start();
  const responder = openFake();
  const dispatched = await dispatchedBy(responder, ISOLATE);
  actions[0]!.machineId = "9".repeat(40);
  actions[0]!.status = "Succeeded";
  expect(await responder.verify(dispatched)).toMatchObject({
    outcome: "unknown",
    failure: { code: "answer" },
  });
});

test("what Defender does not do is not asked of it", async () => {
  const { server, open: openFake } = await start();
  const disable = requested("disable_account", "j.doe");
  expect(await failureOf(openFake().dispatch(disable, KEY))).toMatchObject({ code: "unsupported" });
  expect(server.asked).toEqual([]);
});

describe("a token", () => {
  const tokensAsked = ({ server }: FakeDefender): number =>
    server.asked.filter(({ path }) => path.endsWith("/token")).length;

  test("is kept between calls until a minute before its end", async () => {
    const fake = await start();
    let now = Date.UTC(2026, 2, 1);
    const tokens = createTokenCache();
    const run = () => fake.open({ tokens, now: () => now }).dryRun(ISOLATE);
    await run();
    now += (3599 - 61) * 1000;
    await run();
    expect(tokensAsked(fake)).toBe(1);
    now += 2000;
    await run();
    expect(tokensAsked(fake)).toBe(2);
  });

  test("that is refused is asked for anew, once", async () => {
    const fake = await start();
    const tokens = createTokenCache();
    await fake.open({ tokens }).dryRun(ISOLATE);
    for (const kept of tokens.values()) kept.token = new Secret("withdrawn-token-of-the-desk");
    expect(await fake.open({ tokens }).dryRun(ISOLATE)).toMatchObject({ ok: true });
    expect(tokensAsked(fake)).toBe(2);
  });

  test("of one secret is not used for another", async () => {
    const fake = await start();
    const tokens = createTokenCache();
    await fake.open({ tokens }).dryRun(ISOLATE);
    const clientSecret = new Secret("rotated-and-not-known-yet");
    const credentials = { clientId: TEST_CREDENTIALS.clientId, clientSecret };
    expect(await failureOf(fake.open({ tokens, credentials }).dryRun(ISOLATE))).toMatchObject({
      code: "credentials",
      vendorCode: "invalid_client",
    });
  });

  test("and its secret are not in the cache's own text", async () => {
    const fake = await start();
    const tokens = createTokenCache();
    await fake.open({ tokens }).dryRun(ISOLATE);
    expect(JSON.stringify([...tokens])).not.toMatch(/eyJ0|secret\/of/);
  });
});
