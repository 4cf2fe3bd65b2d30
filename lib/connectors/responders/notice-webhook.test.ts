import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseNetworks } from "#lib/egress/address.ts";
import { openNoticeWebhook } from "./notice-webhook.ts";
import { Secret } from "./secret.ts";
import { LOOPBACK, startServer, type Breakage, type TestServer } from "./testing-server.ts";
import { verifyingKey, webhookFault, type WebhookHeaders } from "./webhook-signature.ts";

const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OLD = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const MESSAGE = { id: "msg_1", body: '{"type":"decision.waiting"}' };

let server: TestServer;
let elsewhere: TestServer;
beforeAll(async () => {
  elsewhere = await startServer(() => ({ status: 200 }));
  server = await startServer(() => ({ status: 204 }), { elsewhere: elsewhere.url });
});
afterAll(async () => {
  await server.close();
  await elsewhere.close();
});
beforeEach(() => {
  server.asked.splice(0);
  server.breakDown(null);
});

const open = (more: { url?: string; keys?: string[]; allow?: string[] } = {}) =>
  openNoticeWebhook({
    url: more.url ?? `${server.url}/hook?of=desk`,
    keys: (more.keys ?? [KEY, OLD]).map((key) => new Secret(key)),
    egress: more.allow ? { allow: parseNetworks(more.allow) } : LOOPBACK,
    timeoutMs: 500,
  });

test("a message arrives as it is, signed by every key, so that a receiver may know either", async () => {
  expect(await open().post(MESSAGE)).toEqual({ outcome: "taken" });
  const [asked] = server.asked;
  expect(asked).toMatchObject({ method: "POST", path: "/hook", body: MESSAGE.body });
  for (const key of [KEY, OLD]) {
    const known = verifyingKey(new Secret(key))!;
    const headers = asked!.headers as Partial<WebhookHeaders>;
    const seen = { body: asked!.body, nowSeconds: Date.now() / 1000 };
    expect(webhookFault([known], headers, seen)).toBeNull();
    expect(webhookFault([known], headers, { ...seen, body: "{}" })).toBe("wrong");
  }
});

test.each([
  [410, "refused"],
  [400, "failed"],
  [429, "failed"],
  [500, "failed"],
  [503, "failed"],
] as const)("an answer of %i is %s, by its number alone", async (status, outcome) => {
  server.breakDown({ status, body: { says: "evil" } });
  expect(await open().post(MESSAGE)).toEqual({ outcome, fault: `http ${status}` });
});

test.each(["reset", "silent"] as const)(
  "a server that is %s has failed, and may be asked again",
  async (how: Breakage) => {
    server.breakDown(how);
    expect((await open().post(MESSAGE)).outcome).toBe("failed");
  },
);

test("a redirect is not followed", async () => {
  server.breakDown("redirect");
  expect(await open().post(MESSAGE)).toEqual({ outcome: "failed", fault: "http 302" });
  expect(elsewhere.asked).toEqual([]);
});

const NOWHERE: [name: string, url: () => string, allow: string[]][] = [
  ["this machine, which is not listed", () => server.url, []],
  ["a cloud's metadata", () => "http://169.254.169.254/latest", ["127.0.0.0/8"]],
  ["a network that is not listed", () => "https://10.0.0.1/", ["127.0.0.0/8"]],
  ["clear text in the world", () => "http://1.1.1.1/", ["127.0.0.0/8"]],
];
test.each(NOWHERE)("%s is nowhere a message goes", async (_, url, allow) => {
  const posting = await open({ url: url(), allow }).post(MESSAGE);
  expect(posting).toEqual({ outcome: "refused", fault: "address" });
  expect(server.asked).toEqual([]);
});

test.each([[[]], [["secret"]], [[KEY, "whpk_AAAA"]]])(
  "without keys to sign with there is no webhook: %j",
  (keys) => {
    expect(() => open({ keys })).toThrow("needs whsec_ or whsk_ keys");
  },
);
