import { randomUUID } from "node:crypto";
import type pg from "pg";
import { enrolForTest, signByPasskey } from "./testing-passkeys.ts";
import { guard } from "./testing-moves.ts";
import { askForOpening, citingIncident, openForTest } from "./testing-opened.ts";
import type { MadeSummary } from "./testing-opened.ts";
import { propose, sign } from "./testing-gate.ts";
import type { ProposalRow } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const CITING: MadeSummary[] = [
  { origin: "rules", claims: [{ front: true, cites: [0] }] },
  { origin: "model", claims: [{ front: true, cites: [1] }] },
];

/** Attacks on what is kept of openings, and on what the gate asks of them. */
export const OPENED_ATTACKS: Attack[] = [
  guard("G22", "the signer has not opened", "signing with nothing opened", approving([])),
  guard("G22", "the signer has not opened", "signing with one of two opened", approving([0])),
  guard(
    "G22",
    "the signer has not opened",
    "signing with what another has opened",
    approving([0, 1], (w) => w.lea),
  ),
  guard("G22", "the signer has not opened", "signing by passkey with nothing opened", async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.bo });
    await asked(w, async (client, decision) => {
      await client.query("set local session authorization countersign_verifier");
      await signByPasskey(client, decision, { person: w.bo, passkey });
    });
  }),
  guard("G10", "there is no such record", "opening what is in another incident", async (w) => {
    const { incidentId } = await citingIncident(w, 0, []);
    return openForTest(w.web, { personId: w.bo.id, evidenceId: w.evidenceId, incidentId });
  }),
  guard(
    "G2",
    "this must be",
    "a machine opens",
    opening((w) => w.machine),
  ),
  guard(
    "G2",
    "this must be",
    "someone who has left opens",
    opening((w) => w.gone),
  ),
  {
    ...guard("G2", "this must be", "the owner's own row of an opening by nobody", (w) =>
      undone(w.owner, (client) =>
        openForTest(client, {
          personId: randomUUID(),
          evidenceId: w.evidenceId,
          incidentId: w.closed.incidentId,
        }),
      ),
    ),
    notices: "check_opened on evidence_opened",
  },
  {
    name: "web: an opening at a time of its own",
    says: "permission denied for table evidence_opened",
    run: (w) =>
      w.web.query(
        "insert into evidence_opened (person_id, evidence_item_id, incident_id, at) values ($1, $2, $3, now())",
        [w.bo.id, w.evidenceId, w.closed.incidentId],
      ),
  },
];

function opening(by: (w: World) => TestPerson): Attack["run"] {
  return (w) =>
    openForTest(w.web, {
      personId: by(w).id,
      evidenceId: w.evidenceId,
      incidentId: w.closed.incidentId,
    });
}

type Act = (client: pg.PoolClient, decision: ProposalRow) => Promise<unknown>;

/** Under a policy that asks for openings, all of it taken back. */
async function asked(w: World, act: Act, opened: readonly number[] = [], by = w.bo): Promise<void> {
  const { incidentId, evidenceIds } = await citingIncident(w, 2, CITING);
  await undone(w.owner, async (client) => {
    await askForOpening(client);
    for (const index of opened) {
      await openForTest(client, { personId: by.id, evidenceId: evidenceIds[index]!, incidentId });
    }
    await act(client, await propose(client, { incidentId, proposer: w.ana }));
  });
}

/** Bo approves a closure after these records were opened, by whomever. */
function approving(
  opened: readonly number[],
  by: (w: World) => TestPerson = (w) => w.bo,
): Attack["run"] {
  return (w) =>
    asked(w, (client, decision) => sign(client, decision, { person: w.bo }), opened, by(w));
}
