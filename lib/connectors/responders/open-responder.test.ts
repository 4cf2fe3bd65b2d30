import { expect, test } from "vitest";
import { responderSetup, type ResponderSetup } from "#lib/contracts/responder-inputs.ts";
import { RESPONDER_KINDS, RESPONDER_SERVES } from "#lib/domain/decision/responder.ts";
import { createTokenCache } from "./access-token.ts";
import { NO_LIST } from "./block-list-responder.ts";
import { openResponder } from "./open-responder.ts";

const where = { networks: [], ca: null };
const secret = { clientSecret: "0123456789" };

const SETUPS: ResponderSetup[] = [
  { kind: "simulated", settings: {}, credentials: null },
  {
    kind: "webhook",
    settings: { url: "https://soar.example/hook", ...where },
    credentials: { keys: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] },
  },
  {
    kind: "defender",
    settings: { tenant: "corp.example", clientId: "desk", apiUrl: null, loginUrl: null, ...where },
    credentials: secret,
  },
  {
    kind: "crowdstrike",
    settings: { clientId: "desk", apiUrl: null, ...where },
    credentials: secret,
  },
  {
    kind: "okta",
    settings: { orgUrl: "https://corp.okta.com", scheme: "SSWS", readsLog: true, ...where },
    credentials: { token: "0123456789" },
  },
  {
    kind: "entra",
    settings: {
      tenant: "corp.example",
      clientId: "desk",
      graphUrl: null,
      loginUrl: null,
      ...where,
    },
    credentials: secret,
  },
  { kind: "block_list", settings: { networks: [], domains: [], days: 30 }, credentials: null },
];

const open = (setup: ResponderSetup) =>
  openResponder(setup, { tokens: createTokenCache(), blockList: NO_LIST });

test("every kind opens from what is stored of it, and does what the form offers of it", () => {
  const served = SETUPS.map((setup) => {
    const { kind, capabilities } = open(responderSetup.parse(JSON.parse(JSON.stringify(setup))));
    return [kind, capabilities.map(({ action }) => action).toSorted()];
  });
  expect(served).toEqual(RESPONDER_KINDS.map((kind) => [kind, RESPONDER_SERVES[kind].toSorted()]));
});

test.each([
  ["a network that is none", { networks: ["10.0.0.1"] }],
  ["a certificate that is none", { ca: "trust me" }],
  ["an address of no request", { url: "ftp://soar.example" }],
  ["a setting nobody knows", { proxy: "http://127.0.0.1" }],
])("%s is refused where it is configured", (_what, settings) => {
  const webhook = SETUPS[1]!;
  const changed = { ...webhook, settings: { ...webhook.settings, ...settings } };
  expect(responderSetup.safeParse(changed).success).toBe(false);
});

test("a key that cannot sign is refused when it is opened", () => {
  const webhook = { ...SETUPS[1]!, credentials: { keys: ["whsec_short"] } } as ResponderSetup;
  expect(() => open(webhook)).toThrow("whsec_");
});
