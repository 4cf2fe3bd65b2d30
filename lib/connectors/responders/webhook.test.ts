import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "./secret.ts";
import { dispatchedBy, failureOf, KEY, ORIGIN, requested } from "./testing-faults.ts";
import {
  LOOPBACK,
  startServer,
  type Asked,
  type Breakage,
  type Reply,
  type TestServer,
} from "./testing-server.ts";
import { openWebhook, type WebhookSettings } from "./webhook.ts";
import { verifyingKey, webhookFault, type WebhookHeaders } from "./webhook-signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const ISOLATE = requested("isolate_host", "ws-014.corp.example");

/** A receiver as the standard asks of it: it believes signatures, and acts on an id once. */
type Receiver = { server: TestServer; acted: Map<string, string>; url: string };

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(): Promise<Receiver> {
  const acted = new Map<string, string>();
  const key = verifyingKey(new Secret(SECRET));
  const server = await startServer(({ headers, body }: Asked) => {
    const told = headers as unknown as WebhookHeaders;
    const nowSeconds = Math.floor(Date.now() / 1000);
    if (!key || webhookFault([key], told, { body, nowSeconds })) return { status: 401 };
    if (!acted.has(told["webhook-id"])) acted.set(told["webhook-id"], body);
    return { status: 202, body: "taken" };
  });
  open.push(server);
  return { server, acted, url: `${server.url}/hooks/soar?tenant=7&a=b?c` };
}

const openAt = (url: string, over: Partial<WebhookSettings> = {}) =>
  openWebhook({ url, keys: [new Secret(SECRET)], egress: LOOPBACK, ...over });

test("a message holds ids and nothing else, and the receiver believes it", async () => {
  const { acted, server, url } = await start();
  const dispatched = await dispatchedBy(openAt(url), ISOLATE);
  expect(dispatched).toMatchObject({ responder: "webhook", how: "sent", externalId: `msg_${KEY}` });
  expect(JSON.parse(acted.get(`msg_${KEY}`) ?? "")).toEqual({
    type: "response.requested",
    timestamp: "2026-03-01T02:30:00.000Z",
    data: { ...ORIGIN, action: "isolate_host" },
  });
  expect(server.asked[0]).toMatchObject({ method: "POST", path: "/hooks/soar" });
  expect(server.asked[0]?.query.get("a")).toBe("b?c");
  expect(server.asked[0]?.body).not.toContain("ws-014");
});

test("a receiver that keeps ids acts once, since every attempt is the same message at another time", async () => {
  const { acted, server, url } = await start();
  await dispatchedBy(openAt(url), ISOLATE);
  await dispatchedBy(openAt(url, { now: () => Date.now() + 60_000 }), ISOLATE);
  expect(acted.size).toBe(1);
  const [first, second] = server.asked;
  expect(second?.body).toBe(first?.body);
  expect(second?.headers["webhook-timestamp"]).not.toBe(first?.headers["webhook-timestamp"]);
});

test("during a rotation a receiver that knows either key takes the message", async () => {
  const { acted, url } = await start();
  await dispatchedBy(openAt(url, { keys: [new Secret(OLD), new Secret(SECRET)] }), ISOLATE);
  expect(acted.size).toBe(1);
});

test("that a message was taken is never taken for its effect", async () => {
  const { url } = await start();
  const responder = openAt(url);
  const dispatched = await dispatchedBy(responder, ISOLATE);
  expect(await responder.verify(dispatched)).toMatchObject({
    outcome: "unknown",
    failure: null,
    checkAgainSeconds: null,
  });
});

test("taking back is a message of its own", async () => {
  const { acted, url } = await start();
  const responder = openAt(url);
  const dispatched = await dispatchedBy(responder, ISOLATE);
  const undone = await responder.undo(dispatched, "undo-0001");
  expect(undone).toMatchObject({ ok: true, dispatched: { direction: "undo" } });
  expect(JSON.parse(acted.get("msg_undo-0001") ?? "")).toMatchObject({
    type: "response.undo_requested",
    data: { action: "isolate_host" },
  });
  const sessions = await dispatchedBy(
    responder,
    requested("revoke_sessions", "j.doe"),
    "run-00002",
  );
  expect(await failureOf(responder.undo(sessions, "undo-0002"))).toMatchObject({
    code: "unsupported",
  });
});

test("a dry run sends nothing", async () => {
  const { server, url } = await start();
  expect(await openAt(url).dryRun(ISOLATE)).toMatchObject({ ok: true, standing: "free" });
  expect(server.asked).toEqual([]);
});

describe("a receiver that answers", () => {
  test.each<[string, Reply | Breakage, object]>([
    ["410 wants no more", { status: 410 }, { code: "gone", retryable: false }],
    ["401 does not know the key", { status: 401 }, { code: "credentials", retryable: false }],
    ["404 is elsewhere", { status: 404 }, { code: "unknown_target", retryable: false }],
    ["a redirect is not followed", "redirect", { code: "answer", retryable: false }],
    [
      "429 says when",
      { status: 429, headers: { "retry-after": "9" } },
      { code: "rate_limited", retryable: true, retryAfterSeconds: 9 },
    ],
    [
      "502 may have acted",
      { status: 502 },
      { code: "server", retryable: true, mayHaveActed: true },
    ],
    [
      "nothing may have acted",
      "reset",
      { code: "unreachable", retryable: true, mayHaveActed: true },
    ],
    ["never may have acted", "silent", { code: "timeout", retryable: true, mayHaveActed: true }],
  ])("%s", async (_what, how, expected) => {
    const { server, url } = await start();
    server.breakDown(how);
    const limits = how === "silent" ? { requestMs: 250 } : {};
    const failure = await failureOf(openAt(url, { limits }).dispatch(ISOLATE, KEY));
    expect(failure).toMatchObject(expected);
    expect(JSON.stringify(failure)).not.toMatch(/whsec|tenant=7|hooks/);
  });

  test.each<Breakage>(["oversized", "html", "malformed", "gzip", "cut_body"])(
    "2xx with a body that is %s has taken the message",
    async (how) => {
      const { server, url } = await start();
      server.breakDown(how);
      expect(await openAt(url).dispatch(ISOLATE, KEY)).toMatchObject({ ok: true });
    },
  );
});

test("without a key to sign with, or with one that is none, there is no webhook", () => {
  expect(() => openAt("https://soar.example/", { keys: [] })).toThrow(TypeError);
  const keys = [new Secret(SECRET), new Secret("whpk_AAAA")];
  expect(() => openAt("https://soar.example/", { keys })).toThrow(TypeError);
  expect(() => openAt("https://user:secret@soar.example/")).toThrow(TypeError);
});

test("a key of another form is a mistake of the caller", async () => {
  const { url, server } = await start();
  for (const key of ["short", "with.full.stops", "with space", "x".repeat(81), "line\nbreak-0001"])
    await expect(openAt(url).dispatch(ISOLATE, key)).rejects.toThrow(TypeError);
  expect(server.asked).toEqual([]);
});
