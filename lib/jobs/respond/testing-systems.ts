import { Secret } from "#lib/connectors/responders/secret.ts";
import {
  startCrowdStrike,
  type FakeCrowdStrike,
} from "#lib/connectors/responders/testing-crowdstrike.ts";
import { TEST_CREDENTIALS } from "#lib/connectors/responders/testing-oauth.ts";
import { startServer, type TestServer } from "#lib/connectors/responders/testing-server.ts";
import {
  verifyingKey,
  webhookFault,
  type WebhookHeaders,
} from "#lib/connectors/responders/webhook-signature.ts";
import type { ResponseDesk } from "./testing-respond.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const LOOPBACK = { networks: ["127.0.0.0/8"], ca: null };
export const HOST = { action: "isolate_host", target: "ws-014.corp.example" } as const;

/** For tests: systems that act on what a desk sends them; `close` ends those that were started. */
export function responderSystems(desk: () => ResponseDesk) {
  const open: TestServer[] = [];
  return {
    receiver: () => receiver(desk(), open),
    falcon: () => falcon(desk(), open),
    async close() {
      for (const server of open.splice(0)) await server.close();
    },
  };
}

/** A receiver that believes signatures and acts on an id once. */
async function receiver(desk: ResponseDesk, open: TestServer[]) {
  const acted = new Map<string, unknown>();
  const key = verifyingKey(new Secret(SECRET))!;
  const server = await startServer(({ headers, body }) => {
    const told = headers as unknown as WebhookHeaders;
    const nowSeconds = Math.floor(Date.now() / 1000);
    if (webhookFault([key], told, { body, nowSeconds })) return { status: 401 };
    acted.set(told["webhook-id"], JSON.parse(body));
    return { status: 202 };
  });
  open.push(server);
  const settings = { url: `${server.url}/hook`, ...LOOPBACK };
  await desk.configure(
    { kind: "webhook", settings, credentials: { keys: [SECRET] } },
    { name: "SOAR" },
  );
  return { server, acted };
}

async function falcon(desk: ResponseDesk, open: TestServer[]): Promise<FakeCrowdStrike> {
  const fake = await startCrowdStrike();
  open.push(fake.server);
  await desk.configure({
    kind: "crowdstrike",
    settings: { clientId: TEST_CREDENTIALS.clientId, apiUrl: fake.server.url, ...LOOPBACK },
    credentials: { clientSecret: TEST_CREDENTIALS.clientSecret },
  });
  return fake;
}

/** What was asked of it that acts. */
export function writesOf({ server }: FakeCrowdStrike) {
  return server.asked.filter(({ path }) => path.endsWith("/devices-actions/v2"));
}
