import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "./secret.ts";
import {
  publicKeyOf,
  signingKey,
  signWebhook,
  verifyingKey,
  webhookFault,
  type SigningKey,
  type VerifyingKey,
} from "./webhook-signature.ts";

/** From the tests of the reference libraries (JavaScript and Go) of Standard Webhooks. */
const PUBLISHED = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  atSeconds: 1614265330,
  body: '{"test": 2432232314}',
};
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PRIVATE = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=";
const HMAC = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const ED25519 =
  "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==";

function signing(text: string): SigningKey {
  const key = signingKey(new Secret(text));
  if (!key) throw new Error("no signing key");
  return key;
}

function verifying(text: string): VerifyingKey {
  const key = verifyingKey(new Secret(text));
  if (!key) throw new Error("no verifying key");
  return key;
}

function publicText(text: string): string {
  const key = signing(text);
  if (key.scheme !== "v1a") throw new Error("not asymmetric");
  return publicKeyOf(key);
}

const PUBLIC = publicText(PRIVATE);
const now = { body: PUBLISHED.body, nowSeconds: PUBLISHED.atSeconds };

describe("the published vectors", () => {
  test("are signed alike", () => {
    const headers = signWebhook([signing(SECRET), signing(PRIVATE)], PUBLISHED);
    expect(headers).toEqual({
      "webhook-id": PUBLISHED.id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": `${HMAC} ${ED25519}`,
    });
  });

  test.each([
    ["v1", HMAC, SECRET],
    ["v1a", ED25519, PUBLIC],
  ])("are believed by %s", (_scheme, signature, key) => {
    const headers = {
      ...signWebhook([signing(SECRET)], PUBLISHED),
      "webhook-signature": signature,
    };
    expect(webhookFault([verifying(key)], headers, now)).toBeNull();
  });
});

test("a private key may carry its public half, which has to be its own", () => {
  const seed = Buffer.from(PRIVATE.slice(5), "base64");
  const half = Buffer.from(PUBLIC.slice(5), "base64");
  const whole = `whsk_${Buffer.concat([seed, half]).toString("base64")}`;
  expect(signWebhook([signing(whole)], PUBLISHED)["webhook-signature"]).toBe(ED25519);
  const foreign = Buffer.concat([seed, half.map((byte) => byte ^ 1)]).toString("base64");
  expect(signingKey(new Secret(`whsk_${foreign}`))).toBeNull();
});

test.each([
  ["none", ""],
  ["without its prefix", SECRET.slice(6)],
  ["a signature's prefix", `v1,${SECRET}`],
  ["shorter than 24 bytes", `whsec_${Buffer.alloc(23).toString("base64")}`],
  ["longer than 64 bytes", `whsec_${Buffer.alloc(65).toString("base64")}`],
  ["not base64", "whsec_****************************"],
  ["an Ed25519 key of another length", `whsk_${Buffer.alloc(31).toString("base64")}`],
  ["one to check with", PUBLIC],
])("a key that is %s does not sign", (_what, text) => {
  expect(signingKey(new Secret(text))).toBeNull();
});

test("a key to sign with does not check, unless it is shared", () => {
  expect(verifyingKey(new Secret(PRIVATE))).toBeNull();
  expect(verifyingKey(new Secret(SECRET))).not.toBeNull();
});

test("during a rotation the old and the new key are both believed", () => {
  const old = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  const headers = signWebhook([signing(SECRET), signing(old), signing(PRIVATE)], PUBLISHED);
  expect(headers["webhook-signature"].split(" ")).toHaveLength(3);
  for (const key of [SECRET, old, PUBLIC])
    expect(webhookFault([verifying(key)], headers, now)).toBeNull();
});

describe("a message is not believed when", () => {
  const headers = signWebhook([signing(SECRET)], PUBLISHED);
  const keys = [verifying(SECRET)];

  test.each([
    ["its id is missing", { ...headers, "webhook-id": undefined }, "missing"],
    ["its time is missing", { ...headers, "webhook-timestamp": undefined }, "missing"],
    ["its signature is missing", { ...headers, "webhook-signature": "" }, "missing"],
    ["its time is no number", { ...headers, "webhook-timestamp": "now" }, "missing"],
    ["its id is another", { ...headers, "webhook-id": "msg_other" }, "wrong"],
    ["its time is another", { ...headers, "webhook-timestamp": "1614265331" }, "wrong"],
    ["its signature is cut", { ...headers, "webhook-signature": HMAC.slice(0, 20) }, "wrong"],
    [
      "its signature is of another scheme",
      { ...headers, "webhook-signature": HMAC.replace("v1", "v1a") },
      "wrong",
    ],
  ] as const)("%s", (_why, changed, fault) => {
    expect(webhookFault(keys, changed, now)).toBe(fault);
  });

  test("it is older or newer than five minutes", () => {
    const at = (seconds: number) => ({ ...now, nowSeconds: PUBLISHED.atSeconds + seconds });
    expect(
      [301, 300, -300, -301].map((seconds) => webhookFault(keys, headers, at(seconds))),
    ).toEqual(["too_old", null, null, "too_new"]);
  });

  test("its key is another", () => {
    const other = verifying(`whsec_${Buffer.alloc(24, 7).toString("base64")}`);
    expect(webhookFault([other, verifying(PUBLIC)], headers, now)).toBe("wrong");
  });
});

test("any other body, whatever it is, is not believed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (body) => {
      fc.pre(body !== PUBLISHED.body);
      const both = signWebhook([signing(SECRET), signing(PRIVATE)], PUBLISHED);
      const fault = webhookFault([verifying(SECRET), verifying(PUBLIC)], both, { ...now, body });
      expect(fault).toBe("wrong");
    }),
  );
});

test("an id that would move the border of what is signed is not signed", () => {
  expect(() => signWebhook([signing(SECRET)], { ...PUBLISHED, id: "msg.1" })).toThrow(TypeError);
  expect(() => signWebhook([], PUBLISHED)).toThrow(TypeError);
});
