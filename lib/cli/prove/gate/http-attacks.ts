/** Attacks over HTTP on the web process as it is deployed: its actions, called without its pages. */
import { randomUUID } from "node:crypto";
import { CONTENTS } from "#lib/db/testing-gate.ts";
import type { ActionAnswer, ActionCall, ActionName } from "../drill/product-web.ts";
import {
  ask,
  proposalOf,
  signatureOf,
  usedForm,
  type HttpDesk,
  type HttpWho,
} from "./http-desk.ts";

export type HttpAttack = {
  name: string;
  /** The code of the refusal, or of the reason that a refused proposal is stored with. */
  refusedBy: string;
  /** The database's guard, where it is the one that refuses. */
  guard?: string;
  run: (desk: HttpDesk) => Promise<ActionAnswer>;
};

const NOBODY = "00000000-0000-7000-8000-000000000000";
const REASON = "Hands on keyboard, beyond our reach.";
const CLOSURE = { ...CONTENTS.closure, reason: "The scanner is ours and was announced." };
const CONTAINMENT = { ...CONTENTS.containment, reason: "It is spreading by SMB." };

export const HTTP_ATTACKS: HttpAttack[] = [
  // Who asks.
  proposes("signed_out", "nobody proposes", null),
  signs("signed_out", "nobody signs", null),
  {
    ...signs("signed_out", "a made-up cookie signs", null),
    run: withCookie("countersign.session=x"),
  },
  signs("signed_out", "someone who has left since signs", "left"),
  signs("signed_out", "someone whose role was raised since signs", "risen"),
  proposes("not_allowed", "an auditor proposes", "aud"),
  proposes("not_allowed", "an admin proposes", "adm"),
  signs("not_allowed", "an auditor signs", "aud"),
  signs("not_allowed", "an admin signs", "adm"),
  on("not_allowed", "an admin withdraws", "withdrawDecision", "adm", (d) => d.open()),
  on("not_allowed", "an auditor moves the status", "workIncident", "aud", (d) => d.open(), {
    status: "on_hold",
  }),
  signs("signer_is_proposer", "the proposer signs", "ana"),
  {
    name: "the proposer rejects",
    refusedBy: "signer_is_proposer",
    run: (d) => signed(d, d.open(), "ana", { reason: REASON }, "rejectDecision"),
  },
  {
    name: "an analyst signs a containment",
    refusedBy: "role_too_low",
    run: (d) => signed(d, d.containment, "bo"),
  },
  guarded(
    on("signer_is_proposer", "another withdraws", "withdrawDecision", "bo", (d) => d.open()),
    "G4",
  ),
  // With what.
  guarded(signs("password_wrong", "a wrong password", "bo", { password: "guess" }), "G6"),
  guarded(
    signs("password_wrong", "another person's password", "bo", { password: "password of lea" }),
    "G6",
  ),
  signs("input_invalid", "no password", "bo", { password: "" }),
  signs("input_invalid", "an outcome is smuggled in", "bo", { outcome: "approved" }),
  signs("input_invalid", "an assurance is smuggled in", "bo", { assurance: "passkey" }),
  signs("input_invalid", "another signer is smuggled in", "bo", { personId: NOBODY }),
  signs("input_invalid", "SQL for an id", "bo", { decisionId: "x' or '1'='1" }),
  {
    name: "a rejection without a reason",
    refusedBy: "input_invalid",
    run: (d) => signed(d, d.open(), "bo", { reason: "" }, "rejectDecision"),
  },
  guesses(),
  // Over what.
  signs("statement_changed", "another statement", "bo", { statementSha256: "0".repeat(64) }),
  {
    name: "the statement of another decision",
    refusedBy: "statement_changed",
    run: (d) => {
      const other = d.containment.sha256.toString("hex");
      return signed(d, d.open(), "bo", { statementSha256: other });
    },
  },
  {
    name: "signing what is in effect",
    refusedBy: "not_open",
    run: (d) => signed(d, d.world.closed.decision, "lea"),
  },
  {
    name: "signing what was withdrawn",
    refusedBy: "not_open",
    run: (d) => signed(d, d.withdrawn, "bo"),
  },
  { name: "signing what went stale", refusedBy: "stale", run: (d) => signed(d, d.stale, "bo") },
  signs("decision_not_found", "signing what is not there", "bo", { decisionId: NOBODY }),
  guarded(
    on(
      "not_open",
      "withdrawing what is in effect",
      "withdrawDecision",
      "ana",
      (d) => d.world.closed.decision,
    ),
    "G1",
  ),
  // To what end.
  on("input_invalid", "closing as a mere status", "workIncident", "ana", (d) => d.containment, {
    status: "closed",
  }),
  guarded(
    on("move_illegal", "reopening as a mere status", "workIncident", "ana", (d) => d.world.closed, {
      status: "in_progress",
    }),
    "G14",
  ),
  proposes("incident_not_closed", "reopening what is open", "ana", {
    content: { kind: "reopening", reason: REASON },
  }),
  {
    name: "closing what is closed",
    refusedBy: "incident_closed",
    run: (d) => proposed(d, "ana", d.world.closed.incidentId, { content: CLOSURE }),
  },
  {
    name: "containing what is closed",
    refusedBy: "incident_closed",
    run: (d) => proposed(d, "ana", d.world.closed.incidentId, { content: CONTAINMENT }),
  },
  {
    name: "a second proposal of a kind",
    refusedBy: "decision_open",
    run: (d) => proposed(d, "bo", d.containment.incidentId, { content: CONTAINMENT }),
  },
  proposes("summary_missing", "a closure that rests on no summary", "ana", { content: CLOSURE }),
  proposes("reason_missing", "a proposal without a real reason", "ana", {
    content: { ...CONTENTS.escalation, reason: "no" },
  }),
  proposes("waiver_unknown", "a claim waived that is none", "ana", { waivedClaimIds: [NOBODY] }),
  proposes("target_invalid", "a target that reads otherwise than it is", "ana", {
    content: { ...CONTAINMENT, actions: [{ action: "isolate_host", target: "ws-\u202e71" }] },
  }),
  proposes("input_invalid", "a containment of nothing", "ana", {
    content: { ...CONTAINMENT, actions: [] },
  }),
  proposes("input_invalid", "a state is smuggled in", "ana", { state: "in_effect" }),
  proposes("input_invalid", "another proposer is smuggled in", "ana", { proposerId: NOBODY }),
  proposes("input_invalid", "a policy is smuggled in", "ana", { policyVersion: 1 }),
  {
    name: "another person's form",
    refusedBy: "idem_taken",
    run: async (d) => {
      const { incidentId, idem } = await usedForm(d);
      return proposed(d, "bo", incidentId, { idem });
    },
  },
  on(
    "response_not_found",
    "a response that no decision names",
    "recordResponse",
    "ana",
    (d) => d.containment,
    {
      decisionId: NOBODY,
      action: "isolate_host",
      target: "ws-17",
      outcome: "verified",
      detail: null,
    },
  ),
  // From where.
  altered("origin_missing", "no origin", ({ origin: _, ...rest }) => rest),
  altered("origin_missing", "from another site", (headers) => ({
    ...headers,
    "sec-fetch-site": "cross-site",
  })),
  altered("http_500", "a foreign origin", (headers) => ({
    ...headers,
    origin: "https://evil.example",
  })),
  altered("http_409", "an action that does not exist", (headers) => ({
    ...headers,
    "next-action": "7f".repeat(21),
  })),
  altered("signed_out", "a bearer token instead of a session", ({ cookie: _, ...rest }) => ({
    ...rest,
    authorization: "Bearer cs_src_this-token-was-never-given-to-anybody",
  })),
  ...["PUT", "PATCH", "DELETE", "POST"].map(writesToApi),
];

function guarded(attack: HttpAttack, guard: string): HttpAttack {
  return { ...attack, guard };
}

type Target = { id?: string; incidentId: string };

function placeOf({ id, incidentId }: Target) {
  return { incidentId, decisionId: id ?? NOBODY };
}

function signed(
  d: HttpDesk,
  decision: ReturnType<HttpDesk["open"]>,
  as: HttpWho,
  change: object = {},
  name: ActionName = "signDecision",
): Promise<ActionAnswer> {
  return ask(d, name, signatureOf(d, decision, as, change), { as, of: placeOf(decision) });
}

function signs(
  refusedBy: string,
  name: string,
  as: HttpWho | null,
  change: object = {},
): HttpAttack {
  return {
    name,
    refusedBy,
    run: (d) => {
      const decision = d.containment;
      // analysts may not sign a containment: what is refused for another reason needs a decision they may sign
      const target = as === null || as === "aud" || as === "adm" ? decision : d.open();
      const input = signatureOf(d, target, as ?? "bo", change);
      return ask(d, "signDecision", input, { as, of: placeOf(target) });
    },
  };
}

function withCookie(cookie: string): HttpAttack["run"] {
  return (d) => {
    const input = signatureOf(d, d.containment, "bo");
    return ask(d, "signDecision", input, { as: null, cookie, of: placeOf(d.containment) });
  };
}

function proposed(d: HttpDesk, as: HttpWho | null, incidentId: string, change: object = {}) {
  return ask(d, "proposeDecision", proposalOf(incidentId, change), { as, of: { incidentId } });
}

function proposes(
  refusedBy: string,
  name: string,
  as: HttpWho | null,
  change: object = {},
): HttpAttack {
  return { name, refusedBy, run: (d) => proposed(d, as, d.bare, change) };
}

function on(
  refusedBy: string,
  name: string,
  action: ActionName,
  as: HttpWho,
  target: (d: HttpDesk) => Target,
  input?: object,
): HttpAttack {
  return {
    name,
    refusedBy,
    run: (d) => {
      const of = placeOf(target(d));
      const about =
        action === "workIncident" ? { incidentId: of.incidentId } : { decisionId: of.decisionId };
      return ask(d, action, { ...about, ...input }, { as, of });
    },
  };
}

const GUESSES = 10;

function guesses(): HttpAttack {
  return {
    name: "the right password after ten wrong ones",
    refusedBy: "too_many_attempts",
    run: async (d) => {
      const decision = d.open();
      for (let n = 0; n < GUESSES; n += 1)
        await signed(d, decision, "guesser", { password: `guess ${n}` });
      return signed(d, decision, "guesser");
    },
  };
}

type Headers = ActionCall["headers"];

/** A proposal that would be taken, but for its headers. */
function altered(
  refusedBy: string,
  name: string,
  change: (headers: Headers) => Headers,
): HttpAttack {
  return {
    name,
    refusedBy,
    run: ({ web, cookies, bare }) => {
      const input = proposalOf(bare, { idem: randomUUID() });
      const call = web.call("proposeDecision", input, cookies.ana, { incidentId: bare });
      return web.send({ ...call, headers: change(call.headers) });
    },
  };
}

function writesToApi(method: string): HttpAttack {
  return {
    name: `${method} on the incident's address`,
    refusedBy: "http_405",
    run: async ({ web, cookies, bare }) => {
      const answer = await fetch(`${web.url}/api/incidents/${bare}`, {
        method,
        headers: { cookie: cookies.lea, origin: web.url, "content-type": "application/json" },
        body: JSON.stringify({ status: "closed" }),
      });
      await answer.arrayBuffer();
      const code = `http_${answer.status}`;
      return { status: answer.status, ok: answer.ok, code, guard: null, reasons: [], data: {} };
    },
  };
}
