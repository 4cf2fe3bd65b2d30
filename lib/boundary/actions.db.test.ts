/** Every server action, knocked at without its browser: strangers, wrong roles, malformed and foreign input. */
import { glob } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { LivePerson } from "#lib/auth/session.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { webPool } from "#lib/db/web-pool.ts";
import { POLICY_TEMPLATE } from "#lib/domain/decision/policy-change.ts";
import { may, PERMISSIONS, ROLES } from "#lib/domain/people/permissions.ts";
import type { Permission } from "#lib/domain/people/permissions.ts";
import { runAction } from "./define-action.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";

type Definition = {
  name: string;
  permission: Permission;
  input: z.ZodType;
  run: (context: never) => Promise<unknown>;
};

/** Well-formed input that names nobody's objects; an action without a row fails the test below. */
const incident = { incidentId: NOBODY };
const decision = { decisionId: NOBODY };
const signature = {
  ...decision,
  statementSha256: "0".repeat(64),
  password: "a password",
  reason: "a reason",
};
const activation = { configId: NOBODY, evaluationId: NOBODY, reason: "a reason" };
const policy = {
  base: 4711,
  rules: POLICY_TEMPLATE.map(({ number: _, ...rule }) => rule),
  reason: "a reason",
  delayMinutes: 1440,
};
const erasure = { incident: "INC-999999", legalBasis: "objection", reason: "a reason" };
const password = { statementSha256: "0".repeat(64), password: "a password" };
const review = { ...decision, outcome: "upheld", words: "long enough words" };
const assertion = {
  credentialId: "AAAA",
  authenticatorData: "AAAA",
  clientDataJSON: "AAAA",
  signature: "AAAA",
};
const stopped = { stopId: NOBODY, reason: "a reason" };
const five = { informational: 5, low: 5, medium: 5, high: 5, critical: 5 };
const SLA_MINUTES = { assign: five, decide: five };
const FOREIGN: Record<string, unknown> = {
  activateModel: {
    ...activation,
    statementSha256: "0".repeat(64),
    password: "a password",
  },
  activationStatement: activation,
  addNote: { ...incident, text: "a note" },
  mergeIncidentAction: { ...incident, intoId: NOBODY, reason: "a reason" },
  openIncidentAction: null, // names no object: it makes one
  undoMergeAction: { mergeId: NOBODY },
  splitIncidentAction: {
    ...incident,
    evidenceIds: [NOBODY],
    withEvents: false,
    reason: "a reason",
  },
  undoSplitAction: { splitId: NOBODY },
  saveViewAction: null, // names no object: it makes one of the person's own
  changeViewAction: { viewId: NOBODY, name: "Another's" },
  deleteViewAction: { viewId: NOBODY },
  setFirstViewAction: { first: { savedId: NOBODY } },
  endTourAction: null, // names no object: it is about the person
  previewSlaAction: null, // names no object: it counts what is open
  setSlaAction: { after: 4711, minutes: SLA_MINUTES, reason: "a reason" },
  pinRecord: { ...incident, evidenceId: NOBODY, pinned: true },
  assignIncidentAction: { ...incident, personId: NOBODY, expected: null },
  assignIncidents: { assignments: [{ ...incident, personId: NOBODY, expected: null }] },
  assignablePeople: null, // names no object: it lists who can be given an incident
  writePlaybookAction: {
    name: NOBODY,
    after: 4711,
    incidentTypes: [],
    rank: 0,
    steps: [],
    reason: "a reason",
  },
  startPlaybook: { ...incident, playbook: "Phishing", version: 1 },
  addTask: { ...incident, title: "a task", details: "" },
  changeTasks: { ...incident, taskIds: [NOBODY], change: { kind: "state", state: "done" } },
  handoverDrafts: { incidentIds: [NOBODY] },
  handOverIncidents: {
    handovers: [{ ...incident, personId: null, expected: null, text: "a note" }],
  },
  takeOver: { ...incident, handoverId: NOBODY },
  watchIncident: { ...incident, watching: true },
  noteIncidents: { incidentIds: [NOBODY], text: "a note" },
  askExport: {
    scope: { kind: "person", person: NOBODY },
    format: "jsonl",
    withheld: { evidence: false, names: false, payloads: false },
  },
  cancelExport: { exportId: NOBODY },
  estimateExport: { scope: { kind: "person", person: NOBODY } },
  repeatExport: { exportId: NOBODY },
  cancelRun: { runId: NOBODY },
  openStatement: null, // of nobody's decision it notes nothing: asked by trends.db.test.ts
  setTrainingMode: null, // names no object: it is the caller's own
  judgeOverride: { idem: NOBODY, overrideId: NOBODY, outcome: "agree", note: "" },
  liftAutomation: { ...stopped, statementSha256: "0".repeat(64), password: "a password" },
  liftStatement: stopped,
  previewAutomation: null, // names no object
  proposeAutomation: null, // names no object: it makes one
  withdrawAutomation: { version: 999_999, reason: "a reason" },
  signAutomation: { version: 999_999, statementSha256: "0".repeat(64), password: "a password" },
  stopAutomation: { scope: "incident", ...incident, reason: "Looks wrong." },
  endAllSessionsAction: null, // names no object: it ends the caller's own sessions
  endSessionAction: { sessionId: NOBODY },
  enrolPasskey: null, // names no object: it makes one
  revokePasskey: { passkeyId: NOBODY, password: "a password" },
  signWithPasskey: { ...decision, ...assertion, reason: null },
  matchingIncidents: null, // names no object: it lists what a filter finds
  previewBulkClosure: { incidentIds: [NOBODY] },
  proposeBulkClosure: {
    incidentIds: [NOBODY],
    classification: "undetermined",
    classificationReason: "undetermined",
    determination: null,
    reason: "long enough a reason",
    waivedClaimIds: [],
    idem: NOBODY,
  },
  giveSecondReview: { ...review, ...password },
  giveSecondReviewWithPasskey: { ...review, ...assertion },
  secondReviewStatement: review,
  proposeDecision: {
    ...incident,
    content: { kind: "escalation", reason: "long enough a reason", to: "tier 3" },
    waivedClaimIds: [],
    idem: NOBODY,
  },
  endPolicy: { version: 4711, reason: "a reason" }, // nobody's version
  previewPolicy: policy, // of a base that is not in force
  proposePolicy: { ...policy, statementSha256: "0".repeat(64), password: "a password" },
  signPolicy: { version: 4711, statementSha256: "0".repeat(64), password: "a password" },
  recordResponse: {
    ...decision,
    action: "isolate_host",
    target: "ws-1",
    outcome: "failed",
    detail: null,
  },
  erasureStatement: erasure,
  askErasure: { ...erasure, ...password },
  approvalStatement: { erasureId: NOBODY },
  approveErasure: { erasureId: NOBODY, ...password },
  endErasure: { erasureId: NOBODY, reason: "a reason" },
  placeHold: { incident: "INC-999999", reason: "a reason" },
  holdLiftStatement: { holdId: NOBODY, reason: "a reason" },
  liftHold: { holdId: NOBODY, reason: "a reason", ...password },
  fileReport: { idem: NOBODY, of: { claimId: NOBODY }, kind: "wrong", text: "Not so." },
  rejectDecision: signature,
  requestEvaluation: { configId: NOBODY, idem: NOBODY },
  requestProbe: { configId: NOBODY, idem: NOBODY },
  requestRun: { ...incident, kind: "answer", question: "Who signed in?", idem: NOBODY },
  rebuildPrompt: { runId: NOBODY },
  requestSummary: incident,
  resolveReport: { reportId: NOBODY, outcome: "no_fault", text: "It is so." },
  reviewClaim: { claimId: NOBODY, outcome: "accepted" },
  saveModelConfig: null, // names no object: it makes one
  setBudget: { runMicro: 1, incidentMicro: 2, dayMicro: 3, allMicro: 4, reason: "a reason" },
  setNoticeWish: null, // names no object: it is about the caller
  setVerdict: { ...incident, verdict: "benign" },
  signDecision: signature,
  stopModel: { reason: "a reason" }, // by nobody
  checkResponseAction: { runId: NOBODY },
  configureResponderAction: null, // names no object: it makes one
  retireResponderAction: { responderId: NOBODY },
  testResponderAction: { responderId: NOBODY, action: "isolate_host", target: "ws-1" },
  createSourceAction: null, // names no object: it makes one
  rotateSourceTokenAction: { sourceId: NOBODY },
  revokeSourceAction: { sourceId: NOBODY },
  readNotice: { noticeId: NOBODY },
  readNotices: { upTo: NOBODY },
  releaseDecision: decision,
  takeDecision: decision,
  takeNextDecision: null, // names no object: it takes what comes first
  withdrawDecision: decision,
  workIncident: { ...incident, status: "on_hold" },
};

let database: TestDatabase;
const doors: { name: string; definition: Definition }[] = await listDoors();

async function listDoors(): Promise<{ name: string; definition: Definition }[]> {
  const found: { name: string; definition: Definition }[] = [];
  for await (const file of glob("lib/actions/*.ts")) {
    if (file.endsWith(".test.ts")) continue;
    const exported = (await import(resolve(file))) as Record<string, { definition?: Definition }>;
    for (const [name, value] of Object.entries(exported)) {
      if (value.definition) found.push({ name: `${file}#${name}`, definition: value.definition });
    }
  }
  return found;
}

beforeAll(async () => {
  database = await testDatabase();
  // Signing counts its attempts through a pool of its own.
  process.env["DATABASE_URL_WEB"] = database.urls.web;
});
afterAll(async () => {
  await webPool().end();
  await database.close();
});

const person = (role: LivePerson["role"]): LivePerson => ({
  id: NOBODY,
  name: "Nobody",
  role,
  sessionId: NOBODY,
});

const people = new Map<string, Promise<{ id: string }>>();

/** Somebody of this role who is there: a refusal is on the trail under their name. */
function known(role: LivePerson["role"]): Promise<{ id: string }> {
  const found = people.get(role) ?? makePerson(database, role, `known ${role}`);
  people.set(role, found);
  return found;
}

async function refusalsOf(personId: string, door: string): Promise<number> {
  const { rows } = await database.pools.owner.query<{ count: number }>(
    `select count(*)::int from trail.entry e join trail.payload y using (seq)
      where e.kind = 'access.refused' and e.actor = 'person:' || $1 and convert_from(y.bytes, 'UTF8')::jsonb ->> 'door' = $2`,
    [personId, door],
  );
  return rows[0]!.count;
}

function knock(definition: Definition, who: LivePerson | null, input: unknown) {
  return runAction(definition as never, { person: who, db: database.web }, input);
}

describe("server actions", () => {
  test("are seen by this test", () => {
    expect(doors.length).toBeGreaterThan(8);
  });

  test.each(doors)("$name refuses a stranger", async ({ definition }) => {
    expect(await knock(definition, null, {})).toMatchObject({ ok: false, code: "signed_out" });
  });

  test.each(doors)("$name refuses every role without its permission", async ({ definition }) => {
    expect(PERMISSIONS).toContain(definition.permission);
    for (const role of ROLES) {
      if (may(role, definition.permission)) continue;
      const { id } = await known(role);
      for (const _again of [1, 2]) {
        expect(await knock(definition, { ...person(role), id }, {})).toMatchObject({
          ok: false,
          code: "not_allowed",
        });
      }
      // once a minute, however often they knock
      expect(await refusalsOf(id, definition.name)).toBe(1);
    }
  });

  test.each(doors)("$name refuses malformed and oversized input", async ({ definition }) => {
    const role = ROLES.find((one) => may(one, definition.permission))!;
    const huge = "x".repeat(300_000);
    const shapes: unknown[] = [
      7,
      "text",
      [],
      { id: huge, incidentId: huge, reason: huge, text: huge, name: huge },
    ];
    for (const input of shapes) {
      expect(await knock(definition, person(role), input)).toMatchObject({
        ok: false,
        code: "input_invalid",
      });
    }
  });

  test.each(doors)("$name finds nothing for nobody's objects", async ({ name, definition }) => {
    const key = name.split("#")[1]!;
    if (!(key in FOREIGN)) throw new Error(`${key} has no row in FOREIGN`);
    if (FOREIGN[key] === null) return;
    const role = ROLES.find((one) => may(one, definition.permission))!;
    const answer = await knock(definition, person(role), FOREIGN[key]);
    expect(answer).toMatchObject({ ok: false });
    expect((answer as { code: string }).code).not.toMatch(/input_invalid|internal/);
  });
});
