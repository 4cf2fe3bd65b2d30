import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { enrolPerson } from "#lib/db/seed-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { findDecision, listDecisions, waitingForMe } from "#lib/queries/list-decisions.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { gateFacts } from "#lib/queries/gate-facts.ts";
import type { Actor } from "./actor.ts";
import { addNote } from "./add-note.ts";
import { assignIncident } from "./assign-incident.ts";
import { addSource, at, ingest, observables } from "./ingest-fixtures.ts";
import { proposeDecision } from "./propose-decision.ts";
import { recordResponse } from "./record-response.ts";
import { signDecision } from "./sign-decision.ts";
import { setVerdict } from "./set-verdict.ts";
import { withdrawDecision } from "./withdraw-decision.ts";
import { workIncident } from "./work-incident.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: Actor;
let ben: Actor;
let lea: Actor;
let incidentId: string;
let nth = 0;

const PASSWORD = "correct horse battery staple";
const CLOSURE: DecisionContent = {
  kind: "closure",
  reason: "The scanner is ours and was announced.",
  classification: "benign_positive",
  classificationReason: "suspicious_but_expected",
  determination: "security_testing",
};

beforeAll(async () => {
  database = await testDatabase();
  const enrol = async (name: string, role: "analyst" | "lead"): Promise<Actor> => {
    const id = await enrolPerson(database.owner, {
      email: `${name}@desk.test`,
      name,
      role,
      password: PASSWORD,
    });
    return { kind: "person", session: null, id, role };
  };
  [ana, ben, lea] = [
    await enrol("Ana", "analyst"),
    await enrol("Ben", "analyst"),
    await enrol("Lea", "lead"),
  ];
  source = await addSource(database.web);
});
afterAll(() => database.close());

beforeEach(async () => {
  nth += 1;
  const result = await ingest(database.web, source, [
    {
      recordId: `d${nth}`,
      severity: "high",
      time: at("02:00:00"),
      observables: observables(`host:decision-${nth}`),
    },
  ]);
  incidentId = result.incidents[0]!.id;
  await database.worker.summary.create({
    data: {
      incidentId,
      origin: "rules",
      version: 1,
      state: "complete",
      generator: "rules/1",
      evidenceRoot: new Uint8Array(32),
      evidenceCount: 1,
    },
    select: { id: true },
  });
});

function propose(content: DecisionContent = CLOSURE, by: Actor = ana, idem: string = randomUUID()) {
  return proposeDecision(database.web, { incidentId, content, waivedClaimIds: [], idem }, by);
}

async function sign(decisionId: string, by: Actor, change: object = {}) {
  const decision = await findDecision(database.web, decisionId);
  return signDecision(
    database.web,
    {
      decisionId,
      outcome: "approved",
      statementSha256: decision!.statementSha256,
      password: PASSWORD,
      reason: null,
      ...change,
    },
    by,
  );
}

async function kinds(): Promise<string[]> {
  const { rows } = await database.pools.web.query<{ kind: string }>(
    "select kind from trail.entry where incident_id = $1 order by seq",
    [incidentId],
  );
  return rows.map(({ kind }) => kind).filter((kind) => kind.startsWith("decision."));
}

describe("a closure", () => {
  test("proposed by one analyst and signed by another closes the incident and stands on the trail", async () => {
    const proposed = await propose();
    expect(proposed).toMatchObject({ ok: true, state: "proposed" });
    expect(await waitingForMe(database.web, { id: ben.id, role: "analyst" })).toContainEqual(
      expect.objectContaining({ id: proposed.id }),
    );
    expect(await sign(proposed.id, ben)).toMatchObject({ ok: true, state: "in_effect" });
    expect(await findIncident(database.web, incidentId)).toMatchObject({ status: "closed" });
    expect(await kinds()).toEqual(["decision.proposed", "decision.signed", "decision.took_effect"]);
    const [decision] = await listDecisions(database.web, incidentId);
    expect(decision).toMatchObject({
      state: "in_effect",
      proposer: { name: "Ana" },
      signOffs: [{ person: { name: "Ben" }, outcome: "approved" }],
    });
  });

  test("is refused with every reason, and the refusal is kept", async () => {
    const refused = await propose({
      ...CLOSURE,
      reason: "no",
      classificationReason: "suspicious_activity",
    });
    expect(refused).toMatchObject({ ok: false, code: "decision_refused" });
    expect(refused.ok ? [] : refused.reasons.map(({ code }) => code)).toEqual([
      "reason_missing",
      "classification_reason_mismatch",
    ]);
    expect(await findDecision(database.web, refused.id)).toMatchObject({
      state: "refused",
      reasons: [{ code: "reason_missing" }, { code: "classification_reason_mismatch" }],
    });
    expect(await kinds()).toEqual(["decision.refused"]);
    expect((await findIncident(database.web, incidentId))?.status).toBe("new");
  });

  test("proposed twice from one form is one proposal", async () => {
    const idem = randomUUID();
    const [one, two] = await Promise.all([
      propose(CLOSURE, ana, idem),
      propose(CLOSURE, ana, idem),
    ]);
    expect(one.id).toBe(two.id);
    expect(await listDecisions(database.web, incidentId)).toHaveLength(1);
    await expect(propose(CLOSURE, ben, idem)).rejects.toMatchObject({ code: "idem_taken" });
  });

  test("cannot be signed by its proposer, with a wrong password, or over another statement", async () => {
    const { id } = await propose();
    expect(await sign(id, ana)).toMatchObject({ ok: false, code: "signer_is_proposer" });
    await expect(sign(id, ben, { password: "wrong" })).rejects.toMatchObject({
      code: "password_wrong",
      status: 403,
    });
    expect(await sign(id, ben, { statementSha256: "ab".repeat(32) })).toMatchObject({
      ok: false,
      code: "statement_changed",
    });
    expect(await kinds()).toEqual(["decision.proposed"]);
  });

  test("goes stale with new evidence, and says so for good", async () => {
    const { id } = await propose();
    await ingest(database.web, source, [
      {
        recordId: `late${nth}`,
        time: at("02:05:00"),
        observables: observables(`host:decision-${nth}`),
      },
    ]);
    expect(await sign(id, ben)).toMatchObject({ ok: false, code: "stale" });
    expect(await findDecision(database.web, id)).toMatchObject({ state: "stale" });
    expect(await sign(id, ben)).toMatchObject({ ok: false, code: "not_open" });
    expect(await propose()).toMatchObject({ ok: true });
  });

  test("goes stale with another verdict, but not with a note or another owner", async () => {
    const one = await propose();
    await addNote(database.web, { incidentId, text: "I looked at it." }, ben);
    await assignIncident(database.web, { incidentId, personId: ben.id, expected: null }, ben);
    expect((await gateFacts(database.web, incidentId))?.openDecisionKinds).toEqual(["closure"]);
    await setVerdict(database.web, { incidentId, verdict: "benign" }, ana);
    expect(await sign(one.id, ben)).toMatchObject({ ok: false, code: "stale" });
  });

  test("is signed once by two who sign at once", async () => {
    const { id } = await propose();
    const results = await Promise.allSettled([sign(id, ben), sign(id, lea)]);
    const done = results.filter((result) => result.status === "fulfilled" && result.value.ok);
    expect(done).toHaveLength(1);
    expect(await kinds()).toEqual(["decision.proposed", "decision.signed", "decision.took_effect"]);
  });

  test("is rejected with a reason, and withdrawn only by its proposer", async () => {
    const one = await propose();
    expect(await sign(one.id, ben, { outcome: "rejected" })).toMatchObject({
      ok: false,
      code: "rejection_reason_missing",
    });
    expect(
      await sign(one.id, ben, { outcome: "rejected", reason: "The scanner was not announced." }),
    ).toMatchObject({ ok: true, state: "rejected" });
    const two = await propose();
    await expect(withdrawDecision(database.web, { decisionId: two.id }, ben)).rejects.toMatchObject(
      { code: "signer_is_proposer" },
    );
    expect(await withdrawDecision(database.web, { decisionId: two.id }, ana)).toEqual({
      state: "withdrawn",
    });
    expect(await kinds()).toEqual([
      "decision.proposed",
      "decision.rejected",
      "decision.proposed",
      "decision.withdrawn",
    ]);
  });

  test("is opened again by another signature", async () => {
    await sign((await propose()).id, ben);
    const again = await propose({ kind: "reopening", reason: "The same address is back." }, ben);
    expect(await sign(again.id, ana)).toMatchObject({ ok: true, state: "in_effect" });
    expect((await findIncident(database.web, incidentId))?.status).toBe("in_progress");
  });
});

test("a containment needs a lead, and its outcome is recorded", async () => {
  const actions = [{ action: "isolate_host", target: "ws-014" } as const];
  const { id } = await propose({ kind: "containment", reason: "It is spreading by SMB.", actions });
  expect(await sign(id, ben)).toMatchObject({ ok: false, code: "role_too_low" });
  expect(await sign(id, lea)).toMatchObject({ ok: true, state: "in_effect" });
  await recordResponse(
    database.web,
    { decisionId: id, ...actions[0]!, outcome: "verified", detail: "isolated" },
    ana,
  );
  expect(await findDecision(database.web, id)).toMatchObject({
    responses: [{ action: "isolate_host", outcome: "verified" }],
  });
  await expect(
    recordResponse(
      database.web,
      {
        decisionId: id,
        action: "isolate_host",
        target: "ws-015",
        outcome: "verified",
        detail: null,
      },
      ana,
    ),
  ).rejects.toMatchObject({ code: "response_not_found" });
});

test("what was never sent cannot be taken back: it is refused when it is proposed, and the refusal is kept", async () => {
  const actions = [{ action: "isolate_host", target: "ws-014", undoOf: randomUUID() } as const];
  const refused = await propose({ kind: "containment", reason: "It is clean again.", actions });
  expect(refused).toMatchObject({
    ok: false,
    reasons: [
      {
        code: "undo_unknown",
        sentence: "Action 1 takes back what was not sent from here for this incident.",
      },
    ],
  });
  expect(await kinds()).toEqual(["decision.refused"]);
});

test("an escalation takes effect once", async () => {
  const content: DecisionContent = {
    kind: "escalation",
    reason: "Beyond our reach now.",
    to: "Tier 3",
  };
  expect(await sign((await propose(content)).id, ben)).toMatchObject({ state: "in_effect" });
  const again = await propose(content);
  expect(again.ok ? [] : again.reasons.map(({ code }) => code)).toEqual(["already_escalated"]);
});

test("of two who take an incident at once one gets it and the other learns who", async () => {
  const results = await Promise.allSettled(
    [ana, ben].map((by) =>
      assignIncident(database.web, { incidentId, personId: by.id, expected: null }, by),
    ),
  );
  expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const lost = results.find((result) => result.status === "rejected");
  expect(lost?.reason).toMatchObject({
    code: "incident_taken",
    status: 409,
    publicMessage: expect.stringMatching(
      /^(Ana|Ben) has this incident, assigned by (Ana|Ben) at \d\d:\d\d UTC\. Nothing was changed/,
    ),
  });
});

test("an incident is given back, but only by whom who saw its owner", async () => {
  await assignIncident(database.web, { incidentId, personId: ana.id, expected: null }, ana);
  await expect(
    assignIncident(database.web, { incidentId, personId: null, expected: ben.id }, ben),
  ).rejects.toMatchObject({ code: "incident_taken" });
  await assignIncident(database.web, { incidentId, personId: null, expected: ana.id }, ana);
  expect((await findIncident(database.web, incidentId))?.assignee).toBeNull();
});

test("work moves between the statuses that need no signature, and not to closed", async () => {
  await workIncident(database.web, { incidentId, status: "in_progress" }, ana);
  expect((await findIncident(database.web, incidentId))?.status).toBe("in_progress");
  await expect(
    workIncident(database.web, { incidentId, status: "closed" as "new" }, ana),
  ).rejects.toMatchObject({ code: "move_illegal" });
});

test.each([
  ["", "note_empty"],
  ["   ", "note_empty"],
  ["x".repeat(10_001), "note_too_long"],
])("a note of %j characters is refused", async (text, code) => {
  await expect(addNote(database.web, { incidentId, text }, ana)).rejects.toMatchObject({ code });
});
