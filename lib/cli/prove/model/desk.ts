import { randomUUID } from "node:crypto";
import { makeIncident, makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import { enrolForTest } from "#lib/db/testing-passkeys.ts";
import { SoftPasskey } from "#lib/signing/testing-passkey.ts";
import { publishTwoForClosure } from "../chaos/desk.ts";
import { assertionInput } from "../chaos/door.ts";
import type { ActionCall, ProductWeb } from "../drill/product-web.ts";
import type { Who } from "./reference.ts";

export const PEOPLE = { ana: "analyst", bo: "analyst", lea: "lead", aud: "auditor" } as const;

export type ModelDesk = {
  db: TestDatabase;
  web: ProductWeb;
  people: Record<Who, TestPerson & { cookie: string; passkey: SoftPasskey }>;
};
/** A decision as its page names it. */
export type Shown = { id: string; incidentId: string; sha256: string };

export async function modelDesk(db: TestDatabase, web: ProductWeb): Promise<ModelDesk> {
  await publishTwoForClosure(db);
  const people = {} as ModelDesk["people"];
  for (const [who, role] of Object.entries(PEOPLE) as [Who, (typeof PEOPLE)[Who]][]) {
    const person = await makePerson(db, role, who);
    const passkey = new SoftPasskey("ES256", web.party);
    if (role !== "auditor") await enrolForTest(db.pools.web, { person, passkey });
    people[who] = { ...person, passkey, cookie: await web.signIn(person) };
  }
  return { db, web, people };
}

/** An incident with a summary, so that it may be closed; gives its id. */
export async function openIncident({ db }: ModelDesk): Promise<string> {
  const { id: incidentId } = await makeIncident(db);
  await db.worker.summary.create({
    data: {
      incidentId,
      origin: "rules",
      version: 1,
      state: "complete",
      generator: "rules/1",
      evidenceRoot: new Uint8Array(32),
      evidenceCount: 0,
    },
    select: { id: true },
  });
  return incidentId;
}

const REASON = "As the reference model would have it.";
const CONTENTS: Record<DecisionKind, DecisionContent> = {
  escalation: { kind: "escalation", reason: REASON, to: "Tier 3" },
  containment: {
    kind: "containment",
    reason: REASON,
    actions: [{ action: "isolate_host", target: "ws-017" }],
  },
  closure: {
    kind: "closure",
    reason: REASON,
    classification: "false_positive",
    classificationReason: "inaccurate_data",
    determination: null,
  },
  reopening: { kind: "reopening", reason: REASON },
};

export function proposal(
  { web, people }: ModelDesk,
  by: Who,
  of: { incidentId: string; kind: DecisionKind; idem?: string },
): ActionCall {
  const { incidentId, kind, idem = randomUUID() } = of;
  const input = { incidentId, content: CONTENTS[kind], waivedClaimIds: [], idem };
  return web.call("proposeDecision", input, people[by].cookie, { incidentId });
}

export function signature(
  { web, people }: ModelDesk,
  by: Who,
  { id, incidentId, sha256 }: Shown,
  outcome: "approved" | "rejected" = "approved",
): ActionCall {
  const { password, cookie } = people[by];
  const input = { decisionId: id, statementSha256: sha256, password, reason: REASON };
  const action = outcome === "approved" ? "signDecision" : "rejectDecision";
  return web.call(action, input, cookie, { incidentId, decisionId: id });
}

/** Of the passkeys, lea's does not count its signatures, as those that a provider keeps do not. */
export function signatureByPasskey(
  { web, people }: ModelDesk,
  by: Who,
  { id, incidentId, sha256 }: Shown,
): ActionCall {
  const { passkey, cookie } = people[by];
  const said = by === "lea" ? { counter: 0 } : {};
  const input = assertionInput({ passkey }, { id, sha256 }, said);
  return web.call("signWithPasskey", input, cookie, { incidentId, decisionId: id });
}

export function withdrawal(
  { web, people }: ModelDesk,
  by: Who,
  { id, incidentId }: Shown,
): ActionCall {
  const place = { incidentId, decisionId: id };
  return web.call("withdrawDecision", { decisionId: id }, people[by].cookie, place);
}

export async function shownByIdem({ db }: ModelDesk, idem: string): Promise<Shown | null> {
  const { rows } = await db.pools.web.query<Shown>(
    `select id, incident_id as "incidentId", encode(statement_sha256, 'hex') as sha256 from decision where idem = $1`,
    [idem],
  );
  return rows[0] ?? null;
}
