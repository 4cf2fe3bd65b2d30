/** What SQL by a runtime login could pretend without breaking the gate: proofs used twice, sessions, entries. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proofOf, propose, refusal, sign } from "./testing-gate.ts";
import { openProposal, makeWorld } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

describe("a proof counts once", () => {
  test("a rejected statement cannot be proposed again word for word and approved by the rejection's proof", async () => {
    const first = await openProposal(world);
    const proof = await proofOf(world.web, world.bo, first.sha256);
    await sign(world.web, first, { person: world.bo, outcome: "rejected", proof });
    const again = () =>
      propose(world.web, {
        incidentId: first.incidentId,
        proposer: world.ana,
        forged: { statement: first.statement, statement_sha256: first.sha256 },
      });
    expect(await refusal(again)).toMatch(/decision_statement_once/);
    const { rows } = await world.web.query("select status from incident where id = $1", [
      first.incidentId,
    ]);
    expect(rows[0].status).toBe("new");
  });

  test("the index that holds this is one of the guards", async () => {
    const client = await world.owner.connect();
    await client.query("begin");
    await client.query("drop index decision_statement_once");
    const { rows } = await client.query("select gate.missing_guards() as what");
    await client.query("rollback");
    client.release();
    expect(rows.map((row) => row.what)).toContain(
      "unique public.decision_statement_once on public.decision is gone",
    );
  });
});

describe("sessions by SQL of the web login", () => {
  const REFUSED = "session: ";

  test("none for a role the person does not have, nor for who has left or is a machine", async () => {
    const open = (id: string, role: string) => () =>
      world.web.query("insert into session (id, person_id, role) values ($1, $2, $3)", [
        randomUUID(),
        id,
        role,
      ]);
    expect(await refusal(open(world.ana.id, "lead"))).toContain(REFUSED);
    expect(await refusal(open(world.gone.id, "lead"))).toContain(REFUSED);
    expect(await refusal(open(world.machine.id, "lead"))).toContain(REFUSED);
    expect(await refusal(open(world.ana.id, "analyst"))).toBe("passed");
  });

  test("an ended one stays ended", async () => {
    const id = await openSession();
    await world.web.query("update session set revoked_at = now() where id = $1", [id]);
    for (const set of [
      "revoked_at = null",
      "revoked_at = now() + interval '1 day'",
      "last_seen_at = now() + interval '1 s'",
    ]) {
      expect(
        await refusal(() => world.web.query(`update session set ${set} where id = $1`, [id])),
      ).toContain(REFUSED);
    }
  });

  test("an idle one is not used again, and none is used in the future or opened in the past", async () => {
    const id = await openSession();
    await world.web.query(
      "update session set last_seen_at = now() + interval '1 year' where id = $1",
      [id],
    );
    const { rows } = await world.web.query(
      "select last_seen_at <= clock_timestamp() as now, created_at > now() - interval '1 minute' as fresh from session where id = $1",
      [id],
    );
    expect(rows[0]).toEqual({ now: true, fresh: true });
    await world.web.query(
      "update session set last_seen_at = now() - interval '31 minutes' where id = $1",
      [id],
    );
    const wake = () =>
      world.web.query("update session set last_seen_at = now() where id = $1", [id]);
    expect(await refusal(wake)).toContain(REFUSED);
  });

  test("another role or another password ends a person's sessions, also when it is taken back", async () => {
    const changes: [set: string, back: string][] = [
      ["role = 'lead'", "role = 'analyst'"],
      ["active = false", "active = true"],
      ["password_hash = password_hash || 'x'", "password_hash = left(password_hash, -1)"],
    ];
    for (const [set, back] of changes) {
      const id = await openSession();
      await world.owner.query(`update person set ${set} where id = $1`, [world.ana.id]);
      await world.owner.query(`update person set ${back} where id = $1`, [world.ana.id]);
      const { rows } = await world.web.query(
        "select revoked_at is not null as ended from session where id = $1",
        [id],
      );
      expect(rows[0]?.ended).toBe(true);
    }
  });

  async function openSession(): Promise<string> {
    const id = randomUUID();
    await world.web.query(
      "insert into session (id, person_id, role, created_at, last_seen_at) values ($1, $2, 'analyst', 'epoch', now() + interval '1 year')",
      [id, world.ana.id],
    );
    return id;
  }
});

describe("entries of another's work", () => {
  const AS = { web: "web", worker: "worker" } as const;
  const person = () => `person:${world.ana.id}`;
  const nobody = () => `person:${randomUUID()}`;
  const machine = (name: string) => () => name;
  const FORGED: [login: keyof typeof AS, kind: string, actor: () => string, says: RegExp][] = [
    ["web", "response.verified", person, /reserved/],
    ["web", "incident.status_changed", person, /reserved/],
    ["web", "passkey.enrolled", person, /reserved/],
    ["web", "session.closed", machine("system:gate"), /reserved/],
    ["web", "model_run.finished", machine("system:web"), /not for this login/],
    ["web", "summary.issued", machine("system:web"), /not for this login/],
    ["web", "prompt.published", machine("system:web"), /not for this login/],
    ["web", "note.added", machine("model:claude"), /not for this login/],
    ["web", "note.added", nobody, /no such actor/],
    ["worker", "note.added", machine("system:worker"), /not for this login/],
    ["worker", "session.opened", machine("system:worker"), /not for this login/],
    ["worker", "evidence.read", machine("system:worker"), /not for this login/],
    ["worker", "incident.joined", person, /not for this login/],
  ];
  test.each(FORGED)("%s may not write %s", async (login, kind, actor, says) => {
    const pool = world.db.pools[AS[login]];
    const write = () => pool.query("select trail.append($1, $2, null, '{}')", [kind, actor()]);
    expect(await refusal(write)).toMatch(says);
  });
});

test("what a person wrote is dated by the database, not by the one who inserts it", async () => {
  const { incidentId } = world.closed;
  const { rows } = await world.web.query(
    "insert into note (id, incident_id, person_id, text, at) values ($1, $2, $3, 'earlier', 'epoch') returning at > now() - interval '1 minute' as fresh",
    [randomUUID(), incidentId, world.ana.id],
  );
  expect(rows[0].fresh).toBe(true);
});
