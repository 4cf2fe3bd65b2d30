import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openNoticeWebhook } from "#lib/connectors/responders/notice-webhook.ts";
import { Secret } from "#lib/connectors/responders/secret.ts";
import {
  LOOPBACK,
  startServer,
  type TestServer,
} from "#lib/connectors/responders/testing-server.ts";
import {
  act as actByItself,
  ISOLATE,
  makeCollectable,
  publishRules,
  secondAdmin,
} from "#lib/db/testing-automation.ts";
import { proposePolicy, rulesInForce } from "#lib/db/testing-policy.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { enrolForTest } from "#lib/db/testing-passkeys.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { postDueNotices } from "./post-notices.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let world: World;
let server: TestServer;
beforeAll(async () => {
  world = await makeWorld();
  server = await startServer(() => ({ status: 204 }));
});
afterAll(async () => {
  await server.close();
  await world.db.close();
});
beforeEach(async () => {
  await world.owner.query("delete from notice_delivery");
  server.asked.splice(0);
  server.breakDown(null);
});

const post = () =>
  postDueNotices(
    world.db.worker,
    openNoticeWebhook({
      url: server.url,
      keys: [new Secret(`whsec_${Buffer.alloc(32, 7).toString("base64")}`)],
      egress: LOOPBACK,
      timeoutMs: 500,
    }),
    { log },
  );

async function proposed() {
  const { id: incidentId } = await makeIncident(world.db);
  return propose(world.web, { incidentId, proposer: world.ana });
}

async function states(): Promise<string[]> {
  const { rows } = await world.owner.query(
    "select state || coalesce(' ' || fault, '') as said from notice_delivery where person_id is null order by id",
  );
  return rows.map(({ said }) => said as string);
}

const dueNow = () =>
  world.owner.query("update notice_delivery set due_at = now() where state = 'due'");
const messages = () => server.asked.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

test("what people are told of is posted once for all of them, as ids", async () => {
  const decision = await proposed();
  await sign(world.web, decision, { person: world.bo });
  const passkey = await enrolForTest(world.web, { person: world.bo, name: "secret name" });
  expect(await post()).toBe(3);
  expect(await post()).toBe(0);
  const about = { decision: decision.id, incident: expect.stringMatching(/^INC-\d{6}$/) };
  expect(messages()).toEqual([
    {
      type: "decision.waiting",
      timestamp: expect.any(String),
      data: { event: expect.any(String), ...about },
    },
    {
      type: "decision.took_effect",
      timestamp: expect.any(String),
      data: { event: expect.any(String), ...about },
    },
    {
      type: "passkey.enrolled",
      timestamp: expect.any(String),
      data: { event: expect.any(String), passkey: passkey.id },
    },
  ]);
  for (const { body } of server.asked) expect(body).not.toMatch(/secret name|Known scanner|ana/);
  expect(await states()).toEqual(["sent", "sent", "sent"]);
});

test("a weaker policy and an act by itself are posted as the version and the act", async () => {
  const eve = await secondAdmin(world);
  const rules = (await rulesInForce(world.web)).map((rule) => ({
    ...rule,
    minRole: "analyst" as const,
    leadSignOffs: 0,
  }));
  const { version } = await proposePolicy(world.web, { person: world.adm, rules });
  await publishRules(world.web, { admins: [world.adm, eve], rules: [ISOLATE], owner: world.owner });
  const { incidentId } = await makeCollectable(world.db, { sourceId: world.sourceId });
  const act = await actByItself(world.db.pools.worker, incidentId, { action: "isolate_host" });
  await post();
  const event = expect.any(String);
  expect(messages().map(({ type, data }) => ({ type, data }))).toEqual([
    { type: "policy.waiting", data: { event, policy: version } },
    { type: "automation.waiting", data: { event, automation: expect.any(Number) } },
    { type: "automation.scheduled", data: { event, automation: expect.any(Number) } },
    {
      type: "automation.isolated",
      data: { event, act, incident: expect.stringMatching(/^INC-\d{6}$/) },
    },
  ]);
  for (const { body } of server.asked) expect(body).not.toMatch(/ws-17|Because/);
});

test("a receiver that is down hears later, the same message under the same id", async () => {
  await proposed();
  server.breakDown({ status: 503 });
  expect(await post()).toBe(0);
  expect(await states()).toEqual(["due http 503"]);
  expect(await post()).toBe(0);
  server.breakDown("reset");
  await dueNow();
  expect(await post()).toBe(0);
  server.breakDown(null);
  await dueNow();
  expect(await post()).toBe(1);
  expect(server.asked).toHaveLength(3);
  expect(new Set(server.asked.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(server.asked.map(({ body }) => body)).size).toBe(1);
});

test("one that wants no more, or never answers well, is given up", async () => {
  await proposed();
  server.breakDown({ status: 410 });
  await post();
  expect(await states()).toEqual(["failed http 410"]);
  await proposed();
  server.breakDown({ status: 500 });
  for (let left = 8; left > 0; left -= 1) {
    await dueNow();
    await post();
  }
  expect(await states()).toEqual(["failed http 410", "failed http 500"]);
});
