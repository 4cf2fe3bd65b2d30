import type pg from "pg";
import { proofOf } from "./testing-gate.ts";
import type { ProposalRow } from "./testing-gate.ts";
import { makeIncident } from "./testing-people.ts";
import { openProposal, undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

/** Attacks by the owner's own SQL: what a bug in, or a thief of, the gate's functions could do. The commit refuses. */
export const OWNER_ATTACKS: Attack[] = [
  attack("G8", "the version", "facts that change without the version", async (client, w) => {
    const { id } = await makeIncident(w.db);
    await client.query("alter table incident disable trigger step_version");
    await client.query("update incident set verdict = 'benign' where id = $1", [id]);
  }),
  attack("G9", "a gated change", "closed without a decision", async (client, w) => {
    const { id } = await makeIncident(w.db);
    await client.query(
      "update incident set status = 'closed', closed_by = gen_random_uuid(), closed_at = now() where id = $1",
      [id],
    );
  }),
  attack("G9", "a gated change", "escalated without a decision", async (client, w) => {
    const { id } = await makeIncident(w.db);
    await client.query("update incident set escalated_by = gen_random_uuid() where id = $1", [id]);
  }),
  attack("G9", "a gated change", "reopened without a decision", async (client, w) =>
    client.query(
      "update incident set status = 'new', closed_by = null, closed_at = null where id = $1",
      [w.closed.incidentId],
    ),
  ),
  attack("G9", "a gated change", "the decision behind a closure swapped", async (client, w) =>
    client.query("update incident set closed_by = gen_random_uuid() where id = $1", [
      w.closed.incidentId,
    ]),
  ),
  attack("G9", "a gated change", "escalated on the back of a closure", async (client, w) => {
    const decision = await openProposal(w);
    await moveTo(
      client,
      decision,
      "status = 'closed', closed_by = $2, closed_at = now(), escalated_by = $2",
    );
  }),
  attack(
    "G10",
    "the wrong decision",
    "closed by another incident's decision",
    async (client, w) => {
      const decision = await openProposal(w);
      const { id } = await makeIncident(w.db);
      await moveTo(client, { ...decision, incidentId: id });
    },
  ),
  attack("G10", "the wrong decision", "closed by a decision to escalate", async (client, w) => {
    const decision = await openProposal(w, "escalation");
    await moveTo(client, { ...decision, kind: "closure" });
  }),
  attack(
    "G10",
    "a decision is fixed",
    "content changed after it was proposed",
    async (client, w) => {
      const decision = await openProposal(w);
      await client.query("update decision set content = '{}' where id = $1", [decision.id]);
    },
  ),
  attack("G10", "a decision is fixed", "a settled decision opened again", async (client, w) =>
    client.query("update decision set state = 'stale' where id = $1", [w.closed.decision.id]),
  ),
  attack("G11", "stale", "facts changed between proposal and effect", async (client, w) => {
    const decision = await openProposal(w);
    await client.query("update incident set verdict = 'benign' where id = $1", [
      decision.incidentId,
    ]);
    await moveTo(client, decision);
  }),
  attack("G12", "the decision was rejected", "closed over a rejection", async (client, w) => {
    const decision = await openProposal(w);
    await signOff(client, w, decision, "rejected");
    await moveTo(client, decision);
  }),
  attack("G13", "0 of 1 sign-offs", "closed with no signature", async (client, w) =>
    moveTo(client, await openProposal(w)),
  ),
  attack("G13", "0 of 1 sign-offs", "signed by someone who was then demoted", async (client, w) => {
    const decision = await openProposal(w);
    await signOff(client, w, decision, "approved");
    await client.query("update person set role = 'auditor' where id = $1", [w.bo.id]);
    await moveTo(client, decision);
  }),
  attack("G13", "1 of 2 sign-offs", "closed with one signature of two", async (client, w) => {
    const decision = await openProposal(w);
    await signOff(client, w, decision, "approved");
    await client.query("alter table policy_rule disable trigger append_only");
    await client.query("update policy_rule set sign_offs = 2 where kind = 'closure'");
    await moveTo(client, decision);
  }),
  attack("G15", "a transition without", "a transition and nothing else", async (client, w) => {
    const decision = await openProposal(w);
    await transition(client, decision);
  }),
  attack("G15", "a transition without", "a transition beside another change", async (client, w) => {
    const decision = await openProposal(w);
    await transition(client, decision);
    await client.query("update incident set verdict = 'benign' where id = $1", [
      decision.incidentId,
    ]);
  }),
  attack(
    "G15",
    "a decision in effect",
    "a decision in effect without its transition",
    async (client, w) => {
      const decision = await openProposal(w);
      await client.query("update decision set state = 'in_effect' where id = $1", [decision.id]);
    },
  ),
  {
    name: "owner: a transition from closed to closed",
    says: 'new row for relation "transition" violates check constraint "g14_legal"',
    run: (w) =>
      undone(w.owner, async (client) => {
        const decision = await openProposal(w);
        await client.query(
          `insert into transition (incident_id, from_version, decision_id, kind, from_status, to_status)
           values ($1, 1, $2, 'closure', 'closed', 'closed')`,
          [decision.incidentId, decision.id],
        );
      }),
  },
];

function attack(
  code: string,
  words: string,
  name: string,
  act: (client: Client, w: World) => Promise<unknown>,
): Attack {
  const run: Attack["run"] = (w) => undone(w.owner, (client) => act(client, w));
  return { name: `owner: ${name}`, says: `${code} ${words}`, notices: code, run };
}

const CLOSE = "status = 'closed', closed_by = $2, closed_at = now()";

/** What the gate does when a decision takes effect, done by hand. */
async function moveTo(
  client: Client,
  decision: ProposalRow,
  assignments: string = CLOSE,
): Promise<void> {
  await client.query("update decision set state = 'in_effect' where id = $1", [decision.id]);
  await transition(client, decision);
  await client.query(`update incident set ${assignments} where id = $1`, [
    decision.incidentId,
    decision.id,
  ]);
}

async function transition(client: Client, { incidentId, id, kind }: ProposalRow): Promise<void> {
  await client.query(
    `insert into transition (incident_id, from_version, decision_id, kind, from_status, to_status)
     select id, version, $2, $3, status, 'closed' from incident where id = $1`,
    [incidentId, id, kind],
  );
}

async function signOff(
  client: Client,
  w: World,
  decision: ProposalRow,
  outcome: string,
): Promise<void> {
  const proof = await proofOf(client, w.bo, decision.sha256);
  await client.query(
    `insert into sign_off (id, decision_id, person_id, role, outcome, statement_sha256, assurance, proof, at)
     values (gen_random_uuid(), $1, $2, '', $3, $4, 'password', $5, now())`,
    [decision.id, w.bo.id, outcome, decision.sha256, proof],
  );
}
