import { createHash, randomUUID } from "node:crypto";
import type pg from "pg";
import {
  act,
  addAlert,
  addSummary,
  COLLECT,
  draftRules,
  ISOLATE,
  lift,
  noticing,
  publishRules,
  secondAdmin,
  signRules,
  stop,
  type AlertOf,
  type RuleInput,
} from "./testing-automation.ts";
import { propose } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import { makeIncident } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

/** Attacks on what may run by itself: by the worker's login, by the web login and by the owner. */
export const AUTOMATION_ATTACKS: Attack[] = [
  // G30: no rule
  ...["disable_account", "revoke_sessions", "block_indicator", "quarantine_file"].map((action) =>
    acting("G30", "nothing that reaches so far", `worker: ${action} by itself`, { action }),
  ),
  acting("G30", "no rule in force", "worker: isolates without a rule for it", {
    action: "isolate_host",
  }),
  acting("G30", "no rule in force", "worker: acts below the confidence a rule asks", {
    alert: { severity: "informational" },
    claims: ["partial"],
  }),
  acting("G30", "no rule in force", "worker: acts on a draft that one of two admins signed", {
    action: "isolate_host",
    before: async (w) => {
      const draft = await draftRules(w.web, { admin: w.adm, rules: [ISOLATE] });
      await signRules(w.web, draft, w.adm);
    },
  }),
  // G31: not exactly one system of the incident, over evidence as it stands
  acting("G31", "no alert of the incident names", "worker: a system that no alert names", {
    target: "dc-01",
  }),
  acting("G31", "no alert of the incident names", "worker: two systems as one target", {
    target: "ws-17,ws-18",
  }),
  acting("G31", "no alert of the incident names", "worker: an account as a target", {
    target: "j.doe",
  }),
  acting("G31", "no summary by rules covers", "worker: evidence that came after the summary", {
    late: true,
  }),
  guard(
    "G31",
    "this incident has as many",
    "worker: a second system of one incident is isolated",
    (w) =>
      isolating(w, async (incidentId) => {
        await act(w.db.pools.worker, incidentId, { action: "isolate_host" });
        return act(w.db.pools.worker, incidentId, { action: "isolate_host", target: "ws-18" });
      }),
  ),
  guard("G31", "there is no such incident", "worker: an incident that is none", (w) =>
    act(w.db.pools.worker, randomUUID()),
  ),
  guard("G31", "the incident is closed", "worker: an incident that is closed", (w) =>
    act(w.db.pools.worker, w.closed.incidentId),
  ),
  // G32: done, or in hand
  guard("G32", "people have it in hand", "worker: what people have proposed", (w) =>
    onIncident(w, {}, async (incidentId) => {
      const content = {
        kind: "containment",
        reason: "It spreads.",
        actions: [{ action: "collect_artifacts", target: "WS-17" }],
      };
      await propose(w.web, {
        incidentId,
        proposer: w.ana,
        kind: "containment",
        forged: { content: JSON.stringify(content) },
        statementSays: { content },
      });
      return act(w.db.pools.worker, incidentId);
    }),
  ),
  guard("G32", "this ran already", "worker: the same act a second time", (w) =>
    onIncident(w, {}, async (incidentId) => {
      await act(w.db.pools.worker, incidentId);
      return act(w.db.pools.worker, incidentId, { target: " WS-17" });
    }),
  ),
  // G33: stopped, or in doubt
  acting("G33", "automation is stopped", "worker: after a stop of this incident", {
    stopped: true,
  }),
  guard("G33", "automation is stopped", "worker: after a stop of everything", (w) =>
    onIncident(w, {}, async (incidentId) => {
      const id = await stop(w.web, w.ana, { scope: "global" });
      try {
        return await act(w.db.pools.worker, incidentId);
      } finally {
        await lift(w.web, w.lea, id);
      }
    }),
  ),
  acting("G33", "the evidence or the claims", "worker: evidence that reads like orders", {
    alert: { instructionLike: 5 },
  }),
  // of ten claims three do not hold, none of them about the target
  acting("G33", "the evidence or the claims", "worker: claims that do not hold", {
    claims: ["supported"],
    elsewhere: ["unsupported"],
  }),
  guard(
    "G33",
    "automation was stopped before",
    "owner: sends what was stopped before it left",
    (w) =>
      onIncident(w, {}, (incidentId) =>
        undone(w.owner, async (client) => {
          const id = await act(client, incidentId);
          await stop(client, w.ana, { scope: "incident", incidentId });
          await startResponse(client, id);
        }),
      ),
  ),
  guard("G33", "an attempt is judged", "owner: sends over a snapshot from before a stop", (w) =>
    onIncident(w, {}, async (incidentId) => {
      const id = await act(w.db.pools.worker, incidentId);
      return undone(w.owner, async (client) => {
        await client.query("set transaction isolation level repeatable read");
        await startResponse(client, id);
      });
    }),
  ),
  // G34: the hour's limit
  guard("G34", "the limit of the hour", "worker: a flood of incidents", (w) =>
    onIncident(w, {}, async (incidentId) => {
      await rules(w, [{ ...COLLECT, maxPerHour: 1 }]);
      try {
        await onIncident(w, {}, (other) => act(w.db.pools.worker, other).catch(() => null));
        return await act(w.db.pools.worker, incidentId);
      } finally {
        await rules(w, [{ ...COLLECT, maxPerHour: 600 }]);
      }
    }),
  ),
  // G35: what only the gate says
  inserted("G35 the rule and the values", "an act with values of one's own", {
    values: "{}",
    values_sha256: createHash("sha256").update("{}").digest(),
  }),
  inserted("G35 the rule and the values", "an act under a rule of one's own choice", {
    rule_version: 1,
    rule_number: 1,
  }),
  guard(
    "G35",
    "an act is judged over what stands now",
    "worker: a snapshot from before a stop",
    (w) =>
      onIncident(w, {}, (incidentId) =>
        undone(w.db.pools.worker, async (client) => {
          await client.query("set transaction isolation level repeatable read");
          await act(client, incidentId);
        }),
      ),
  ),
  guard("G35", "the response is not what its act", "owner: a response on another system", (w) =>
    onIncident(w, {}, (incidentId) =>
      undone(w.owner, async (client) => {
        const id = await act(client, incidentId);
        await client.query(
          "insert into response_run (id, automatic_act_id, action, target, outcome) values ($1, $2, 'isolate_host', 'ws-18', 'unknown')",
          [randomUUID(), id],
        );
      }),
    ),
  ),
  guard("G35", "a stop by itself", "owner: a doubt is made up", (w) =>
    undone(w.owner, (client) =>
      client.query(
        `insert into automation_stop (id, scope, incident_id, reason, values) values ($1, 'incident', $2, 'Doubt.', '{"instructions":9}')`,
        [randomUUID(), w.closed.incidentId],
      ),
    ),
  ),
  // triggers by name
  noticing("check_automatic_act on automatic_act", "G32 this ran already", (w) =>
    onIncident(w, {}, (incidentId) =>
      undone(w.owner, async (client) => {
        await act(client, incidentId);
        await act(client, incidentId);
      }),
    ),
  ),
];

type Situation = {
  action?: string;
  target?: string;
  alert?: Omit<AlertOf, "sourceId">;
  /** Standings of claims about the alert; default one that is supported. */
  claims?: string[];
  /** Standings of claims about nothing in particular. */
  elsewhere?: string[];
  late?: boolean;
  stopped?: boolean;
  before?: (w: World) => Promise<unknown>;
};

function acting(code: string, words: string, name: string, situation: Situation): Attack {
  const { action, target, before } = situation;
  return guard(code, words, name, (w) =>
    onIncident(w, situation, async (incidentId) => {
      await before?.(w);
      return act(w.db.pools.worker, incidentId, { action, target });
    }),
  );
}

async function onIncident<T>(
  w: World,
  { alert = {}, claims = ["supported"], elsewhere = [], late, stopped }: Situation,
  run: (incidentId: string) => Promise<T>,
): Promise<T> {
  const { id: incidentId } = await makeIncident(w.db);
  const cites = await addAlert(w.db, incidentId, { sourceId: w.sourceId, ...alert });
  await addSummary(w.db, incidentId, [
    ...claims.map((standing) => ({ standing, cites })),
    ...elsewhere.map((standing) => ({ standing, cites: null })),
  ]);
  if (late) await addAlert(w.db, incidentId, { sourceId: w.sourceId });
  if (stopped) await stop(w.web, w.ana, { scope: "incident", incidentId });
  return run(incidentId);
}

/** Under rules that let one system of an incident be isolated, which are taken back after. */
async function isolating(
  w: World,
  run: (incidentId: string) => Promise<unknown>,
): Promise<unknown> {
  const eve = await secondAdmin(w);
  await publishRules(w.web, {
    admins: [w.adm, eve],
    rules: [COLLECT, { ...ISOLATE, maxPerHour: 10 }],
    owner: w.owner,
  });
  try {
    const { id: incidentId } = await makeIncident(w.db);
    const hosts = ["ws-17", "ws-18"];
    const claims = [];
    for (const host of hosts) {
      const cites = await addAlert(w.db, incidentId, { sourceId: w.sourceId, host });
      claims.push({ standing: "supported", cites });
    }
    await addSummary(w.db, incidentId, claims);
    return await run(incidentId);
  } finally {
    await rules(w, [COLLECT]);
  }
}

async function rules(w: World, list: RuleInput[]): Promise<void> {
  const admins = [w.adm, await secondAdmin(w)];
  await publishRules(w.web, { admins, rules: list, owner: w.owner });
}

/** Begins the response of an act, as the worker that has it would. */
async function startResponse(client: pg.PoolClient, actId: string): Promise<void> {
  const responderId = randomUUID();
  await client.query(
    "select gate.configure_responder($1, null, 'Collector', 'simulated', '{}', '{collect_artifacts}', null, null, null, null)",
    [responderId],
  );
  const { rows } = await client.query<{ id: string }>(
    `update response_task set claimed_by = 'w', claimed_until = now() + interval '1 hour'
     where run_id = (select id from response_run where automatic_act_id = $1) returning run_id as id`,
    [actId],
  );
  await client.query("select gate.start_attempt($1, $2, 'w')", [rows[0]!.id, responderId]);
}

/** An act inserted past the functions, with `columns` in the inserter's words. */
function inserted(says: string, name: string, columns: Record<string, unknown>): Attack {
  const run: Attack["run"] = (w) =>
    onIncident(w, {}, (incidentId) =>
      undone(w.owner, async (client) => {
        const row = {
          id: randomUUID(),
          incident_id: incidentId,
          action: "collect_artifacts",
          target: "ws-17",
          ...columns,
        };
        const places = Object.keys(row).map((_, at) => `$${at + 1}`);
        await client.query(
          `insert into automatic_act (${Object.keys(row).join(", ")}) values (${places.join(", ")})`,
          Object.values(row),
        );
      }),
    );
  return { name: `owner: ${name}`, says, notices: "G35", run };
}
