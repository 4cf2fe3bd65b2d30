import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { checkResponseAgain } from "#lib/commands/responses/check-response-again.ts";
import { TEST_CREDENTIALS } from "#lib/connectors/responders/testing-oauth.ts";
import { TEST_SEAL_KEYS } from "#lib/db/testing-copilot.ts";
import type { ResponderSetup } from "#lib/contracts/responder-inputs.ts";
import { listResponders } from "#lib/queries/list-responders.ts";
import { findToldResponse } from "#lib/queries/find-told-response.ts";
import { testDatabase } from "#lib/db/testing.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { respondAll, respondOnce } from "./respond.ts";
import { responseDesk, type ResponseDesk } from "./testing-respond.ts";
import { HOST, responderSystems, writesOf } from "./testing-systems.ts";

let desk: ResponseDesk;
const systems = responderSystems(() => desk);
const { receiver, falcon } = systems;
beforeAll(async () => {
  desk = await responseDesk(await testDatabase());
});
afterAll(() => desk.db.close());
afterEach(async () => {
  await desk.retireAll();
  await systems.close();
});

test("what was signed reaches a webhook's receiver once, and is never called verified", async () => {
  const { acted } = await receiver();
  const { runId, decisionId, incidentId } = await desk.signed(HOST);
  await respondAll(desk.context());
  expect([...acted]).toEqual([
    [
      `msg_run-${runId}`,
      {
        type: "response.requested",
        timestamp: expect.any(String),
        data: {
          run: runId,
          decision: decisionId,
          incident: expect.stringMatching(/^INC-\d{6}$/),
          action: "isolate_host",
        },
      },
    ],
  ]);
  expect(await desk.run(runId)).toMatchObject({ outcome: "unknown", step: "done", checks: 1 });
  const read = (responder: string) => findToldResponse(desk.db.web, { runId, responder });
  expect(await read("SOAR")).toMatchObject({ run: runId, decision: decisionId, ...HOST });
  expect(await read("Another SOAR")).toBeNull();
  expect(await desk.attempts(runId)).toMatchObject([
    { number: 1, key: `run-${runId}`, outcome: "dispatched" },
  ]);
  expect(await desk.trailKinds(incidentId)).toEqual([
    "response.attempted",
    "response.dispatched",
    "response.recorded",
  ]);
});

test("a simulation goes from signature to verified, and says what it is", async () => {
  await desk.configure({ kind: "simulated", settings: {}, credentials: null });
  const { runId, incidentId } = await desk.signed(HOST);
  await respondAll(desk.context());
  const run = await desk.run(runId);
  expect(run).toMatchObject({ outcome: "verified", step: "done" });
  expect(`${run.foreseen} ${run.detail}`).toContain("nothing happened anywhere");
  expect(await desk.trailKinds(incidentId)).toEqual([
    "response.attempted",
    "response.dispatched",
    "response.verified",
  ]);
});

test("dispatched is not verified: a host counts as isolated when the system says so, later", async () => {
  const fake = await falcon();
  const { runId } = await desk.signed(HOST);
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({ outcome: "dispatched", step: "verify", checks: 1 });
  fake.hosts[0]!.status = "contained";
  await desk.hurry(runId);
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({ outcome: "verified", step: "done", checks: 2 });
  expect(writesOf(fake)).toHaveLength(1);
});

test("a host is let back on the network by a second signature, and by nothing else", async () => {
  const fake = await falcon();
  const { runId, incidentId } = await desk.signed(HOST);
  await respondAll(desk.context());
  fake.hosts[0]!.status = "contained";
  const undo = await desk.signed({ ...HOST, undoOf: runId }, incidentId);
  await respondAll(desk.context());
  expect(writesOf(fake).map(({ query }) => query.get("action_name"))).toEqual([
    "contain",
    "lift_containment",
  ]);
  fake.hosts[0]!.status = "normal";
  await desk.hurry(undo.runId);
  await respondAll(desk.context());
  expect(await desk.run(undo.runId)).toMatchObject({ outcome: "verified" });
});

test("of a closed incident a host is let back by a signature, once, and the incident stays closed", async () => {
  await desk.configure({ kind: "simulated", settings: {}, credentials: null });
  const { runId, incidentId } = await desk.signed(HOST);
  await respondAll(desk.context());
  const closure = await propose(desk.db.pools.web, { incidentId, proposer: desk.ana });
  await sign(desk.db.pools.web, closure, { person: desk.lea });
  await expect(desk.signed(HOST, incidentId)).rejects.toThrow("G14");
  const undo = await desk.signed({ ...HOST, undoOf: runId }, incidentId);
  await respondAll(desk.context());
  expect(await desk.run(undo.runId)).toMatchObject({ outcome: "verified" });
  const incident = await desk.db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  expect(incident).toMatchObject({
    status: "closed",
    closedBy: closure.id,
    containedBy: undo.decisionId,
  });
  expect(incident.closedAt).not.toBeNull();
  await expect(desk.signed({ ...HOST, undoOf: runId }, incidentId)).rejects.toThrow("G14");
  // A release that failed leaves what it was to take back standing.
  await desk.db.pools.owner.query("update response_run set outcome = 'failed' where id = $1", [
    undo.runId,
  ]);
  await desk.signed({ ...HOST, undoOf: runId }, incidentId);
});

test("a responder that is changed is asked on by its next version, one that is retired is not", async () => {
  const fake = await falcon();
  const { runId } = await desk.signed(HOST);
  await respondAll(desk.context());
  const { inForce } = await listResponders(desk.db.web);
  const { id, name, settings } = inForce[0]!;
  const setup = {
    kind: "crowdstrike",
    settings,
    credentials: { clientSecret: TEST_CREDENTIALS.clientSecret },
  } as ResponderSetup;
  await desk.configure(setup, { name, replaces: id });
  await desk.hurry(runId);
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({ outcome: "dispatched", step: "verify", checks: 2 });
  await desk.retireAll();
  const asked = fake.server.asked.length;
  await desk.hurry(runId);
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({
    outcome: "unknown",
    step: "done",
    detail: "The responder was retired; look at the system itself.",
  });
  expect(fake.server.asked).toHaveLength(asked);
});

test("an answer that is lost is looked for, not asked for again", async () => {
  const fake = await falcon();
  const { runId } = await desk.signed(HOST);
  fake.server.breakDown("reset", ({ path }) => path.endsWith("/devices-actions/v2"));
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({ outcome: "unknown", step: "dispatch" });
  expect(await desk.attempts(runId)).toMatchObject([{ outcome: "unknown", may_have_acted: true }]);
  // it had arrived, and the system acted
  fake.hosts[0]!.status = "contained";
  fake.server.breakDown(null);
  await desk.hurry(runId);
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({ outcome: "verified", step: "done" });
  expect(await desk.attempts(runId)).toMatchObject([
    { number: 1, outcome: "unknown" },
    { number: 2, outcome: "dispatched", answer: expect.stringContaining("earlier attempt") },
  ]);
  expect(writesOf(fake)).toHaveLength(1);
});

test("a worker killed while it asks is followed by one that looks first", async () => {
  const fake = await falcon();
  const { runId } = await desk.signed(HOST);
  fake.server.breakDown("silent", ({ path }) => path.endsWith("/devices-actions/v2"));
  const script = `
    const { createClient } = await import("#lib/db/prisma.ts");
    const { createTokenCache } = await import("#lib/connectors/responders/access-token.ts");
    const { respondAll } = await import("#lib/jobs/respond/respond.ts");
    const silent = { info() {}, warn() {}, error() {} };
    await respondAll({ db: createClient(process.env.URL_OF_WORKER, 2), worker: "doomed", log: silent,
      sealKey: process.env.SEAL_KEY, tokens: createTokenCache(), leaseMs: 60000 });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: {
      ...process.env,
      URL_OF_WORKER: desk.db.urls.worker,
      SEAL_KEY: TEST_SEAL_KEYS.privateKey,
    },
  });
  const told: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => told.push(chunk.toString()));
  await expect.poll(() => writesOf(fake).length || told.join(""), { timeout: 20_000 }).toBe(1);
  child.kill("SIGKILL");
  await once(child, "exit");
  fake.hosts[0]!.status = "contained";
  fake.server.breakDown(null);
  expect(await respondOnce(desk.context())).toBe(false); // still the dead one's
  await desk.lapse(runId);
  await respondAll(desk.context());
  expect(await desk.attempts(runId)).toMatchObject([
    {
      number: 1,
      outcome: "unknown",
      may_have_acted: true,
      answer: expect.stringContaining("worker ended") as string,
    },
    { number: 2, outcome: "dispatched", key: `run-${runId}` },
  ]);
  expect(await desk.run(runId)).toMatchObject({ outcome: "verified" });
  expect(writesOf(fake)).toHaveLength(1);
});

test("several workers at once ask once", async () => {
  const { acted, server } = await receiver();
  const runs = await Promise.all([desk.signed(HOST), desk.signed(HOST), desk.signed(HOST)]);
  await Promise.all([1, 2, 3, 4].map(() => respondAll(desk.context())));
  expect(acted.size).toBe(3);
  expect(server.asked).toHaveLength(3);
  for (const { runId } of runs) expect(await desk.attempts(runId)).toHaveLength(1);
});

test("a worker that lost its run writes nothing over the other's word", async () => {
  const fake = await falcon();
  const { runId } = await desk.signed(HOST);
  fake.server.breakDown("silent", ({ path }) => path.endsWith("/devices-actions/v2"));
  const slow = respondOnce(desk.context({ limits: { requestMs: 3_000 } }));
  await expect.poll(() => writesOf(fake).length, { timeout: 10_000 }).toBe(1);
  fake.server.breakDown(null);
  fake.hosts[0]!.status = "contained";
  await desk.lapse(runId);
  await respondAll(desk.context());
  expect(await slow).toBe(true);
  expect(await desk.run(runId)).toMatchObject({ outcome: "verified", step: "done" });
  expect(await desk.attempts(runId)).toMatchObject([
    { outcome: "unknown" },
    { outcome: "dispatched" },
  ]);
});

test("a receiver that fails is tried five times in all, and then nobody knows", async () => {
  const { server } = await receiver();
  server.breakDown({ status: 503 });
  const { runId } = await desk.signed(HOST);
  for (let round = 0; round < 8; round += 1) {
    await respondAll(desk.context());
    await desk.hurry(runId);
  }
  expect(server.asked).toHaveLength(5);
  expect(new Set(server.asked.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(await desk.run(runId)).toMatchObject({ outcome: "unknown", step: "done" });
  expect(await desk.attempts(runId)).toMatchObject(
    Array.from({ length: 5 }, (_, index) => ({
      number: index + 1,
      http_status: 503,
      may_have_acted: true,
    })),
  );
});

test("a person may have a run that was sent looked at again; one that was not sent says so", async () => {
  const fake = await falcon();
  const { runId } = await desk.signed(HOST);
  await respondAll(desk.context());
  fake.hosts[0]!.status = "contained";
  const by = { kind: "person", session: null, id: desk.ana.id } as const;
  await checkResponseAgain(desk.db.web, { runId }, by);
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({ outcome: "verified" });
  await desk.retireAll();
  const unsent = await desk.signed(HOST);
  await respondAll(desk.context());
  await expect(checkResponseAgain(desk.db.web, { runId: unsent.runId }, by)).rejects.toMatchObject({
    code: "response_not_sent",
  });
});
