import { breakGlassRequirement, requirementFrom, wordsOf } from "#lib/domain/decision/policy.ts";
import type { RequirementWords } from "#lib/domain/decision/policy.ts";
import type { SoftPasskey } from "#lib/signing/testing-passkey.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { CONTENTS, proofOf, propose } from "./testing-gate.ts";
import type { ProposalInput, ProposalRow, Sql } from "./testing-gate.ts";
import { enrolForTest, signByPasskey } from "./testing-passkeys.ts";
import { makeIncident, makePerson } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import type { World } from "./testing-world.ts";

export const WHY_ALONE = "It is 03:00, the other lead is on a flight, and it spreads.";

/** A decision by break-glass, by plain SQL, over the incident as it stands. */
export async function proposeBreakGlass(sql: Sql, input: ProposalInput): Promise<ProposalRow> {
  const kind = input.kind ?? "closure";
  const content = { ...CONTENTS[kind], reason: WHY_ALONE };
  const { rows } = await sql.query(
    "select gate.requirement_now($1, $2, $3::jsonb) -> 'rule' as rule",
    [input.incidentId, kind, JSON.stringify(content)],
  );
  const rule = requirementFrom(kind, rows[0].rule as RequirementWords);
  return propose(sql, {
    ...input,
    forged: { content: JSON.stringify(content), break_glass: true, ...input.forged },
    statementSays: {
      content,
      breakGlass: true,
      policy: wordsOf(breakGlassRequirement(rule)),
      ...input.statementSays,
    },
  });
}

/** Signs with a passkey that is enrolled for it. */
export async function signAlone(
  { db, web }: Pick<World, "db" | "web">,
  decision: ProposalRow,
  person: TestPerson,
): Promise<Record<string, unknown>> {
  const passkey = await enrolForTest(web, { person });
  return signByPasskey(db.pools.verifier, decision, { person, passkey });
}

/** A closure that lea decided alone and that is in effect. */
export async function decidedAlone(w: World): Promise<ProposalRow> {
  const { id: incidentId } = await makeIncident(w.db);
  const decision = await proposeBreakGlass(w.web, { incidentId, proposer: w.lea });
  await signAlone(w, decision, w.lea);
  return decision;
}

/** A lead who had no part in it. */
export function anotherLead(w: World): Promise<TestPerson> {
  return makePerson(w.db, "lead", "max");
}

export const REVIEW_WORDS = "It could not wait.";

export type ReviewSigning = {
  outcome?: string;
  /** Default: the review's own statement. */
  statement?: string;
  /** Default: made from the reviewer's password over the statement. */
  proof?: Uint8Array;
};

/** What a second review with these words signs. */
export async function reviewStatement(
  sql: Sql,
  decision: Pick<ProposalRow, "id">,
  by: TestPerson,
  outcome = "upheld",
): Promise<string> {
  const { rows } = await sql.query("select gate.second_review_statement($1, $2, $3, $4) as text", [
    decision.id,
    by.id,
    outcome,
    REVIEW_WORDS,
  ]);
  return rows[0].text as string;
}

/** Gives a second review by plain SQL through the gate, signed by the password, as the web login does. */
export async function giveSecondReview(
  sql: Sql,
  decision: Pick<ProposalRow, "id">,
  by: TestPerson,
  signing: ReviewSigning = {},
): Promise<void> {
  const { outcome = "upheld" } = signing;
  const statement = signing.statement ?? (await reviewStatement(sql, decision, by, outcome));
  const digest = sha256(statement);
  const proof = signing.proof ?? (await proofOf(sql, by, digest));
  await sql.query("select gate.give_second_review($1, $2, $3, $4, $5, $6)", [
    decision.id,
    by.id,
    outcome,
    REVIEW_WORDS,
    digest,
    proof,
  ]);
}

/** Hands an assertion over a second review to the gate without verifying it. */
export async function giveSecondReviewByPasskey(
  sql: Sql,
  decision: Pick<ProposalRow, "id">,
  { by, passkey, over }: { by: TestPerson; passkey: SoftPasskey; over: string },
): Promise<void> {
  const made = passkey.sign({ statementSha256: sha256(over) });
  await sql.query(
    "select gate.give_second_review_with_passkey($1, $2, 'upheld', $3, $4, $5, $6, $7)",
    [
      decision.id,
      by.id,
      REVIEW_WORDS,
      passkey.credentialId,
      made.authenticatorData,
      made.clientDataJson,
      made.signature,
    ],
  );
}
