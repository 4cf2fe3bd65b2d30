import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { PolicyRule } from "#lib/domain/decision/policy.ts";
import { propose, sign } from "./testing-gate.ts";
import type { ProposalInput } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import { makeIncident } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

/** What the policy asks in a situation: each of its conditions, broken. */
export const REQUIREMENT_ATTACKS: Attack[] = [
  asked("G0 no rule", "no rule fits the incident's severity", { severities: ["low"] }, closing()),
  asked("G0 no rule", "no rule fits its types", { incidentTypes: ["impact"] }, closing()),
  asked(
    "G0 no rule",
    "no rule fits how far it reaches",
    { kind: "containment", blastRadii: ["collection"], minRole: "analyst" },
    closing({ kind: "containment" }),
  ),
  asked(
    "G3 the proposer's role is too low",
    "an analyst proposes what a lead must",
    { minProposerRole: "lead" },
    closing(),
  ),
  asked(
    "G4 whoever the incident",
    "the assignee signs",
    { distinctFromAssignee: true },
    async (client, w) => {
      const incidentId = await freshIncident(w);
      await client.query("update incident set assignee_id = $2 where id = $1", [
        incidentId,
        w.bo.id,
      ]);
      await sign(client, await propose(client, { incidentId, proposer: w.ana }), { person: w.bo });
    },
  ),
  asked(
    "G5 the statement does not",
    "a statement with another requirement",
    { signOffs: 2 },
    async (client, w) => {
      const incidentId = await freshIncident(w);
      const { rows } = await client.query(
        "select gate.requirement_now($1, 'closure', '{}') -> 'rule' as rule",
        [incidentId],
      );
      const policy = { ...rows[0].rule, signOffs: 1 };
      await propose(client, { incidentId, proposer: w.ana, statementSays: { policy } });
    },
  ),
  guard("G5", "the statement does not", "a statement that names other types", async (w) => {
    const incidentId = await freshIncident(w);
    const { rows } = await w.web.query(
      "select number, severity, version from incident where id = $1",
      [incidentId],
    );
    const incident = {
      ...rows[0],
      version: Number(rows[0].version),
      id: incidentId,
      types: ["impact"],
    };
    return propose(w.web, { incidentId, proposer: w.ana, statementSays: { incident } });
  }),
  guard("G5", "the statement does not", "a statement that reaches less far", async (w) =>
    propose(w.web, {
      incidentId: await freshIncident(w),
      proposer: w.ana,
      kind: "containment",
      statementSays: { blastRadius: "collection" },
    }),
  ),
  asked(
    "G13 1 of 2 sign-offs",
    "two analysts where one place is a lead's",
    { signOffs: 2, leadSignOffs: 1 },
    async (client, w) => {
      const decision = await propose(client, {
        incidentId: await freshIncident(w),
        proposer: w.lea,
      });
      await sign(client, decision, { person: w.bo });
      await sign(client, decision, { person: w.ana });
      await client.query("select gate.take_effect($1)", [decision.id]);
    },
  ),
  asked(
    "G22 a claim that does not hold",
    "a claim neither settled nor waived by name",
    { claimsSettled: true },
    async (client, w) => {
      const incidentId = await freshIncident(w);
      await summaryOf(client, w, incidentId, "unsupported");
      await propose(client, { incidentId, proposer: w.ana });
    },
  ),
  asked(
    "G22 a claim that does not hold",
    "another claim waived than the one that does not hold",
    { claimsSettled: true },
    async (client, w) => {
      const incidentId = await freshIncident(w);
      await summaryOf(client, w, incidentId, "contradicted");
      const { rows } = await client.query(
        "select encode(claims_hash, 'hex') as hash from incident where id = $1",
        [incidentId],
      );
      const claims = { hash: rows[0].hash, waived: [{ id: randomUUID() }] };
      await propose(client, { incidentId, proposer: w.ana, statementSays: { claims } });
    },
  ),
  asked(
    "G22 the policy asks for a whole",
    "no summary where a whole one is asked",
    { summaryComplete: true },
    closing(),
  ),
];

function asked(
  says: string,
  name: string,
  rule: Partial<PolicyRule>,
  run: (client: Client, w: World) => Promise<unknown>,
): Attack {
  const code = says.split(" ")[0]!;
  return guard(code, says.slice(code.length + 1), name, (w) =>
    undone(w.owner, async (client) => {
      await installRule(client, rule);
      await run(client, w);
    }),
  );
}

/** A policy of one rule, as a migration would install it, for as long as the transaction lasts. */
function installRule(client: Client, rule: Partial<PolicyRule>): Promise<unknown> {
  return client.query(
    `insert into policy_rule (policy_version, kind, severities, incident_types, blast_radii, min_proposer_role, sign_offs, lead_sign_offs,
       min_role, distinct_from_proposer, distinct_from_assignee, assurance, proposal_minutes, sign_off_minutes, claims_settled, summary_complete)
     values (99, $1, $2, $3, $4, $5, $6, $7, $8, true, $9, 'password', 60, 15, $10, $11)`,
    // prettier-ignore
    [rule.kind ?? "closure", rule.severities ?? null, rule.incidentTypes ?? null, rule.blastRadii ?? null, rule.minProposerRole ?? "analyst",
      rule.signOffs ?? 1, rule.leadSignOffs ?? 0, rule.minRole ?? "analyst", rule.distinctFromAssignee ?? false, rule.claimsSettled ?? false,
      rule.summaryComplete ?? false],
  );
}

function closing(
  more: Partial<ProposalInput> = {},
): (client: Client, w: World) => Promise<unknown> {
  return async (client, w) =>
    propose(client, { incidentId: await freshIncident(w), proposer: w.ana, ...more });
}

async function freshIncident(w: World): Promise<string> {
  return (await makeIncident(w.db)).id;
}

async function summaryOf(
  client: Client,
  w: World,
  incidentId: string,
  standing: string,
): Promise<void> {
  const summaryId = randomUUID();
  await client.query(
    `insert into summary (id, incident_id, origin, version, state, model_run_id, generator, evidence_root, evidence_count)
     values ($1, $2, 'model', 1, 'complete', $3, 'm-1', $4, 1)`,
    [summaryId, incidentId, w.runs.finished, Buffer.alloc(32)],
  );
  await client.query(
    `insert into claim (id, summary_id, ordinal, front, text, kind, polarity, standing, verifier, predicates, checks, uncovered)
     values ($1, $2, 0, true, 'A thing.', 'observation', 'affirmed', $3, '1', '[]', '[]', '[]')`,
    [randomUUID(), summaryId, standing],
  );
}
