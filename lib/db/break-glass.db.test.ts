import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trailSentence } from "#lib/trail/sentences.ts";
import {
  anotherLead,
  decidedAlone,
  giveSecondReview,
  proposeBreakGlass,
  signAlone,
} from "./testing-flow.ts";
import { sign } from "./testing-gate.ts";
import { makeIncident } from "./testing-people.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

describe("a decision by break-glass", () => {
  test("takes effect by its proposer's own signature, and leaves its second review behind", async () => {
    const decision = await decidedAlone(world);
    const { rows } = await world.web.query(
      `select i.status, i.closed_by, r.incident_id = i.id as here, r.at,
         extract(epoch from r.due_at - d.settled_at)::int / 3600 as hours
       from decision d join incident i on i.id = d.incident_id join second_review r on r.decision_id = d.id where d.id = $1`,
      [decision.id],
    );
    expect(rows).toMatchObject([
      { status: "closed", closed_by: decision.id, here: true, at: null, hours: 24 },
    ]);
  });

  test("says so on the trail at every step", async () => {
    const decision = await decidedAlone(world);
    await giveSecondReview(world.web, decision, await anotherLead(world), { outcome: "objected" });
    const { rows } = await world.web.query(
      `select e.kind, convert_from(p.bytes, 'UTF8')::json as payload from trail.entry e join trail.payload p using (seq)
       where incident_id = $1 order by seq`,
      [decision.incidentId],
    );
    expect(rows.map(({ kind, payload }) => trailSentence(kind, payload))).toEqual([
      expect.stringMatching(/^proposed the closure by break-glass: It is 03:00/),
      "signed the closure by break-glass by passkey",
      "put the closure by break-glass into effect",
      expect.stringMatching(/^asked for the second review of the closure by break-glass, due 20/),
      "objected to the closure by break-glass in the second review: It could not wait.",
    ]);
  });

  test("expires within a day, however long the policy lets others stand", async () => {
    const { id: incidentId } = await makeIncident(world.db);
    const client = await world.owner.connect();
    await client.query("begin");
    await client.query("alter table policy_rule disable trigger append_only");
    await client.query("update policy_rule set proposal_minutes = 9000 where kind = 'closure'");
    const decision = await proposeBreakGlass(client, { incidentId, proposer: world.lea });
    const { rows } = await client.query(
      "select expires_at - proposed_at as stands from decision where id = $1",
      [decision.id],
    );
    await client.query("rollback");
    client.release();
    expect(rows[0].stands).toMatchObject({ days: 1 });
  });

  test("can still be rejected by another lead, by password", async () => {
    const { id: incidentId } = await makeIncident(world.db);
    const decision = await proposeBreakGlass(world.web, { incidentId, proposer: world.lea });
    const answer = await sign(world.web, decision, {
      person: await anotherLead(world),
      outcome: "rejected",
    });
    expect(answer).toEqual({ state: "rejected" });
    const { rows } = await world.web.query("select from second_review where decision_id = $1", [
      decision.id,
    ]);
    expect(rows).toEqual([]);
  });

  test("is reviewed by another lead once, whoever of two comes first", async () => {
    const decision = await decidedAlone(world);
    const [one, other] = await Promise.all([anotherLead(world), anotherLead(world)]);
    const answers = await Promise.allSettled([
      giveSecondReview(world.web, decision, one),
      giveSecondReview(world.web, decision, other, { outcome: "objected" }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("signed by another lead than the proposer is reviewed by a third", async () => {
    const { id: incidentId } = await makeIncident(world.db);
    const decision = await proposeBreakGlass(world.web, { incidentId, proposer: world.lea });
    await signAlone(world, decision, await anotherLead(world));
    await giveSecondReview(world.web, decision, await anotherLead(world));
    const { rows } = await world.web.query(
      "select outcome from second_review where decision_id = $1",
      [decision.id],
    );
    expect(rows).toEqual([{ outcome: "upheld" }]);
  });
});
