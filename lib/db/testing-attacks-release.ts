import { randomUUID } from "node:crypto";
import type pg from "pg";
import { CONTENTS, propose } from "./testing-gate.ts";
import type { ProposalRow } from "./testing-gate.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

const PROPOSAL = "G14 no legal move for a closed incident but to take back what stands";
const EFFECT = "G14 a closed incident stays as it is but for what is taken back";
const ISOLATION = CONTENTS.containment.actions[0];

/** Attacks on a closed incident, of which what stands may be taken back, and nothing else. */
export const RELEASE_ATTACKS: Attack[] = [
  ...["G14", "check_release on decision"].flatMap((notices): Attack[] => [
    attack(PROPOSAL, notices, "web", "a containment of a closed incident", (client, w) =>
      contain(client, w, [ISOLATION]),
    ),
    attack(PROPOSAL, notices, "owner", "an isolation beside a release", async (client, w) => {
      const undoOf = await sent(client, w);
      return contain(client, w, [
        { ...ISOLATION, undoOf },
        { ...ISOLATION, target: "ws-18" },
      ]);
    }),
    attack(PROPOSAL, notices, "web", "a containment of nothing", (client, w) =>
      contain(client, w, []),
    ),
    attack(PROPOSAL, notices, "owner", "what is taken back already", async (client, w) => {
      const undoOf = await sent(client, w);
      const again = await sent(client, w);
      await client.query("update response_task set undo_of = $2 where run_id = $1", [
        again,
        undoOf,
      ]);
      return contain(client, w, [{ ...ISOLATION, undoOf }]);
    }),
  ]),
  attack(
    EFFECT,
    "check_release_effect on transition",
    "owner",
    "an isolation takes effect in a closed incident",
    async (client, w) => {
      await client.query("alter table decision disable trigger check_release");
      const { id } = await contain(client, w, [ISOLATION]);
      await client.query(
        `insert into transition (incident_id, from_version, decision_id, kind, from_status, to_status)
         select id, version, $2, 'containment', status, status from incident where id = $1`,
        [w.closed.incidentId, id],
      );
    },
  ),
];

function attack(
  says: string,
  notices: string,
  login: "web" | "owner",
  name: string,
  act: (client: Client, w: World) => Promise<unknown>,
): Attack {
  const run: Attack["run"] = (w) => undone(w[login], (client) => act(client, w));
  return { name: `${login}: ${name} (${notices})`, says, notices, run };
}

/** A response of the closed incident that was sent; gives its run. */
async function sent(client: Client, w: World): Promise<string> {
  const id = randomUUID();
  await client.query(
    `insert into response_run (id, decision_id, action, target, outcome) values ($1, $2, $3, $4, 'unknown')`,
    [id, w.closed.decision.id, ISOLATION.action, ISOLATION.target],
  );
  await client.query(`update response_task set dispatched = '{}' where run_id = $1`, [id]);
  return id;
}

function contain(client: Client, w: World, actions: readonly object[]): Promise<ProposalRow> {
  const content = { kind: "containment", reason: "Let it go.", actions };
  return propose(client, {
    incidentId: w.closed.incidentId,
    proposer: w.ana,
    kind: "containment",
    forged: { content: JSON.stringify(content) },
    statementSays: { content },
  });
}
