import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import { openCrowdStrike } from "./crowdstrike.ts";
import { openDefender } from "./defender.ts";
import { openEntra } from "./entra.ts";
import { openOkta } from "./okta.ts";
import type { Dispatched, Responder } from "./responder.ts";
import type { Egress } from "#lib/egress/resolve.ts";
import { Secret } from "./secret.ts";
import { KEY, ORIGIN } from "./testing-faults.ts";
import {
  LOOPBACK,
  startServer,
  type Asked,
  type Reply,
  type TestServer,
} from "./testing-server.ts";
import { openWebhook } from "./webhook.ts";

/** Whatever is asked for and whatever comes back: requests go to the configured host, and no credential comes out. */

const SECRET = "s3cret-Of-The-Desk~0001";
const TOKEN = "token.Of.The.Desk-0002";
const WEBHOOK_KEY = "whsec_c2VjcmV0LW9mLXRoZS1kZXNrLW5vLTAwMDM=";
const HOST = "vendor.test";

let server: TestServer;
let elsewhere: TestServer;
let lookedUp: string[] = [];
let reply: (asked: Asked) => Reply = () => ({ status: 200 });

beforeAll(async () => {
  elsewhere = await startServer(() => ({ status: 200, body: {} }));
  server = await startServer((asked) =>
    asked.path.endsWith("/token")
      ? { status: 200, body: { access_token: TOKEN, expires_in: 3600, echoed: asked.body } }
      : reply(asked),
  );
});

afterAll(async () => {
  await server.close();
  await elsewhere.close();
});

const egress: Egress = {
  ...LOOPBACK,
  lookup: async (host) => {
    lookedUp.push(host);
    return [{ address: "127.0.0.1", family: 4 }];
  },
};

function openAll(): Responder[] {
  const url = `http://${HOST}:${server.port}`;
  const credentials = { clientId: "desk", clientSecret: new Secret(SECRET) };
  const shared = { egress, credentials };
  return [
    openDefender({ ...shared, tenant: "contoso.example", apiUrl: url, loginUrl: url }),
    openCrowdStrike({ ...shared, apiUrl: `${url}/base` }),
    openEntra({ ...shared, tenant: "contoso.example", graphUrl: url, loginUrl: url }),
    openOkta({
      egress,
      orgUrl: url,
      credentials: { scheme: "SSWS", token: new Secret(SECRET) },
      readsLog: true,
    }),
    openWebhook({ egress, url: `${url}/hook?key=in-the-address`, keys: [new Secret(WEBHOOK_KEY)] }),
  ];
}

/** Texts that try to become another address, another path or another header. */
const targets = () =>
  fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.constantFrom(
      `http://127.0.0.1:${elsewhere.port}/`,
      `//127.0.0.1:${elsewhere.port}/`,
      `@127.0.0.1:${elsewhere.port}`,
      `j.doe@127.0.0.1`,
      "..",
      "../../oauth2/token",
      "%2e%2e/%2e%2e",
      "a/../../b",
      "ws-014",
      "j.doe",
      "j.doe@corp.example",
      "1e5bc9d7e413ddd7902c2932e418702b84d0cc07",
      "0123456789abcdef0123456789abcdef",
      "8afc02cb-4d62-4dba-b536-9f6d73e9be26",
      "x\r\nhost: evil.test",
      "\\\\evil.test\\share",
      "?a=b#c",
    ),
  );

/** Answers that repeat what they were sent wherever a text can stand, in the shapes the adapters read. */
const answers = fc.record({
  status: fc.constantFrom(200, 201, 202, 204, 302, 400, 401, 403, 404, 409, 429, 500),
  shape: fc.nat(6),
});

function echoing({ status, shape }: { status: number; shape: number }): (asked: Asked) => Reply {
  return ({ headers, body }) => {
    const told = `${headers.authorization ?? ""} ${body} ${SECRET} ${TOKEN} ${WEBHOOK_KEY}`;
    const id = "1e5bc9d7e413ddd7902c2932e418702b84d0cc07";
    const bodies: unknown[] = [
      told,
      { error: { code: TOKEN, message: told } },
      { errors: [{ code: SECRET, message: told }] },
      { errorCode: SECRET.slice(0, 12), errorSummary: told },
      { id, computerDnsName: told, value: [{ id, computerDnsName: `ws-014.${TOKEN}` }] },
      { id: "00ub0oNGTSWTBKOLGLNR", status: "ACTIVE", profile: { login: `j.doe@${SECRET}` } },
      {
        resources: [
          { device_id: "0123456789abcdef0123456789abcdef", hostname: told, status: "normal" },
        ],
      },
    ];
    const location = `http://127.0.0.1:${elsewhere.port}/${SECRET}`;
    return { status, ...(status !== 204 && { body: bodies[shape] }), headers: { location } };
  };
}

async function everything(
  responder: Responder,
  action: Dispatched["action"],
  target: string,
): Promise<unknown[]> {
  const asked = { action, target, origin: ORIGIN, requestedAt: "2026-03-01T02:30:00.000Z" };
  const stored: Dispatched = {
    ...asked,
    responder: responder.kind,
    direction: "do",
    target: { kind: "other", asked: target, id: target, name: target },
    externalId: target,
    how: "sent",
    sentence: "",
    key: KEY,
    at: asked.requestedAt,
    marker: target,
  };
  return [
    await responder.dryRun(asked),
    await responder.dispatch(asked, KEY),
    await responder.verify(stored),
    await responder.undo(stored, KEY),
  ];
}

describe("whatever is asked for and whatever comes back", () => {
  test.each([0, 1, 2, 3, 4])(
    "responder %i asks its own host and lets no credential out",
    async (index) => {
      await fc.assert(
        fc.asyncProperty(
          targets(),
          fc.constantFrom(...RESPONSE_ACTION_KINDS),
          answers,
          async (target, action, answer) => {
            lookedUp = [];
            server.asked.splice(0);
            reply = echoing(answer);
            const said = JSON.stringify(await everything(openAll()[index]!, action, target));
            expect(new Set([...lookedUp, HOST])).toEqual(new Set([HOST]));
            for (const { headers } of server.asked)
              expect(headers.host).toBe(`${HOST}:${server.port}`);
            expect(elsewhere.asked).toEqual([]);
            for (const secret of [
              SECRET,
              TOKEN,
              WEBHOOK_KEY,
              SECRET.slice(0, 12),
              "in-the-address",
            ])
              expect(said).not.toContain(secret);
          },
        ),
        { numRuns: 40 },
      );
    },
    30_000,
  );
});

test("a name that repeats a credential is shown without it", async () => {
  const [defender, , , okta] = openAll();
  const ask = { origin: ORIGIN, requestedAt: "2026-03-01T02:30:00.000Z" };
  reply = echoing({ status: 200, shape: 5 });
  const login = await okta!.dryRun({ ...ask, action: "revoke_sessions", target: "j.doe" });
  expect(login).toMatchObject({ ok: true, targets: [{ name: "j.doe@[withheld]" }] });
  reply = (asked) =>
    asked.path.endsWith("/machineactions")
      ? { status: 200, body: { value: [] } }
      : echoing({ status: 200, shape: 4 })(asked);
  const device = "1e5bc9d7e413ddd7902c2932e418702b84d0cc07";
  const host = await defender!.dryRun({ ...ask, action: "isolate_host", target: device });
  expect(host).toMatchObject({
    ok: true,
    targets: [{ name: expect.stringContaining("Bearer [withheld]") as string }],
  });
});

test("the document has every capability with its permissions, in one row", async () => {
  const document = await readFile("docs/responders.md", "utf8");
  const rows = document.split("\n").filter((line) => line.startsWith("| `"));
  for (const { kind, capabilities } of openAll().slice(0, 4))
    for (const { action, permissions, undo } of capabilities) {
      const [row, ...more] = rows.filter((line) =>
        line.startsWith(`| \`${kind}\` | \`${action}\` |`),
      );
      expect(more).toEqual([]);
      for (const permission of permissions) expect(row).toContain(permission);
      expect(row?.endsWith("| none |"), `${kind} ${action}`).toBe(undo === null);
    }
});

test("a base path is never left", async () => {
  const paths = new Set<string>();
  reply = ({ path }) => {
    paths.add(path.split("/")[1] ?? "");
    return { status: 200, body: { resources: [] } };
  };
  await fc.assert(
    fc.asyncProperty(targets(), async (target) => {
      await everything(openAll()[1]!, "isolate_host", target);
    }),
    { numRuns: 40 },
  );
  expect([...paths]).toEqual(["base"]);
}, 30_000);

test("a credential is not in what a log or a debugger writes", () => {
  const secret = new Secret(SECRET);
  expect(`${secret.toString()} ${JSON.stringify({ secret })}`).toBe(
    '[secret] {"secret":"[secret]"}',
  );
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.reveal()).toBe(SECRET);
});
