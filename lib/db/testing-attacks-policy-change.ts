import { createHash, randomBytes } from "node:crypto";
import type pg from "pg";
import { proofOf } from "./testing-gate.ts";
import { truncation } from "./testing-attacks-rights.ts";
import { guard } from "./testing-moves.ts";
import { makePerson } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import {
  endPolicy,
  policyStatement,
  proposePolicy,
  rulesInForce,
  signPolicy,
} from "./testing-policy.ts";
import type { PolicyProposal } from "./testing-policy.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;
type Run = (client: Client, w: World) => Promise<unknown>;

/** A second admin, enrolled before an attack begins: an enrolment waits for the trail's lock. */
const seconds = new WeakMap<World, Promise<TestPerson>>();

export function second(w: World): Promise<TestPerson> {
  const ada = seconds.get(w) ?? makePerson(w.db, "admin", "ada");
  seconds.set(w, ada);
  return ada;
}

const ADDED_RULE = `insert into policy_rule (policy_version, kind, number, sign_offs, min_role, distinct_from_proposer, assurance,
  proposal_minutes, sign_off_minutes) values ($1, 'closure', 50, 1, 'analyst', false, 'password', 60, 15)`;

const ADDITION = "G5 the rules of a policy that stands take no addition";
const ADMIN_STILL = "G1 every signer of this change is an admin still";

function lapse(client: Client, version: number): Promise<unknown> {
  return client.query(
    "update policy_version set ended_at = now(), end_kind = 'lapsed' where version = $1",
    [version],
  );
}

/** Any change that asks for less: a signature of a decision counts longer. */
export async function weaker(client: Client, w: World): Promise<PolicyProposal> {
  const rules = await rulesInForce(client);
  return {
    person: w.adm,
    rules: rules.map((rule) => ({ ...rule, signOffMinutes: rule.signOffMinutes + 1 })),
  };
}

export async function stricter(client: Client, w: World): Promise<PolicyProposal> {
  const rules = await rulesInForce(client);
  return { person: w.adm, rules: rules.map((rule) => ({ ...rule, minRole: "lead" })) };
}

/** The version of a weaker policy that waits for its second signature. */
export async function waiting(client: Client, w: World, more: Partial<PolicyProposal> = {}) {
  return (await proposePolicy(client, { ...(await weaker(client, w)), ...more })).version;
}

/** How the policy changes: what would weaken it alone, at once, unseen, or over something else than was read. */
export const POLICY_CHANGE_ATTACKS: Attack[] = [
  byWeb("G4 a second signature", "the proposer signs a second time", async (client, w) =>
    signPolicy(client, { version: await waiting(client, w), person: w.adm }),
  ),
  byWeb("G14 a weaker policy waits", "a weaker policy with a shorter delay", async (client, w) =>
    proposePolicy(client, { ...(await weaker(client, w)), delayMinutes: 1439 }),
  ),
  byWeb("G14 another change", "a second weaker policy while one waits", async (client, w) => {
    await waiting(client, w);
    await waiting(client, w, { reason: "Another." });
  }),
  byWeb("G11 stale", "a change of a policy that is in force no longer", async (client, w) => {
    const before = await weaker(client, w);
    await proposePolicy(client, await stricter(client, w));
    await proposePolicy(client, { ...before, base: 1 });
  }),
  byWeb(
    "G1 the change of the policy is not open: overtaken",
    "signing what a stricter policy overtook",
    async (client, w) => {
      const version = await waiting(client, w);
      await proposePolicy(client, await stricter(client, w));
      await signPolicy(client, { version, person: await second(w) });
    },
  ),
  byWeb(
    "G1 the change of the policy is not open: withdrawn",
    "signing what was withdrawn",
    async (client, w) => {
      const version = await waiting(client, w);
      await endPolicy(client, version, w.adm);
      await signPolicy(client, { version, person: await second(w) });
    },
  ),
  byWeb(
    "G1 the change of the policy is not open: scheduled",
    "a third signature on what has two",
    async (client, w) => {
      const version = await waiting(client, w);
      await signPolicy(client, { version, person: await second(w) });
      await signPolicy(client, { version, person: w.adm });
    },
  ),
  byWeb(
    "G1 the change of the policy is in force",
    "withdrawing what is in force",
    async (client, w) =>
      endPolicy(client, (await proposePolicy(client, await stricter(client, w))).version, w.adm),
  ),
  byWeb(
    "G1 the change of the policy is not open: there is none",
    "signing what is not there",
    (client, w) => signPolicy(client, { version: 4711, person: w.adm }),
  ),
  byWeb("G10 there is no such version", "withdrawing what is not there", (client, w) =>
    endPolicy(client, 4711, w.adm),
  ),
  byWeb("G3 this is for an admin", "a lead proposes a policy", async (client, w) =>
    proposePolicy(client, { ...(await stricter(client, w)), person: w.lea }),
  ),
  byWeb("G2 this must be", "a machine proposes a policy", async (client, w) =>
    proposePolicy(client, { ...(await stricter(client, w)), person: w.machine }),
  ),
  byWeb("G3 this is for an admin", "a lead is the second to sign", async (client, w) =>
    signPolicy(client, { version: await waiting(client, w), person: w.lea }),
  ),
  byWeb("G2 this must be", "someone who has left is the second to sign", async (client, w) =>
    signPolicy(client, { version: await waiting(client, w), person: w.gone }),
  ),
  byWeb("G3 this is for an admin", "an analyst withdraws a change", async (client, w) =>
    endPolicy(client, await waiting(client, w), w.ana),
  ),
  byWeb("G5 another statement", "a statement that does not say it weakens", async (client, w) => {
    const input = await weaker(client, w);
    const statement = (await policyStatement(client, input)).replace(
      '"weakens":true',
      '"weakens":false',
    );
    await proposePolicy(client, { ...input, statement });
  }),
  byWeb("G5 another statement", "other rules than were signed", async (client, w) => {
    const statement = await policyStatement(client, await stricter(client, w));
    await proposePolicy(client, { ...(await weaker(client, w)), statement });
  }),
  byWeb("G5 another statement", "a second signature over another statement", async (client, w) => {
    const [version, person] = [await waiting(client, w), await second(w)];
    await signPolicy(client, { version, person, sha256: randomBytes(32) });
  }),
  byWeb("G6 password proof", "a made-up proof", async (client, w) =>
    proposePolicy(client, { ...(await stricter(client, w)), proof: async () => randomBytes(32) }),
  ),
  byWeb("G6 password proof", "the proposer's proof for a second admin", async (client, w) => {
    const [version, person] = [await waiting(client, w), await second(w)];
    const proof: PolicyProposal["proof"] = (sql, sha256) => proofOf(sql, w.adm, sha256);
    await signPolicy(client, { version, person, proof });
  }),
  byOwner("G13 1 of 2 signatures", "a weaker policy on one signature", async (client, w) =>
    takeEffect(client, await waiting(client, w)),
  ),
  byOwner("G13 1 of 2 signatures", "two signatures, one by who was demoted", async (client, w) => {
    const ada = await second(w);
    const version = await waiting(client, w, { person: ada });
    await client.query("alter table person disable trigger lapse_signed");
    await client.query("update person set role = 'auditor' where id = $1", [ada.id]);
    await signPolicy(client, { version, person: w.adm });
    await takeEffect(client, version);
  }),
  byOwner("G5 the rules are not those", "a rule added to what was signed", async (client, w) =>
    client.query(ADDED_RULE, [await waiting(client, w)]),
  ),
  byOwner(ADDITION, "a rule added to the policy that came with the product", (client) =>
    client.query(ADDED_RULE, [1]),
  ),
  byTrigger(
    "check_lapse on policy_version",
    ADMIN_STILL,
    "a change lapses whose signers are admins still",
    async (client, w) => lapse(client, await waiting(client, w)),
  ),
  byTrigger(
    "lapse_signed on person",
    "G1 the change of the policy is not open: lapsed",
    "a change is withdrawn whose signer is no admin any more",
    async (client, w) => {
      const version = await waiting(client, w);
      await client.query("update person set role = 'lead' where id = $1", [w.adm.id]);
      await endPolicy(client, version, await second(w));
    },
  ),
  byOwner("G1 a change of the policy begins open", "a version that has ended", (client, w) =>
    client.query(
      `insert into policy_version (version, reason, weakens, delay_minutes, ended_at, end_kind, ended_by, end_reason)
       values (4711, 'Mine.', false, 0, now(), 'withdrawn', $1, 'Mine.')`,
      [w.adm.id],
    ),
  ),
  byOwner("G1 the change of the policy has its", "a time that is set twice", async (client, w) => {
    const version = await waiting(client, w);
    await signPolicy(client, { version, person: await second(w) });
    await takeEffect(client, version);
  }),
  byTrigger(
    "publish_policy on policy_rule",
    "G5 the rules are not those",
    "a rule slipped in before it",
    async (client, w) => {
      const { version } = await proposePolicy(client, await stricter(client, w));
      await client.query(ADDED_RULE, [version]);
    },
  ),
  byTrigger(
    "check_policy_version on policy_version",
    "append-only: UPDATE",
    "its statement changed after signing",
    async (client, w) =>
      client.query("update policy_version set reason = 'Other.' where version = $1", [
        await waiting(client, w),
      ]),
  ),
  byTrigger(
    "check_policy_signature on policy_signature",
    "G6 password proof",
    "a signature inserted without its proof",
    async (client, w) => {
      const version = await waiting(client, w);
      const ada = await second(w);
      await client.query(
        `insert into policy_signature (version, person_id, statement_sha256, proof)
       select version, $2, statement_sha256, $3 from policy_version where version = $1`,
        [version, ada.id, randomBytes(32)],
      );
    },
  ),
  byTrigger(
    "append_only on policy_signature",
    "append-only: DELETE",
    "a signature removed",
    async (client, w) =>
      client.query("delete from policy_signature where version = $1", [await waiting(client, w)]),
  ),
  byTrigger(
    "no_deletion on policy_version",
    "append-only: DELETE",
    "a version removed",
    async (client) => client.query("delete from policy_version"),
  ),
  truncation("policy_version"),
  truncation("policy_signature"),
  right("policy_version", "a version inserted by the web login", async (client, w) => {
    const statement = await policyStatement(client, await weaker(client, w));
    const sha256 = createHash("sha256").update(statement).digest();
    await client.query(
      `insert into policy_version (version, statement, statement_sha256, reason, weakens, delay_minutes, proposed_by)
       values (2, $1, $2, 'Mine.', true, 1440, $3)`,
      [statement, sha256, w.adm.id],
    );
  }),
  right("policy_version", "a waiting version put in force by the web login", async (client, w) =>
    takeEffect(client, await waiting(client, w)),
  ),
  right("policy_signature", "a signature inserted by the web login", async (client, w) =>
    client.query("insert into policy_signature (version, person_id) values (1, $1)", [w.adm.id]),
  ),
  right("policy_rule", "a rule inserted by the web login", (client) =>
    client.query(ADDED_RULE, [2]),
  ),
];

export function takeEffect(client: Client, version: number): Promise<unknown> {
  return client.query("update policy_version set effective_at = now() where version = $1", [
    version,
  ]);
}

function attack(says: string, name: string, pool: "web" | "owner", run: Run): Attack {
  const code = says.split(" ")[0]!;
  return guard(code, says.slice(code.length + 1), name, async (w) => {
    await second(w);
    await undone(w[pool], (client) => run(client, w));
  });
}

export function byWeb(says: string, name: string, run: Run): Attack {
  return attack(says, name, "web", run);
}

export function byOwner(says: string, name: string, run: Run): Attack {
  return attack(says, `owner: ${name}`, "owner", run);
}

function byTrigger(notices: string, says: string, name: string, run: Run): Attack {
  return { ...attack(says, `owner: ${name}`, "owner", run), says, notices };
}

function right(table: string, name: string, run: Run): Attack {
  const says = `permission denied for table ${table}`;
  return { name, says, run: (w) => undone(w.web, (client) => run(client, w)) };
}
