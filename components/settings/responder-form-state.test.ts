import { expect, test } from "vitest";
import { RESPONDER_KINDS } from "#lib/domain/decision/responder.ts";
import { readResponder, responderFormOf } from "./responder-form-state.ts";

const filled = {
  ...responderFormOf(null, ["isolate_host", "block_indicator", "disable_account"]),
  name: "Desk",
  url: "https://soar.example/hook",
  keys: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
  tenant: "corp.example",
  clientId: "desk",
  clientSecret: "secret-0001",
  orgUrl: "https://corp.okta.com",
  token: "secret-0002",
  networks: "10.20.0.0/24, fd12::/32\n",
  domains: "corp.example\nexample.org",
};

test("each kind sends its own fields and none of another's", () => {
  const sent = RESPONDER_KINDS.map((kind) => {
    const read = readResponder({ ...filled, kind, actions: actionOf(kind) }, null);
    return read.ok
      ? [kind, read.input.setup.credentials && Object.keys(read.input.setup.credentials)]
      : read.errors;
  });
  expect(sent).toEqual([
    ["simulated", null],
    ["webhook", ["keys"]],
    ["defender", ["clientSecret"]],
    ["crowdstrike", ["clientSecret"]],
    ["okta", ["token"]],
    ["entra", ["clientSecret"]],
    ["block_list", null],
  ]);
});

test("the form of a responder in force is what was saved, without its credentials", () => {
  const read = readResponder({ ...filled, kind: "webhook", actions: ["isolate_host"] }, null);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const { setup, name, actions } = read.input;
  const again = responderFormOf({ name, actions, kind: setup.kind, settings: setup.settings });
  expect(again).toMatchObject({ url: filled.url, networks: "10.20.0.0/24\nfd12::/32", keys: "" });
});

test("what is wrong is said at its field", () => {
  const wrong = {
    ...filled,
    kind: "webhook",
    url: "soar",
    keys: "nokey",
    networks: "10.0.0.1",
    actions: [],
  } as const;
  expect(readResponder({ ...wrong, actions: [] }, null)).toEqual({
    ok: false,
    errors: {
      actions: "Choose at least one response action.",
      url: "Write an absolute address such as https://soar.example/hook.",
      keys: "A key begins with whsec_ or whsk_.",
      networks: "Write networks in CIDR notation: 10.20.0.0/24.",
    },
  });
  const days = readResponder(
    { ...filled, kind: "block_list", days: "x", actions: ["block_indicator"] },
    null,
  );
  expect(days).toMatchObject({ ok: false, errors: { days: expect.any(String) } });
});

function actionOf(kind: string) {
  if (kind === "block_list") return ["block_indicator" as const];
  return kind === "okta" || kind === "entra"
    ? ["disable_account" as const]
    : ["isolate_host" as const];
}
