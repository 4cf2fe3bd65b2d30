import { randomUUID } from "node:crypto";
import type pg from "pg";
import { makeIncidents, openTogether, proposeTogether } from "./testing-bulk.ts";
import type { TogetherInput } from "./testing-bulk.ts";
import { addAlert } from "./testing-automation.ts";
import { propose, sign } from "./testing-gate.ts";
import { truncation } from "./testing-attacks-rights.ts";
import { guard, slipIn } from "./testing-moves.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const POLICY_COLUMNS = `policy_version, kind, number, severities, sign_offs, min_role, distinct_from_proposer, assurance,
  proposal_minutes, sign_off_minutes, claims_settled, summary_complete, distinct_from_assignee`;

/** Attacks on closures of several incidents: on what is listed, what is closed, and what is closed beside. */
export const BULK_ATTACKS: Attack[] = [
  // what may be listed
  guard("G14", "a closure lists 1 to 500", "a 501st incident", together({}, 501)),
  guard(
    "G14",
    "a closure lists 1 to 500",
    "no incident",
    together({ contentSays: { incidents: [] } }),
  ),
  guard(
    "G14",
    "a closure lists 1 to 500",
    "a list that is none",
    together({ contentSays: { incidents: "x" } }),
  ),
  guard(
    "G5",
    "the statement does not",
    "an incident listed twice",
    together({ lists: (all) => [...all, all[0]!] }),
  ),
  guard(
    "G5",
    "the statement does not",
    "content that lists fewer than the statement",
    async (w) => {
      const incidentIds = await makeIncidents(w, 3);
      const contentSays = { incidents: incidentIds.slice(0, 2) };
      return proposeTogether(w.web, { incidentIds, proposer: w.ana, contentSays });
    },
  ),
  guard(
    "G5",
    "the statement does not",
    "filed under another incident than the first",
    async (w) => {
      const [own = "", ...incidentIds] = await makeIncidents(w, 3);
      return proposeTogether(w.web, {
        incidentIds,
        proposer: w.ana,
        forged: { incident_id: own },
      });
    },
  ),
  guard(
    "G5",
    "the statement does not say what incident",
    "a listed severity that is not the incident's",
    together({
      lists: (all) => all.map((each, n) => (n === 1 ? { ...each, severity: "high" } : each)),
    }),
  ),
  guard(
    "G11",
    "stale: incident",
    "a listed incident at an older version",
    together({ lists: (all) => all.map((each, n) => (n === 1 ? { ...each, version: 9 } : each)) }),
  ),
  guard(
    "G11",
    "stale: incident",
    "a listed incident that is not there",
    together({
      lists: (all) => all.map((each, n) => (n === 1 ? { ...each, id: randomUUID() } : each)),
    }),
  ),
  guard("G11", "stale: incident", "a listed incident with evidence slipped in", async (w) => {
    const incidentIds = await makeIncidents(w, 3);
    await slipIn(w, incidentIds[1]!);
    return proposeTogether(w.web, { incidentIds, proposer: w.ana });
  }),
  guard("G14", "no legal move for incident", "a listed incident that is closed", async (w) => {
    const incidentIds = [...(await makeIncidents(w, 2)), w.closed.incidentId];
    return proposeTogether(w.web, { incidentIds, proposer: w.ana });
  }),
  guard("G14", "another closure of one", "a listed incident with an open closure", async (w) => {
    const incidentIds = await makeIncidents(w, 3);
    await propose(w.web, { incidentId: incidentIds[1]!, proposer: w.ana });
    return proposeTogether(w.web, { incidentIds, proposer: w.ana });
  }),
  guard("G14", "another closure of one", "a closure of an incident that is listed", async (w) => {
    const { ids } = await openTogether(w);
    return propose(w.web, { incidentId: ids[1]!, proposer: w.ana });
  }),
  guard("G14", "another closure of one", "two lists that overlap", async (w) => {
    const { ids } = await openTogether(w);
    const incidentIds = [...(await makeIncidents(w, 2)), ids[2]!];
    return proposeTogether(w.web, { incidentIds, proposer: w.ana });
  }),
  ...[
    ["a containment of several", { kind: "containment" }],
    ["break-glass over several", { break_glass: true }],
  ].map(([name, forged]): Attack => ({
    name: name as string,
    says: 'new row for relation "decision" violates check constraint "decision_bulk"',
    run: together({
      forged: {
        ...(forged as object),
        state: "refused",
        reasons: '[{"code":"x","sentence":"x"}]',
      },
    }),
  })),
  // what a policy asks of each
  policy(
    "G0",
    "no rule",
    "a severity among them that no rule allows",
    "'{low}', 1, 'analyst', true, 'password', 60, 15, false, false, false",
  ),
  policy(
    "G22",
    "the policy asks for a whole summary",
    "one of them without a summary",
    "null, 1, 'analyst', true, 'password', 60, 15, false, true, false",
  ),
  policy(
    "G4",
    "the incidents are assigned to several",
    "assigned to several people",
    "null, 1, 'analyst', true, 'password', 60, 15, false, false, true",
  ),
  guard(
    "G0",
    "no rule of the policy allows closing incident",
    "beside another, one that nobody may close alone",
    async (w) => {
      const incidentIds = await makeIncidents(w, 2);
      await addAlert(w.db, incidentIds[0]!, { sourceId: w.sourceId, tactic: "Impact" });
      return undone(w.owner, async (client) => {
        await client.query(
          `insert into policy_rule (policy_version, kind, number, incident_types, sign_offs, min_role, distinct_from_proposer, assurance,
           proposal_minutes, sign_off_minutes) values (99, 'closure', 1, '{impact}', 1, 'analyst', true, 'password', 60, 15)`,
        );
        await proposeTogether(client, { incidentIds, proposer: w.ana });
      });
    },
  ),
  // what is closed
  owner("G10", "the wrong decision", "an incident closed that is not listed", async (client, w) => {
    const decision = await openTogether(w);
    const [other] = await makeIncidents(w, 1);
    await client.query("update decision set state = 'in_effect' where id = $1", [decision.id]);
    await client.query(
      `insert into transition (incident_id, from_version, decision_id, kind, from_status, to_status)
       values ($1, 1, $2, 'closure', 'new', 'closed')`,
      [other, decision.id],
    );
  }),
  {
    ...owner("G10", "the wrong decision", "a transition without its change", async (client, w) => {
      const [other] = await makeIncidents(w, 1);
      await client.query("update incident set verdict = 'benign' where id = $1", [other]);
      await client.query(
        `insert into transition (incident_id, from_version, decision_id, kind, from_status, to_status)
         values ($1, 0, $2, 'closure', 'new', 'closed')`,
        [other, w.closed.decision.id],
      );
    }),
    notices: "check_transition_of on transition",
  },
  {
    ...owner(
      "G5",
      "the incidents are not",
      "an incident slipped in beside the statement",
      async (client, w) => {
        const { id } = await openTogether(w);
        const [other] = await makeIncidents(w, 1);
        await addMember(client, id, other!);
      },
    ),
    notices: "members_stated on decision_incident",
  },
  owner(
    "G5",
    "the incidents are not",
    "an incident slipped into a decision of one",
    async (client, w) => {
      const [own, other] = await makeIncidents(w, 2);
      const { id } = await propose(w.web, { incidentId: own!, proposer: w.ana });
      await addMember(client, id, other!);
    },
  ),
  owner("G11", "stale", "one of them changed between proposal and effect", async (client, w) => {
    const { id, ids } = await openTogether(w);
    await client.query("update incident set verdict = 'benign' where id = any ($1)", [ids]);
    await client.query("select gate.take_effect($1)", [id]);
  }),
  owner("G13", "0 of 1 sign-offs", "several closed with no signature", async (client, w) => {
    const { id } = await openTogether(w);
    await client.query("select gate.take_effect($1)", [id]);
  }),
  owner(
    "G15",
    "a decision in effect without its transition",
    "one left open",
    async (client, w) => {
      const { id, ids } = await openTogether(w);
      await client.query("update decision set state = 'in_effect' where id = $1", [id]);
      await client.query(
        `insert into transition (incident_id, from_version, decision_id, kind, from_status, to_status)
       select i, 1, $2, 'closure', 'new', 'closed' from unnest($1::uuid[]) i`,
        [ids.slice(1), id],
      );
    },
  ),
  owner(
    "G15",
    "a decision in effect without the incidents",
    "one taken off the list",
    async (client, w) => {
      const { ids, ...decision } = await openTogether(w);
      const { id } = decision;
      await sign(w.web, decision, { person: w.bo });
      await client.query("alter table decision_incident disable trigger append_only");
      await client.query("alter table decision disable trigger check_decision_move");
      await client.query(
        "delete from decision_incident where decision_id = $1 and incident_id = $2",
        [id, ids[1]],
      );
      await client.query("update decision set state = 'in_effect' where id = $1", [id]);
    },
  ),
  guard("G4", "the proposer may not", "several closed by their proposer's signature", async (w) =>
    sign(w.web, await openTogether(w), { person: w.ana }),
  ),
  ...["update decision_incident set position = position", "delete from decision_incident"].map(
    (sql): Attack => ({
      name: `owner: ${sql}`,
      says: `append-only: ${sql.slice(0, 6).toUpperCase()}`,
      notices: "append_only on decision_incident",
      run: async (w) => {
        await openTogether(w);
        return undone(w.owner, (client) => client.query(sql));
      },
    }),
  ),
  truncation("decision_incident"),
  {
    name: "web: insert into decision_incident select * from decision_incident",
    says: "permission denied for table decision_incident",
    run: (w) =>
      undone(w.web, (client) =>
        client.query("insert into decision_incident select * from decision_incident"),
      ),
  },
];

/** Ana closes three new incidents, or `count`, with something else than the truth. */
function together(input: Partial<TogetherInput>, count = 3): Attack["run"] {
  return async (w) => {
    const incidentIds = await makeIncidents(w, count);
    return proposeTogether(w.web, { incidentIds, proposer: w.ana, ...input });
  };
}

/** A low and a high incident of two assignees, closed together under a policy of one rule. */
function policy(code: string, words: string, name: string, rule: string): Attack {
  return guard(code, words, name, async (w) => {
    const incidentIds = [...(await makeIncidents(w, 1)), ...(await makeIncidents(w, 1, "high"))];
    const assignees = [w.ana.id, w.bo.id];
    for (const [n, id] of incidentIds.entries())
      await w.web.query("update incident set assignee_id = $2 where id = $1", [id, assignees[n]]);
    return undone(w.owner, async (client) => {
      await client.query(
        `insert into policy_rule (${POLICY_COLUMNS}) values (99, 'closure', 1, ${rule})`,
      );
      await proposeTogether(client, { incidentIds, proposer: w.ana });
    });
  });
}

function owner(
  code: string,
  words: string,
  name: string,
  act: (client: pg.PoolClient, w: World) => Promise<unknown>,
): Attack {
  return guard(code, words, `owner: ${name}`, (w) => undone(w.owner, (client) => act(client, w)));
}

async function addMember(client: pg.PoolClient, decisionId: string, incidentId: string) {
  await client.query(
    `insert into decision_incident (decision_id, incident_id, position, incident_version, evidence_root, claims_hash)
     select $1, id, 9, version, evidence_root, claims_hash from incident where id = $2`,
    [decisionId, incidentId],
  );
}
