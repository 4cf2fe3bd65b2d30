import { makeIncident } from "./testing-people.ts";
import {
  anotherLead,
  decidedAlone,
  giveSecondReview,
  proposeBreakGlass,
  signAlone,
} from "./testing-flow.ts";
import { CONTENTS, sign } from "./testing-gate.ts";
import type { ProposalInput } from "./testing-gate.ts";
import { truncation } from "./testing-attacks-rights.ts";
import { guard } from "./testing-moves.ts";
import { enrolForTest, signByPasskey } from "./testing-passkeys.ts";
import type { TestPerson } from "./testing-people.ts";
import { openProposal, undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

/** Attacks on break-glass: on who decides alone and how, and on the review that follows. */
const BREAK_GLASS_ATTACKS: Attack[] = [
  guard("G0", "no rule", "break-glass where the policy has no rule", async (w) => {
    const { id: incidentId } = await makeIncident(w.db);
    await undone(w.owner, async (client) => {
      await client.query(`insert into policy_rule select 99, kind, sign_offs, min_role, distinct_from_proposer, assurance,
        proposal_minutes, sign_off_minutes from policy_rule where policy_version = 1 and kind = 'escalation'`);
      await proposeBreakGlass(client, {
        incidentId,
        proposer: w.lea,
        kind: "escalation",
        forged: { kind: "containment" },
      });
    });
  }),
  guard(
    "G3",
    "the proposer's role is too low",
    "break-glass by an analyst",
    alone({}, (w) => w.ana),
  ),
  guard("G3", "the signer's role", "break-glass signed by an analyst", async (w) => {
    const decision = await openAlone(w);
    return signAlone(w, decision, w.bo);
  }),
  guard("G6", "the policy asks for a passkey", "break-glass by password", async (w) =>
    sign(w.web, await openAlone(w), { person: w.lea }),
  ),
  guard(
    "G5",
    "the statement does not",
    "break-glass that the statement does not say",
    alone({ statementSays: { breakGlass: false } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "a statement that says break-glass of a decision that is none",
    alone({ forged: { break_glass: false } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "break-glass under the requirement of an ordinary decision",
    async (w) => {
      const { statement } = await openProposal(w);
      const { policy } = JSON.parse(statement) as { policy: object };
      return alone({ statementSays: { policy } })(w);
    },
  ),
  guard("G4", "the proposer may not", "an ordinary decision signed by its proposer", async (w) => {
    const passkey = await enrolForTest(w.web, { person: w.ana });
    return signByPasskey(w.db.pools.verifier, await openProposal(w), { person: w.ana, passkey });
  }),
  guard("G10", "a decision is fixed", "made break-glass after it was proposed", async (w) => {
    const { id } = await openProposal(w);
    return w.owner.query("update decision set break_glass = true where id = $1", [id]);
  }),
  {
    name: "break-glass whose reason says nothing",
    says: 'new row for relation "decision" violates check constraint "decision_break_glass"',
    run: alone({
      forged: { content: JSON.stringify(CONTENTS.closure) },
      statementSays: { content: CONTENTS.closure },
    }),
  },
  guard("G15", "a decision in effect by break-glass", "in effect without its review", async (w) => {
    const { id } = await decidedAlone(w);
    return undone(w.owner, async (client) => {
      await client.query("alter table second_review disable trigger no_deletion");
      await client.query("alter table decision disable trigger check_decision_move");
      await client.query("delete from second_review where decision_id = $1", [id]);
      await client.query("update decision set state = 'in_effect' where id = $1", [id]);
    });
  }),
];

const SECOND_REVIEW_ATTACKS: Attack[] = [
  reviewing("G4", "whoever proposed", "by whoever decided alone", (w) => w.lea),
  guard("G4", "whoever proposed", "a second review by the signer, another proposed", async (w) => {
    const { id: incidentId } = await makeIncident(w.db);
    const decision = await proposeBreakGlass(w.web, { incidentId, proposer: w.lea });
    const max = await anotherLead(w);
    await signAlone(w, decision, max);
    return giveSecondReview(w.web, decision, max);
  }),
  reviewing("G3", "only a lead", "by an analyst", (w) => w.ana),
  reviewing("G3", "only a lead", "by an admin", (w) => w.adm),
  reviewing("G2", "the reviewer", "by a machine", (w) => w.machine),
  reviewing("G2", "the reviewer", "by a lead who has left", (w) => w.gone),
  guard("G1", "the second review is given", "a second review given twice", async (w) => {
    const decision = await decidedAlone(w);
    const max = await anotherLead(w);
    await giveSecondReview(w.web, decision, max, { outcome: "objected" });
    return giveSecondReview(w.web, decision, max);
  }),
  guard("G10", "no second review is due", "a second review of an ordinary decision", async (w) =>
    giveSecondReview(w.web, w.closed.decision, await anotherLead(w)),
  ),
  guard("G10", "a second review is due once", "a second review made up by the owner", (w) =>
    undone(w.owner, (client) =>
      client.query("insert into second_review (decision_id) values ($1)", [w.closed.decision.id]),
    ),
  ),
  {
    ...guard("G10", "of a second review only", "a second review put off", async (w) => {
      const { id } = await decidedAlone(w);
      return undone(w.owner, (client) =>
        client.query(
          "update second_review set due_at = due_at + interval '1 year' where decision_id = $1",
          [id],
        ),
      );
    }),
    notices: "check_second_review on second_review",
  },
  {
    name: "owner: delete from second_review",
    says: "append-only: DELETE",
    notices: "no_deletion on second_review",
    run: async (w) => {
      await decidedAlone(w);
      return undone(w.owner, (client) => client.query("delete from second_review"));
    },
  },
  truncation("second_review"),
  ...[
    "insert into second_review select * from second_review",
    "update second_review set words = ''",
  ].map((sql): Attack => ({
    name: `web: ${sql}`,
    says: "permission denied for table second_review",
    run: (w) => undone(w.web, (client) => client.query(sql)),
  })),
];

export const FLOW_ATTACKS: Attack[] = [...BREAK_GLASS_ATTACKS, ...SECOND_REVIEW_ATTACKS];

/** Lea, or who else, proposes by break-glass with something else than the truth. */
function alone(
  input: Partial<ProposalInput>,
  by: (w: World) => TestPerson = (w) => w.lea,
): Attack["run"] {
  return async (w) => {
    const { id: incidentId } = await makeIncident(w.db);
    return proposeBreakGlass(w.web, { incidentId, proposer: by(w), ...input });
  };
}

async function openAlone(w: World) {
  const { id: incidentId } = await makeIncident(w.db);
  return proposeBreakGlass(w.web, { incidentId, proposer: w.lea });
}

function reviewing(
  code: string,
  words: string,
  name: string,
  by: (w: World) => TestPerson,
): Attack {
  return guard(code, words, `a second review ${name}`, async (w) =>
    giveSecondReview(w.web, await decidedAlone(w), by(w)),
  );
}
