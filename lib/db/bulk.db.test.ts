import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeIncidents, openTogether, proposeTogether } from "./testing-bulk.ts";
import { propose, sign } from "./testing-gate.ts";
import { makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

type Row = Record<string, unknown> & { id: string };

async function everyIncident(): Promise<Map<string, Row>> {
  const { rows } = await world.owner.query<Row>("select * from incident");
  return new Map(rows.map((row) => [row.id, row]));
}

async function stateOf(id: string): Promise<string> {
  const { rows } = await world.web.query("select state from decision where id = $1", [id]);
  return rows[0].state;
}

describe("a closure of several incidents", () => {
  test("closes each that it lists and changes nothing else, however many there are and in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 5 }),
        fc.infiniteStream(fc.nat()),
        async (inList, beside, order) => {
          const all = await makeIncidents(world, inList + beside);
          const key = new Map(all.map((id) => [id, order.next().value as number]));
          const incidentIds = all
            .slice(0, inList)
            .toSorted((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0));
          const decision = await proposeTogether(world.web, { incidentIds, proposer: world.ana });
          const before = await everyIncident();
          const answer = await sign(world.web, decision, { person: world.bo });
          expect(answer).toMatchObject({ state: "in_effect" });
          for (const [id, now] of await everyIncident()) {
            const { closed_at, last_activity_at } = now;
            const closed = { status: "closed", closed_by: decision.id, version: "2" };
            const change = incidentIds.includes(id)
              ? { ...closed, closed_at: closed_at ?? "a time", last_activity_at }
              : {};
            expect(now).toEqual({ ...before.get(id), ...change });
          }
          const { rows } = await world.web.query(
            "select incident_id from transition where decision_id = $1",
            [decision.id],
          );
          expect(rows.map((row) => row.incident_id).toSorted()).toEqual(incidentIds.toSorted());
        },
      ),
      { numRuns: 15 },
    );
  });

  test("stands on the trail of each of them", async () => {
    const decision = await openTogether(world);
    await sign(world.web, decision, { person: world.bo });
    for (const id of decision.ids) {
      const { rows } = await world.web.query(
        `select convert_from(p.bytes, 'UTF8')::json as payload from trail.entry e join trail.payload p using (seq)
         where incident_id = $1 and kind = 'decision.took_effect'`,
        [id],
      );
      expect(rows).toMatchObject([
        {
          payload: {
            decision: decision.id,
            together: 3,
            proposedUnder: decision.incidentId,
            fromStatus: "new",
            toStatus: "closed",
            statementSha256: decision.sha256.toString("hex"),
          },
        },
      ]);
    }
  });

  test("is told to the open screens of each of them, when it is proposed and when it moves", async () => {
    const decision = await openTogether(world);
    const told = async () => {
      const { rows } = await world.owner.query(
        `select i as id, (select count(*)::int from outbox where kind = 'decision.changed' and incident_id = i) as times
         from unnest($1::uuid[]) i`,
        [decision.ids.filter((id) => id !== decision.incidentId)],
      );
      return rows.map(({ times }) => times as number);
    };
    expect(await told()).toEqual([1, 1]);
    await sign(world.web, decision, { person: world.bo, outcome: "rejected" });
    expect(await told()).toEqual([2, 2]);
  });

  test("goes stale as a whole when one of them changes, and says which", async () => {
    const decision = await openTogether(world);
    await world.web.query("update incident set verdict = 'benign' where id = $1", [
      decision.ids[1],
    ]);
    expect(await sign(world.web, decision, { person: world.bo })).toEqual({ state: "stale" });
    const { rows } = await world.web.query(
      `select convert_from(p.bytes, 'UTF8')::json -> 'incidentsChanged' as changed from trail.entry e
       join trail.payload p using (seq) where incident_id = $1 and kind = 'decision.went_stale'`,
      [decision.incidentId],
    );
    expect(rows).toEqual([{ changed: [decision.ids[1]] }]);
    const { rows: open } = await world.web.query(
      "select count(*)::int as n from incident where id = any ($1) and status = 'new'",
      [decision.ids],
    );
    expect(open).toEqual([{ n: 3 }]);
  });

  test("that can no longer be signed does not stand in the way of another, listed or alone", async () => {
    const decision = await openTogether(world);
    const [first, changed, third] = decision.ids as [string, string, string];
    await world.web.query("update incident set verdict = 'benign' where id = $1", [changed]);
    await propose(world.web, { incidentId: third, proposer: world.ana });
    expect(await stateOf(decision.id)).toBe("stale");
    const again = await proposeTogether(world.web, {
      incidentIds: [first, changed],
      proposer: world.ana,
    });
    expect(await stateOf(again.id)).toBe("proposed");
  });

  test("asks what the strictest of its severities needs", async () => {
    const incidentIds = [
      ...(await makeIncidents(world, 2)),
      ...(await makeIncidents(world, 1, "critical")),
    ];
    const client = await world.owner.connect();
    await client.query("begin");
    await client.query(
      `insert into policy_rule (policy_version, kind, number, severities, sign_offs, min_role, distinct_from_proposer, assurance,
         proposal_minutes, sign_off_minutes) values
       (99, 'closure', 1, null, 1, 'analyst', true, 'password', 480, 15),
       (99, 'closure', 2, '{low}', 1, 'lead', true, 'password', 480, 15),
       (99, 'closure', 3, '{critical}', 2, 'analyst', true, 'passkey', 60, 15)`,
    );
    const { rows } = await client.query("select gate.requirement_together($1) -> 'rule' as rule", [
      incidentIds,
    ]);
    const { id } = await proposeTogether(client, { incidentIds, proposer: world.ana });
    const { rows: asked } = await client.query(
      "select gate.rule_words(gate.rule_of(d)) as rule, d.severity, d.severities from decision d where id = $1",
      [id],
    );
    await client.query("rollback");
    client.release();
    expect(rows[0].rule).toMatchObject({
      signOffs: 2,
      minRole: "lead",
      assurance: "passkey",
      proposalMinutes: 60,
    });
    expect(asked).toEqual([
      { rule: rows[0].rule, severity: "critical", severities: ["critical", "low"] },
    ]);
  });

  test("is signed once by two who sign at once, and lists that overlap never both take effect", async () => {
    for (let round = 0; round < 5; round += 1) {
      const ids = await makeIncidents(world, 6);
      const proposals = await Promise.allSettled([
        proposeTogether(world.web, { incidentIds: ids.slice(0, 4), proposer: world.ana }),
        proposeTogether(world.web, { incidentIds: ids.slice(2).toReversed(), proposer: world.ana }),
      ]);
      const made = proposals.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      expect(made).toHaveLength(1);
      const [decision] = made;
      const answers = await Promise.all(
        [world.bo, world.lea].map((person) =>
          sign(world.web, decision!, { person }).catch((error: Error) => error.message),
        ),
      );
      expect(answers).toContainEqual({ state: "in_effect", signOffs: 1, needed: 1 });
      expect(answers).toContainEqual("G1 the decision is not open: in_effect");
    }
  });
});
