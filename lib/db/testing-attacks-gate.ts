import { randomBytes, randomUUID } from "node:crypto";
import { CONTENTS, proofOf, propose, sign } from "./testing-gate.ts";
import { makeIncident } from "./testing-people.ts";
import { openProposal, undone } from "./testing-world.ts";
import type { Attack } from "./testing-world.ts";
import { born, guard, proposing, signing, slipIn, workStatus } from "./testing-moves.ts";

/** Attacks by the web login through what it may call and insert. */
export const GATE_ATTACKS: Attack[] = [
  // G0: what the policy does not name is refused.
  guard("G0", "no rule", "a proposal that the policy has no rule for", async (w) => {
    const { id: incidentId } = await makeIncident(w.db);
    await undone(w.owner, async (client) => {
      await client.query(`insert into policy_rule select 99, kind, sign_offs, min_role, distinct_from_proposer, assurance,
        proposal_minutes, sign_off_minutes from policy_rule where policy_version = 1 and kind = 'escalation'`);
      await propose(client, { incidentId, proposer: w.ana });
    });
  }),
  // G1: only an open decision.
  guard(
    "G1",
    "a decision begins",
    "a decision born in effect",
    proposing({ forged: { state: "in_effect" } }),
  ),
  guard(
    "G1",
    "a refused decision",
    "a refusal without reasons",
    proposing({ forged: { state: "refused" } }),
  ),
  guard("G1", "there is no such", "signing a decision that is not there", async (w) =>
    sign(w.web, { ...w.closed.decision, id: randomUUID() }, { person: w.lea }),
  ),
  guard("G1", "the decision is not open: in_effect", "signing a decision in effect", async (w) =>
    sign(w.web, w.closed.decision, { person: w.lea }),
  ),
  guard(
    "G1",
    "the decision is not open: in_effect",
    "withdrawing a decision in effect",
    async (w) =>
      w.web.query("select gate.withdraw_decision($1, $2)", [w.closed.decision.id, w.ana.id]),
  ),
  guard("G1", "the decision is not open: withdrawn", "signing a withdrawn decision", async (w) => {
    const decision = await openProposal(w);
    await w.web.query("select gate.withdraw_decision($1, $2)", [decision.id, w.ana.id]);
    return sign(w.web, decision, { person: w.lea });
  }),
  // G2, G3, G4: who signs.
  guard(
    "G2",
    "the signer",
    "a machine signs",
    signing((w) => w.machine),
  ),
  guard(
    "G2",
    "the signer",
    "someone who has left signs",
    signing((w) => w.gone),
  ),
  guard(
    "G2",
    "the proposer",
    "someone who has left proposes",
    proposing({}, (w) => w.gone),
  ),
  guard("G2", "this must be", "someone who has left moves the status", async (w) =>
    workStatus(w, w.gone, "on_hold"),
  ),
  guard(
    "G3",
    "the signer",
    "an analyst signs a containment",
    signing((w) => w.bo, "containment"),
  ),
  guard(
    "G3",
    "the signer",
    "an auditor signs",
    signing((w) => w.aud),
  ),
  guard(
    "G3",
    "the signer",
    "an admin signs",
    signing((w) => w.adm),
  ),
  guard(
    "G3",
    "the proposer's role may not propose",
    "an auditor proposes",
    proposing({}, (w) => w.aud),
  ),
  guard("G3", "the role", "an auditor moves the status", async (w) =>
    workStatus(w, w.aud, "on_hold"),
  ),
  guard(
    "G4",
    "the proposer may not",
    "the proposer signs",
    signing((w) => w.ana),
  ),
  guard("G4", "only the proposer", "another withdraws", async (w) => {
    const decision = await openProposal(w);
    return w.web.query("select gate.withdraw_decision($1, $2)", [decision.id, w.bo.id]);
  }),
  // G5: what is signed.
  guard("G5", "another statement", "signing another statement", async (w) =>
    sign(w.web, await openProposal(w), { person: w.bo, sha256: randomBytes(32) }),
  ),
  guard(
    "G5",
    "the hash is not",
    "a hash that is not the statement's",
    proposing({ forged: { statement: "{}" } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "a statement about another kind",
    proposing({ statementSays: { kind: "escalation" } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "a statement about another incident",
    proposing({ statementSays: { incident: {} } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "a statement with other content",
    proposing({ statementSays: { content: {} } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "a statement over other evidence",
    proposing({ statementSays: { evidence: {} } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "content that the statement does not show",
    proposing({ forged: { content: JSON.stringify({ ...CONTENTS.closure, reason: "Other." }) } }),
  ),
  // G6: the proof.
  guard(
    "G6",
    "password proof",
    "a made-up proof",
    signing(
      (w) => w.bo,
      "closure",
      async () => randomBytes(32),
    ),
  ),
  guard(
    "G6",
    "password proof",
    "no proof",
    signing(
      (w) => w.bo,
      "closure",
      async () => Buffer.alloc(0),
    ),
  ),
  guard(
    "G6",
    "password proof",
    "a wrong password",
    signing(
      (w) => w.bo,
      "closure",
      (w, sha) => proofOf(w.web, { ...w.bo, password: "guess" }, sha),
    ),
  ),
  guard(
    "G6",
    "password proof",
    "another person's proof",
    signing(
      (w) => w.bo,
      "closure",
      (w, sha) => proofOf(w.web, w.lea, sha),
    ),
  ),
  guard(
    "G6",
    "password proof",
    "the proof of another decision, replayed",
    signing(
      (w) => w.bo,
      "closure",
      (w) => proofOf(w.web, w.bo, w.closed.decision.sha256),
    ),
  ),
  guard("G6", "the policy asks for a passkey", "a password where a passkey is asked", async (w) => {
    const { id: incidentId } = await makeIncident(w.db);
    await undone(w.owner, async (client) => {
      await client.query(
        `insert into policy_rule values (99, 'closure', 1, 'analyst', true, 'passkey', 60, 15)`,
      );
      await sign(client, await propose(client, { incidentId, proposer: w.ana }), { person: w.bo });
    });
  }),
  // G7: how an incident is born.
  guard(
    "G7",
    "an incident is born new",
    "an incident born in progress",
    born({ status: "'in_progress'" }),
  ),
  guard(
    "G7",
    "an incident is born new",
    "an incident born closed",
    born({ status: "'closed'", closed_by: "gen_random_uuid()", closed_at: "now()" }),
  ),
  guard(
    "G7",
    "an incident is born new",
    "an incident born escalated",
    born({ escalated_by: "gen_random_uuid()" }),
  ),
  guard("G7", "an incident is born new", "an incident born at version 7", born({ version: "7" })),
  // G11: over which facts.
  guard(
    "G11",
    "stale: the incident changed",
    "a proposal over an older version",
    proposing({ forged: { incident_version: 99 } }),
  ),
  guard(
    "G11",
    "stale: the incident changed",
    "a proposal over other claims",
    proposing({ forged: { claims_hash: randomBytes(32) } }),
  ),
  guard(
    "G11",
    "stale: the policy changed",
    "a proposal under an older policy",
    proposing({ forged: { policy_version: 0 } }),
  ),
  guard(
    "G11",
    "stale: the incident does not count",
    "a proposal over evidence that was slipped in",
    async (w) => {
      const { id: incidentId } = await makeIncident(w.db);
      await slipIn(w, incidentId);
      return propose(w.web, { incidentId, proposer: w.ana });
    },
  ),
  guard(
    "G11",
    "stale: the incident does not count",
    "signing over evidence that was slipped in",
    async (w) => {
      const decision = await openProposal(w);
      await slipIn(w, decision.incidentId);
      return sign(w.web, decision, { person: w.bo });
    },
  ),
  // G14: legal moves.
  guard("G14", "no move", "closing without a signature", async (w) =>
    workStatus(w, w.ana, "closed"),
  ),
  guard("G14", "no move", "a move that is no move", async (w) => workStatus(w, w.ana, "new")),
  guard("G14", "no move", "reopening without a signature", async (w) =>
    w.web.query("select gate.set_work_status($1, $2, 'in_progress')", [
      w.closed.incidentId,
      w.ana.id,
    ]),
  ),
  guard("G14", "no legal move", "reopening what is open", proposing({ kind: "reopening" })),
  guard("G14", "no legal move", "closing what is closed", async (w) =>
    propose(w.web, { incidentId: w.closed.incidentId, proposer: w.ana }),
  ),
  guard("G14", "no legal move", "escalating twice", async (w) => {
    const first = await openProposal(w, "escalation");
    await sign(w.web, first, { person: w.bo });
    return propose(w.web, { incidentId: first.incidentId, proposer: w.ana, kind: "escalation" });
  }),
];
