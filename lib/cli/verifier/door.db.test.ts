import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anotherLead, decidedAlone, REVIEW_WORDS, reviewStatement } from "#lib/db/testing-flow.ts";
import { enrolForTest } from "#lib/db/testing-passkeys.ts";
import { makeWorld, openProposal } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { base64url } from "#lib/signing/passkey.ts";
import { TEST_PARTY as party } from "#lib/signing/testing-passkey.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { verifierServer } from "./door.ts";

let world: World;
let url: string;
const lines: string[] = [];
const server = { close: () => undefined as unknown };

beforeAll(async () => {
  world = await makeWorld();
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const verifier = verifierServer({ db: world.db.verifier, party, log });
  verifier.listen(0, "127.0.0.1");
  await once(verifier, "listening");
  url = `http://127.0.0.1:${(verifier.address() as AddressInfo).port}`;
  server.close = () => verifier.close();
});
afterAll(async () => {
  server.close();
  await world.db.close();
});

function knock(body: string, headers: Record<string, string> = {}, path = "/sign-offs") {
  return fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}

test("an assertion signs; what is answered is the gate's word, and no part of it is in the log", async () => {
  const passkey = await enrolForTest(world.web, { person: world.bo });
  const decision = await openProposal(world);
  const made = passkey.sign({ statementSha256: decision.sha256 });
  const input = {
    decisionId: decision.id,
    personId: world.bo.id,
    credentialId: base64url(passkey.credentialId),
    authenticatorData: base64url(made.authenticatorData),
    clientDataJSON: base64url(made.clientDataJson),
    signature: base64url(made.signature),
    reason: null,
  };
  const stolen = await knock(JSON.stringify({ ...input, personId: world.lea.id }));
  expect(stolen.status).toBe(403);
  expect(await stolen.json()).toMatchObject({ code: "passkey_of_another", guard: "G6" });
  const answer = await knock(JSON.stringify(input));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ ok: true, state: "in_effect", signOffs: 1, needed: 1 });
  const replayed = await knock(JSON.stringify({ ...input, decisionId: world.closed.decision.id }));
  expect(await replayed.json()).toMatchObject({ status: 409, code: "statement_changed" });
  expect(lines.length).toBeGreaterThan(2);
  for (const secret of [input.signature, input.clientDataJSON, input.credentialId])
    expect(lines.join("")).not.toContain(secret);
});

test("a second review is signed at a door of its own, and an assertion over the decision gives none", async () => {
  const decision = await decidedAlone(world);
  const max = await anotherLead(world);
  const passkey = await enrolForTest(world.web, { person: max });
  const statement = await reviewStatement(world.web, decision, max);
  const knockWith = (statementSha256: Uint8Array) => {
    const made = passkey.sign({ statementSha256 });
    const input = {
      ...{ decisionId: decision.id, personId: max.id, outcome: "upheld", words: REVIEW_WORDS },
      credentialId: base64url(passkey.credentialId),
      authenticatorData: base64url(made.authenticatorData),
      clientDataJSON: base64url(made.clientDataJson),
      signature: base64url(made.signature),
    };
    return knock(JSON.stringify(input), {}, "/second-reviews");
  };
  expect(await (await knockWith(decision.sha256)).json()).toMatchObject({
    status: 409,
    code: "statement_changed",
  });
  const answer = await knockWith(sha256(statement));
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
  expect(await (await knockWith(sha256(statement))).json()).toMatchObject({ code: "not_open" });
  expect((await knock("{}", {}, "/second-reviews")).status).toBe(400);
});

test("health says whether the database answers", async () => {
  const answer = await fetch(`${url}/health`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
});

const KNOCKS: [name: string, knock: () => Promise<Response>, status: number][] = [
  ["no JSON", () => knock("{"), 400],
  ["no assertion", () => knock("{}"), 400],
  ["a body that is too large", () => knock(`"${"x".repeat(40_000)}"`), 413],
  ["a form", () => knock("a=b", { "content-type": "application/x-www-form-urlencoded" }), 415],
  ["a page", () => knock("{}", { origin: "http://localhost:3000" }), 415],
  ["another door", () => knock("{}", {}, "/"), 404],
  ["a GET", () => fetch(`${url}/sign-offs`), 404],
];
test.each(KNOCKS)("%s is refused", async (_, run, status) => {
  const answer = await run();
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
});
