/** The ways in that racing clients use: the product's commands, plain SQL of the web login, its web process over HTTP. */
import { randomUUID } from "node:crypto";
import { Pool } from "pg";
import { addNote } from "#lib/commands/add-note.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { signWithPasskey } from "#lib/commands/sign-with-passkey.ts";
import { withdrawDecision } from "#lib/commands/withdraw-decision.ts";
import { workIncident, type WorkStatus } from "#lib/commands/work-incident.ts";
import { createClient } from "#lib/db/prisma.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { signByPasskey } from "#lib/db/testing-passkeys.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { sqlState } from "#lib/db/transaction.ts";
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { base64url } from "#lib/signing/passkey.ts";
import type { RelyingParty } from "#lib/signing/relying-party.ts";
import { signProof } from "#lib/signing/sign-key.ts";
import type { Said } from "#lib/signing/testing-passkey.ts";
import type { ActionAnswer, ProductWeb } from "../drill/product-web.ts";
import type { ChaosPerson } from "./desk.ts";

/** An answer that came. Whatever else happened is thrown: nobody then knows what was done. */
export type Answer =
  | { ok: true; id: string | null; state: string | null }
  | { ok: false; why: string; id: string | null };
export type Target = { id: string; incidentId: string; kind: DecisionKind; sha256: string };
export type Ruling = "approved" | "rejected";

export type Door = {
  name: "commands" | "SQL" | "HTTP";
  propose: (incidentId: string, kind: DecisionKind, idem: string) => Promise<Answer>;
  /** By password. */
  sign: (target: Target, outcome: Ruling) => Promise<Answer>;
  /** Approves. */
  signByPasskey: (target: Target) => Promise<Answer>;
  withdraw: (target: Target) => Promise<Answer>;
  work: (incidentId: string, status: WorkStatus) => Promise<Answer>;
  note: (incidentId: string, text: string) => Promise<Answer>;
  close: () => Promise<void>;
};

const REASON = "Racing against all the others.";
const CONTENTS: Record<DecisionKind, DecisionContent> = {
  escalation: { kind: "escalation", reason: REASON, to: "Tier 3" },
  containment: {
    kind: "containment",
    reason: REASON,
    actions: [
      { action: "isolate_host", target: "ws-017" },
      { action: "disable_account", target: "j.doe" },
    ],
  },
  closure: {
    kind: "closure",
    reason: REASON,
    classification: "benign_positive",
    classificationReason: "suspicious_but_expected",
    determination: null,
  },
  reopening: { kind: "reopening", reason: REASON },
};

/** On connections of its own, as two requests of one web process and one of the verifier would be. */
export function commandDoor(db: TestDatabase, person: ChaosPerson, party: RelyingParty): Door {
  const client = createClient(db.urls.web, 2);
  const verifier = createClient(db.urls.verifier, 1);
  const { id, role, password } = person;
  const by = { kind: "person", session: null, id, role } as const;
  return {
    name: "commands",
    propose: (incidentId, kind, idem) =>
      answerOf(async () => {
        const input = { incidentId, content: CONTENTS[kind], waivedClaimIds: [], idem };
        const given = await proposeDecision(client, input, by);
        return given.ok ? done(given.id, given.state) : refusedFor(given.reasons, given.id);
      }),
    sign: ({ id: decisionId, sha256 }, outcome) =>
      answerOf(async () => {
        const input = { decisionId, outcome, statementSha256: sha256, password, reason: REASON };
        const given = await signDecision(client, input, by);
        return given.ok ? done(decisionId, given.state) : refusedFor(given.reasons);
      }),
    signByPasskey: (target) =>
      answerOf(async () => {
        const input = { ...assertionInput(person, target), personId: id, session: null };
        const given = await signWithPasskey(verifier, input, party);
        return given.ok ? done(target.id, given.state) : refusedFor(given.reasons);
      }),
    withdraw: ({ id: decisionId }) =>
      answerOf(async () =>
        done(decisionId, (await withdrawDecision(client, { decisionId }, by)).state),
      ),
    work: (incidentId, status) =>
      answerOf(async () =>
        done(null, (await workIncident(client, { incidentId, status }, by)).status),
      ),
    note: (incidentId, text) =>
      answerOf(async () => done((await addNote(client, { incidentId, text }, by)).id, null)),
    close: async () => {
      await Promise.all([client.$disconnect(), verifier.$disconnect()]);
    },
  };
}

/** What an intruder in the web process could send: no rule of ours asks before the database does. */
export function sqlDoor(db: TestDatabase, person: ChaosPerson): Door {
  const pool = new Pool({ connectionString: db.urls.web, max: 1 });
  const verifier = new Pool({ connectionString: db.urls.verifier, max: 1 });
  for (const one of [pool, verifier]) one.on("error", () => undefined);
  const state = async (sql: string, values: unknown[]) => {
    const { rows } = await pool.query<{ answer: { state?: string; code?: string } }>(sql, values);
    return rows[0]!.answer;
  };
  return {
    name: "SQL",
    propose: (incidentId, kind, idem) =>
      answerOf(async () => {
        const row = await propose(pool, { incidentId, proposer: person, kind, forged: { idem } });
        return done(row.id, "proposed");
      }),
    sign: (target, outcome) =>
      answerOf(async () => {
        const sha256 = Buffer.from(target.sha256, "hex");
        const row = { ...target, statement: "", sha256 };
        const proof = signProof(person.signKey, sha256);
        return gateAnswer(target, await sign(pool, row, { person, outcome, proof }));
      }),
    signByPasskey: (target) =>
      answerOf(async () => {
        const row = { ...target, statement: "", sha256: Buffer.from(target.sha256, "hex") };
        const { passkey } = person;
        return gateAnswer(target, await signByPasskey(verifier, row, { person, passkey }));
      }),
    withdraw: ({ id }) =>
      answerOf(async () => {
        const given = await state("select gate.withdraw_decision($1, $2) as answer", [
          id,
          person.id,
        ]);
        return done(id, given.state ?? null);
      }),
    work: (incidentId, status) =>
      answerOf(async () => {
        const sql = "select gate.set_work_status($1, $2, $3) as answer";
        await state(sql, [incidentId, person.id, status]);
        return done(null, status);
      }),
    note: (incidentId, text) =>
      answerOf(async () => {
        const id = randomUUID();
        const sql = "insert into note (id, incident_id, person_id, text) values ($1, $2, $3, $4)";
        await pool.query(sql, [id, incidentId, person.id, text]);
        return done(id, null);
      }),
    close: async () => {
      await Promise.all([pool.end(), verifier.end()]);
    },
  };
}

function gateAnswer(target: Target, given: Record<string, unknown>): Answer {
  const { code, state = "" } = given as { code?: string; state?: string };
  if (code !== undefined) return refused(code);
  return ["expired", "stale"].includes(state) ? refused(state) : done(target.id, state);
}

/** What the web process is sent of an assertion over this statement. */
export function assertionInput(
  { passkey }: Pick<ChaosPerson, "passkey">,
  { id: decisionId, sha256 }: Pick<Target, "id" | "sha256">,
  said: Partial<Said> = {},
) {
  const made = passkey.sign({ statementSha256: Buffer.from(sha256, "hex"), ...said });
  return {
    decisionId,
    credentialId: base64url(passkey.credentialId),
    authenticatorData: base64url(made.authenticatorData),
    clientDataJSON: base64url(made.clientDataJson),
    signature: base64url(made.signature),
    reason: null,
  };
}

/** Through the web process, with the session of a person who signed in there. */
export async function httpDoor(web: ProductWeb, person: ChaosPerson): Promise<Door> {
  const cookie = await web.signIn(person);
  const send = async (...given: Parameters<ProductWeb["call"]>) =>
    httpAnswer(await web.send(web.call(...given)));
  return {
    name: "HTTP",
    propose: (incidentId, kind, idem) => {
      const input = { incidentId, content: CONTENTS[kind], waivedClaimIds: [], idem };
      return send("proposeDecision", input, cookie, { incidentId });
    },
    sign: ({ id, incidentId, sha256 }, outcome) => {
      const action = outcome === "approved" ? "signDecision" : "rejectDecision";
      const { password } = person;
      const input = { decisionId: id, statementSha256: sha256, password, reason: REASON };
      return send(action, input, cookie, { incidentId, decisionId: id });
    },
    signByPasskey: (target) => {
      const place = { incidentId: target.incidentId, decisionId: target.id };
      return send("signWithPasskey", assertionInput(person, target), cookie, place);
    },
    withdraw: ({ id, incidentId }) =>
      send("withdrawDecision", { decisionId: id }, cookie, { incidentId, decisionId: id }),
    work: (incidentId, status) =>
      send("workIncident", { incidentId, status }, cookie, { incidentId }),
    note: (incidentId, text) => send("addNote", { incidentId, text }, cookie, { incidentId }),
    close: () => Promise.resolve(),
  };
}

/** The web process said that it does not know what happened, or nothing that an action says. */
const NO_ANSWER = /^(internal|verifier_unreachable|http_\d+)$/;

function httpAnswer({ ok, code, guard, reasons, data }: ActionAnswer): Answer {
  if (!ok && (code === null || NO_ANSWER.test(code))) throw new Error(`HTTP: ${code}`);
  const id = typeof data["id"] === "string" ? data["id"] : null;
  const state = typeof data["state"] === "string" ? data["state"] : null;
  if (ok) return done(id, state);
  return refused(guard ?? reasons[0] ?? code ?? "refused", id);
}

function done(id: string | null, state: string | null): Answer {
  return { ok: true, id, state };
}

function refused(why: string, id: string | null = null): Answer {
  return { ok: false, why, id };
}

function refusedFor(reasons: readonly { code: string }[], id: string | null = null): Answer {
  return refused(reasons[0]?.code ?? "refused", id);
}

/** Errors with which the database says no and takes everything back: a guard, a deadlock, a second open proposal. */
const REFUSALS: Record<string, string> = {
  "40P01": "deadlock",
  "23505": "unique index",
  "23514": "check",
};

async function answerOf(run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (isProblem(error)) {
      const { guard } = error.details as { guard?: string };
      return refused(guard ?? error.code);
    }
    const guard = /^(G\d+) /.exec((error as Error).message)?.[1];
    const known = guard ?? REFUSALS[sqlState(error) ?? ""];
    if (known === undefined) throw error;
    return refused(known);
  }
}
