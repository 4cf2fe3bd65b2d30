import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { recordResponse } from "#lib/commands/record-response.ts";
import { retireResponder } from "#lib/commands/responses/retire-responder.ts";
import { testDatabase } from "#lib/db/testing.ts";
import { respondAll } from "./respond.ts";
import { responseDesk, type ResponseDesk } from "./testing-respond.ts";
import { HOST, responderSystems, writesOf } from "./testing-systems.ts";

let desk: ResponseDesk;
const systems = responderSystems(() => desk);
const { receiver, falcon } = systems;
beforeAll(async () => {
  desk = await responseDesk(await testDatabase());
});
afterAll(() => desk.db.close());
afterEach(async () => {
  await desk.retireAll();
  await systems.close();
});

describe("nothing is sent", () => {
  test("where no responder serves the action, and the screen can say so", async () => {
    const { runId } = await desk.signed(HOST);
    await respondAll(desk.context());
    expect(await desk.run(runId)).toMatchObject({
      outcome: "unknown",
      step: "done",
      foreseen: "No responder serves this action; carry it out by hand and record the outcome.",
    });
    expect(await desk.attempts(runId)).toEqual([]);
  });

  test("by a responder that was retired before its turn", async () => {
    const fake = await falcon();
    const { rows } = await desk.db.pools.owner.query(
      "select id from responder where retired_at is null",
    );
    const { runId } = await desk.signed(HOST);
    const by = { kind: "person", session: null, id: desk.adm.id } as const;
    await retireResponder(desk.db.web, { responderId: rows[0].id }, by);
    await respondAll(desk.context());
    expect(await desk.attempts(runId)).toEqual([]);
    expect(fake.server.asked).toEqual([]);
  });

  test("once somebody has recorded that it was done by hand", async () => {
    const { server } = await receiver();
    const { runId, decisionId } = await desk.signed(HOST);
    const by = { kind: "person", session: null, id: desk.lea.id, role: "lead" } as const;
    await recordResponse(
      desk.db.web,
      { decisionId, ...HOST, outcome: "verified", detail: null },
      by,
    );
    await respondAll(desk.context());
    expect(server.asked).toEqual([]);
    expect(await desk.run(runId)).toMatchObject({ outcome: "verified", step: "done" });
  });

  test("an hour after the signature", async () => {
    const { server } = await receiver();
    const { runId } = await desk.signed(HOST);
    await desk.db.pools.owner.query(
      "update response_task set created_at = created_at - interval '61 minutes' where run_id = $1",
      [runId],
    );
    await respondAll(desk.context());
    expect(server.asked).toEqual([]);
    expect(await desk.run(runId)).toMatchObject({
      step: "done",
      foreseen: expect.stringContaining("within 60 minutes"),
    });
  });

  test("to a target that is refused, and it ends as failed at once", async () => {
    const fake = await falcon();
    const { runId } = await desk.signed({ ...HOST, target: "ws-404.corp.example" });
    await respondAll(desk.context());
    expect(await desk.run(runId)).toMatchObject({ outcome: "failed", step: "done" });
    expect(writesOf(fake)).toEqual([]);
  });
});
