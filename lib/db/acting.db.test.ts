import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSession } from "#lib/commands/open-session.ts";
import { personActor } from "#lib/commands/actor.ts";
import { addNote } from "#lib/commands/add-note.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { sessionDigest } from "#lib/trail/line.ts";
import { claimOnBehalf, NOBODY } from "./acting.ts";
import { makeIncident } from "./testing-people.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "./testing-runs.ts";
import { makeWorld, openProposal } from "./testing-world.ts";
import type { World } from "./testing-world.ts";
import { appendTrail, transact } from "./transaction.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const SESSION = "01930000-0000-7000-8000-0000000000aa";
type Said = { kind: string; actor: string; session: string | null; onBehalf: string | null };

/** What the entries from `seq` on say of session and behalf. */
async function saidSince(seq: number): Promise<Said[]> {
  const { rows } = await world.db.pools.auditor.query<{ line: string }>(
    "select line from trail.entry where seq >= $1 order by seq",
    [seq],
  );
  return rows.map(({ line }) => {
    const { kind, actor, session, onBehalf } = JSON.parse(line) as Said;
    return { kind, actor, session, onBehalf };
  });
}

async function size(): Promise<number> {
  const { rows } = await world.db.pools.auditor.query<{ size: string }>(
    "select size from trail.head",
  );
  return Number(rows[0]!.size);
}

describe("the session on an entry", () => {
  test("is the person's, and the next transaction of the connection has none of it", async () => {
    const from = await size();
    const { id: incidentId } = await makeIncident(world.db);
    const by = personActor({ id: world.ana.id, sessionId: SESSION });
    for (let i = 0; i < 8; i += 1) {
      await addNote(world.db.web, { incidentId, text: "Seen." }, by);
      await transact(world.db.web, NOBODY, (tx) =>
        appendTrail(tx, { kind: "note.added", actor: "system:x", incidentId, payload: {} }),
      );
    }
    const said = (await saidSince(from)).filter(({ kind }) => kind === "note.added");
    const person = { actor: `person:${world.ana.id}`, session: sessionDigest(SESSION) };
    const machine = { actor: "system:x", session: null };
    expect(said).toMatchObject(Array.from({ length: 8 }, () => [person, machine]).flat());
  });

  test("stands on what the gate writes as well, from a single statement too", async () => {
    const proposal = await openProposal(world);
    const from = await size();
    const by = personActor({ id: world.bo.id, sessionId: SESSION });
    const { rows } = await world.owner.query<{ sha256: string }>(
      "select encode(statement_sha256, 'hex') as sha256 from decision where id = $1",
      [proposal.id],
    );
    const input = { decisionId: proposal.id, statementSha256: rows[0]!.sha256, reason: null };
    const given = { ...input, outcome: "approved", password: world.bo.password } as const;
    expect(await signDecision(world.db.web, given, by)).toMatchObject({ ok: true });
    const said = await saidSince(from);
    expect(said.map(({ kind }) => kind)).toEqual(["decision.signed", "decision.took_effect"]);
    for (const entry of said) expect(entry.session).toBe(sessionDigest(SESSION));
  });

  test("is the new one when somebody signs in", async () => {
    const from = await size();
    const input = { personId: world.ana.id, role: "analyst", address: "::1", userAgent: null };
    const { id } = await openSession(world.db.web, input);
    expect(await saidSince(from)).toMatchObject([
      { kind: "session.opened", session: sessionDigest(id) },
    ]);
  });
});

test("on whose behalf stands on a machine's entries, and never on a person's", async () => {
  const from = await size();
  await transact(world.db.web, NOBODY, async (tx) => {
    await claimOnBehalf(tx, world.ana.id);
    for (const actor of ["system:x", `person:${world.bo.id}`]) {
      await appendTrail(tx, { kind: "note.added", actor, incidentId: null, payload: {} });
    }
  });
  await transact(world.db.web, NOBODY, async (tx) => {
    await claimOnBehalf(tx, null);
    await appendTrail(tx, { kind: "note.added", actor: "system:x", incidentId: null, payload: {} });
  });
  const said = await saidSince(from);
  expect(said.map(({ onBehalf }) => onBehalf)).toEqual([`person:${world.ana.id}`, null, null]);
});

test("a model that a person asked acts on that person's behalf, and one that nobody asked for nobody", async () => {
  const { db, ana, model } = world;
  const { id: incidentId } = await makeIncident(db);
  for (const askedBy of [ana.id, null]) {
    const from = await size();
    const kind = askedBy === null ? "summary" : "answer";
    const runId = await queueRunForTest(db, { incidentId, model, kind, askedBy });
    await startRunForTest(db, { runId });
    await finishRunForTest(db, { runId });
    const said = (await saidSince(from)).filter((entry) => entry.kind.startsWith("model_run."));
    expect(said.map((entry) => entry.kind)).toEqual(["model_run.started", "model_run.finished"]);
    for (const { onBehalf } of said) expect(onBehalf).toBe(askedBy && `person:${askedBy}`);
  }
});
