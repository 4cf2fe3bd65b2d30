import { createHash } from "node:crypto";
import type pg from "pg";
import { proofOf } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";
import {
  byOwner,
  byWeb,
  second,
  stricter,
  takeEffect,
  waiting,
  weaker,
} from "./testing-attacks-policy-change.ts";
import { endPolicy, policyStatement, proposePolicy } from "./testing-policy.ts";
import type { PolicyProposal } from "./testing-policy.ts";
import type { Attack } from "./testing-world.ts";

type Client = pg.PoolClient;

const STALE = "G11 stale: another policy is in force than the one this changes";

/** Rows of a change of the policy as its functions would not make them: the tables' own triggers refuse these. */
export const POLICY_OWNER_ATTACKS: Attack[] = [
  // Its statement is another one by then too; whoever read it is told to read again, not that they signed something else.
  byWeb(STALE, "a change that was read before another came in force", async (client, w) => {
    const read = await weaker(client, w);
    const statement = await policyStatement(client, read);
    await proposePolicy(client, await stricter(client, w));
    await proposePolicy(client, { ...read, base: 1, statement });
  }),
  byOwner(STALE, "a change of a policy that is in force no longer", async (client, w) => {
    await installPolicy(client);
    await insertVersion(client, { ...(await stricter(client, w)), base: 1 });
  }),
  byOwner(STALE, "a signature on what another policy passed by", async (client, w) => {
    const version = await waiting(client, w);
    await installPolicy(client);
    await insertSignature(client, version, await second(w));
  }),
  byOwner(STALE, "in force over another policy than was changed", async (client, w) => {
    const version = await waiting(client, w);
    await insertSignature(client, version, await second(w));
    await installPolicy(client);
    await takeEffect(client, version);
  }),
  byOwner(
    "G5 the statement does not say what the change",
    "a version over a statement of another reason",
    async (client, w) => {
      const input = await stricter(client, w);
      const statement = await policyStatement(client, { ...input, reason: "Another." });
      await insertVersion(client, { ...input, statement });
    },
  ),
  byOwner(
    "G5 the statement does not say what the change",
    "a weaker version that says it is not",
    async (client, w) => insertVersion(client, await weaker(client, w), { weakens: false }),
  ),
  byOwner(
    "G1 the change of the policy is not open: withdrawn",
    "in force after it was withdrawn",
    async (client, w) => {
      const version = await waiting(client, w);
      await endPolicy(client, version, w.adm);
      await takeEffect(client, version);
    },
  ),
  byOwner("G5 the rules are not those", "in force without its rules", async (client, w) => {
    const version = await insertVersion(client, await stricter(client, w));
    await insertSignature(client, version, w.adm);
    await takeEffect(client, version);
  }),
];

/** A policy without rules that is in force at once, as the product's own is, and ends nothing that waits. */
async function installPolicy(client: Client): Promise<void> {
  await client.query(
    "insert into policy_version (version, reason, weakens, delay_minutes) values (99, 'Installed.', false, 0)",
  );
}

/** The row of a change alone; gives its version. */
async function insertVersion(
  client: Client,
  input: PolicyProposal,
  { weakens }: { weakens?: boolean } = {},
): Promise<number> {
  const statement = input.statement ?? (await policyStatement(client, input));
  const says: { version: number; base: number; weakens: boolean; delayMinutes: number } =
    JSON.parse(statement);
  await client.query(
    `insert into policy_version (version, base_version, statement, statement_sha256, reason, weakens, delay_minutes, proposed_by)
     values ($1, $2, $3, sha256(convert_to($3, 'UTF8')), $4, $5, $6, $7)`,
    // prettier-ignore
    [says.version, says.base, statement, input.reason ?? "Because.", weakens ?? says.weakens, says.delayMinutes, input.person.id],
  );
  return says.version;
}

/** A signature with its right proof, and nothing of what follows from it. */
async function insertSignature(client: Client, version: number, person: TestPerson): Promise<void> {
  const { rows } = await client.query("select statement from policy_version where version = $1", [
    version,
  ]);
  const sha256 = createHash("sha256").update(rows[0].statement).digest();
  await client.query(
    "insert into policy_signature (version, person_id, statement_sha256, proof) values ($1, $2, $3, $4)",
    [version, person.id, sha256, await proofOf(client, person, sha256)],
  );
}
