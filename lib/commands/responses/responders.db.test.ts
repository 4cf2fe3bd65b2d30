import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ResponderSetup } from "#lib/contracts/responder-inputs.ts";
import { testDatabase } from "#lib/db/testing.ts";
import { testResponders } from "#lib/jobs/respond/test-responders.ts";
import { respondAll } from "#lib/jobs/respond/respond.ts";
import { KEYS, responseDesk, type ResponseDesk } from "#lib/jobs/respond/testing-respond.ts";
import { findToldResponse } from "#lib/queries/find-told-response.ts";
import { listResponders } from "#lib/queries/list-responders.ts";
import { configureResponder } from "./configure-responder.ts";
import { requestResponderTest } from "./request-responder-test.ts";
import { retireResponder } from "./retire-responder.ts";
import { serveBlockList } from "./serve-block-list.ts";

const SIMULATED: ResponderSetup = { kind: "simulated", settings: {}, credentials: null };
const SECRET = "a-secret-of-the-desk-0001";
const FALCON: ResponderSetup = {
  kind: "crowdstrike",
  settings: { clientId: "desk", apiUrl: null, networks: [], ca: null },
  credentials: { clientSecret: SECRET },
};
const LIST: ResponderSetup = {
  kind: "block_list",
  settings: { networks: ["198.41.0.0/24"], domains: ["corp.example.com"], days: 30 },
  credentials: null,
};

let desk: ResponseDesk;
const adm = () => ({ kind: "person", session: null, id: desk.adm.id }) as const;
beforeAll(async () => {
  desk = await responseDesk(await testDatabase());
});
afterEach(() => desk.retireAll());
afterAll(() => desk.db.close());

async function trail(): Promise<{ kind: string; payload: Record<string, unknown> }[]> {
  const { rows } = await desk.db.pools.owner.query(
    `select e.line::jsonb ->> 'kind' as kind, convert_from(p.bytes, 'UTF8')::jsonb as payload
     from trail.entry e join trail.payload p using (seq) where e.line::jsonb ->> 'kind' like 'responder.%' order by seq`,
  );
  return rows;
}

describe("configuring", () => {
  test("keeps credentials where web cannot read them, and out of the trail", async () => {
    const { id } = await desk.configure(FALCON);
    await expect(
      desk.db.pools.web.query("select credentials_sealed from responder"),
    ).rejects.toThrow("permission denied");
    const { rows } = await desk.db.pools.owner.query(
      "select credentials_sealed, credentials_hint from responder where id = $1",
      [id],
    );
    expect(rows[0].credentials_hint).toBe("0001");
    expect((rows[0].credentials_sealed as Buffer).includes(SECRET)).toBe(false);
    const entries = await trail();
    expect(entries.at(-1)).toMatchObject({
      kind: "responder.configured",
      payload: { responder: id, version: 1, kind: "crowdstrike", actions: ["isolate_host"] },
    });
    expect(JSON.stringify(entries)).not.toContain(SECRET);
  });

  test("a second responder of an action is refused, and of a name", async () => {
    await desk.configure(FALCON, { name: "Falcon" });
    await expect(desk.configure(SIMULATED, { actions: ["isolate_host"] })).rejects.toMatchObject({
      code: "responder_conflict",
    });
    await expect(
      desk.configure(SIMULATED, { actions: ["revoke_sessions"], name: "Falcon" }),
    ).rejects.toMatchObject({ code: "responder_taken" });
  });

  test("a change is the next version, and the token goes on unless a new one is asked for", async () => {
    const first = await desk.configure(LIST, { name: "Edge" });
    expect(first.token).toMatch(/^cs_rsp_[0-9A-Za-z]{40}$/);
    const over = { name: "Edge", replaces: first.id };
    const second = await desk.configure(LIST, over);
    expect(second).toMatchObject({ version: 2, token: null });
    const third = await desk.configure(LIST, { name: "Edge", replaces: second.id, newToken: true });
    expect(third).toMatchObject({ version: 3, token: expect.stringMatching(/^cs_rsp_/) });
    await expect(desk.configure(LIST, over)).rejects.toMatchObject({ code: "responder_conflict" });
    const { inForce, retired } = await listResponders(desk.db.web);
    expect(inForce).toMatchObject([
      { id: third.id, version: 3, tokenHint: third.token?.slice(-4) },
    ]);
    expect(retired.map(({ id }) => id)).toEqual(expect.arrayContaining([first.id, second.id]));
  });

  test("is for an admin, and for usable settings", async () => {
    const by = { kind: "person", session: null, id: desk.lea.id } as const;
    const input = { name: "Mine", actions: [], setup: SIMULATED, replaces: null, newToken: false };
    await expect(
      configureResponder(desk.db.web, { ...input, actions: ["isolate_host"] }, by, KEYS),
    ).rejects.toMatchObject({ code: "role_too_low" });
    const webhook: ResponderSetup = {
      kind: "webhook",
      settings: { url: "https://soar.example/a", networks: [], ca: null },
      credentials: { keys: ["whsec_short"] },
    };
    await expect(desk.configure(webhook)).rejects.toMatchObject({ code: "responder_settings" });
    await expect(
      configureResponder(
        desk.db.web,
        { ...input, actions: ["isolate_host"], setup: FALCON },
        adm(),
        {
          sealPublicKey: null,
        },
      ),
    ).rejects.toMatchObject({ code: "sealing_key_missing" });
  });

  test("by nobody is for the owner's login alone", async () => {
    const nobody = { kind: "system", id: "setup" } as const;
    const input = {
      name: "Demo",
      actions: ["isolate_host" as const],
      setup: SIMULATED,
      replaces: null,
      newToken: false,
    };
    await expect(configureResponder(desk.db.web, input, nobody, KEYS)).rejects.toMatchObject({
      code: "person_inactive",
    });
    expect(await configureResponder(desk.db.owner, input, nobody, KEYS)).toMatchObject({
      version: 1,
    });
  });
});

test("retiring ends it once, with its token, on the trail", async () => {
  const { id } = await desk.configure(LIST);
  await retireResponder(desk.db.web, { responderId: id }, adm());
  await expect(retireResponder(desk.db.web, { responderId: id }, adm())).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await serveBlockList(desk.db.web, { responderId: id, kind: "address" })).toBeNull();
  expect((await trail()).at(-1)).toMatchObject({
    kind: "responder.retired",
    payload: { responder: id },
  });
});

test("a dry run that an admin asks for is made by the worker and changes nothing", async () => {
  const { id } = await desk.configure(SIMULATED);
  const ask = (target: string) =>
    requestResponderTest(desk.db.web, { responderId: id, action: "isolate_host", target }, adm());
  const lastTest = async () => (await listResponders(desk.db.web)).inForce[0]?.lastTest;
  await ask("ws-014");
  expect(await lastTest()).toMatchObject({ ok: null, sentences: [] });
  await testResponders(desk.context());
  expect(await lastTest()).toMatchObject({
    ok: true,
    sentences: expect.arrayContaining([expect.stringContaining("Would ask Simulation")]),
  });
  await ask("ws-014-missing");
  await testResponders(desk.context());
  expect(await lastTest()).toMatchObject({
    ok: false,
    sentences: ["Simulated: there is no such target."],
  });
  await expect(
    requestResponderTest(
      desk.db.web,
      { responderId: id, action: "isolate_host", target: "ws-014" },
      { kind: "person", session: null, id: desk.ana.id },
    ),
  ).rejects.toMatchObject({ code: "role_too_low" });
});

describe("a block list", () => {
  const block = (target: string, incidentId?: string) =>
    desk.signed({ action: "block_indicator", target }, incidentId);

  test("holds what was signed, and is verified when a firewall came for it", async () => {
    const { id } = await desk.configure(LIST, { name: "Edge list" });
    const { runId } = await block("185.220.101[.]4");
    await respondAll(desk.context());
    expect(await desk.run(runId)).toMatchObject({ outcome: "dispatched", step: "verify" });
    // the entry has stood there for a moment
    await desk.db.pools.owner.query(
      "alter table block_list_entry disable trigger check_block_entry",
    );
    await desk.db.pools.owner.query(
      "update block_list_entry set added_at = added_at - interval '5 seconds'",
    );
    await desk.db.pools.owner.query(
      "alter table block_list_entry enable always trigger check_block_entry",
    );
    const served = await serveBlockList(desk.db.web, { responderId: id, kind: "address" });
    expect(served?.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual(
      ["185.220.101.4"],
    );
    const other = await serveBlockList(desk.db.web, { responderId: id, kind: "domain" });
    expect(other?.text).toContain("domains, 0");
    await desk.hurry(runId);
    await respondAll(desk.context());
    expect(await desk.run(runId)).toMatchObject({ outcome: "verified", step: "done" });
  });

  test("keeps its entries, and its etag, over a change of its settings; a second block is one line", async () => {
    const first = await desk.configure(LIST, { name: "Core list" });
    await block("evil.example.net");
    await block("evil.example.net");
    await respondAll(desk.context());
    const before = await serveBlockList(desk.db.web, { responderId: first.id, kind: "domain" });
    expect(before?.text.match(/^evil/gm)).toHaveLength(1);
    const second = await desk.configure(LIST, { name: "Core list", replaces: first.id });
    const after = await serveBlockList(desk.db.web, { responderId: second.id, kind: "domain" });
    expect(after).toEqual(before);
  });

  test.each(["198.41.0.4", "intranet.corp.example.com", "10.0.0.1", "http://evil.example.net/a"])(
    "never takes what is one's own, inner or no indicator: %s",
    async (target) => {
      const { id } = await desk.configure(LIST);
      const { runId } = await block(target);
      await respondAll(desk.context());
      expect(await desk.run(runId)).toMatchObject({ outcome: "failed", step: "done" });
      for (const kind of ["address", "domain"] as const) {
        const served = await serveBlockList(desk.db.web, { responderId: id, kind });
        expect(served?.text).toContain(", 0");
      }
    },
  );

  test("loses an entry by a signed decision that takes it back, and by nothing else", async () => {
    const { id } = await desk.configure(LIST, { name: "Undo list" });
    const { runId, incidentId } = await block("185.220.101.5");
    await respondAll(desk.context());
    const signed = { action: "block_indicator", target: "185.220.101.5", undoOf: runId } as const;
    const undo = await desk.signed(signed, incidentId);
    await respondAll(desk.context());
    expect(await desk.run(undo.runId)).toMatchObject({ outcome: "dispatched" });
    const served = await serveBlockList(desk.db.web, { responderId: id, kind: "address" });
    expect(served?.text).toContain("addresses, 0");
    await expect(desk.signed({ ...signed, target: "185.220.101.6" }, incidentId)).rejects.toThrow(
      "G27 an action would take back what was not sent from here",
    );
  });
});

test("a webhook's receiver reads the target of what it was told of, and of nothing else", async () => {
  await desk.configure(SIMULATED, { name: "Practice" });
  const { runId } = await desk.signed({ action: "isolate_host", target: "ws-014" });
  await respondAll(desk.context());
  expect(await findToldResponse(desk.db.web, { runId, responder: "Practice" })).toBeNull();
  expect(await findToldResponse(desk.db.web, { runId, responder: "SOAR" })).toBeNull();
});
