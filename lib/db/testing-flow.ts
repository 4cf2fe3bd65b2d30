import { breakGlassRequirement, requirementFrom, wordsOf } from "#lib/domain/decision/policy.ts";
import type { RequirementWords } from "#lib/domain/decision/policy.ts";
import { CONTENTS, propose } from "./testing-gate.ts";
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

export async function giveSecondReview(
  sql: Sql,
  decision: Pick<ProposalRow, "id">,
  by: TestPerson,
  outcome = "upheld",
): Promise<void> {
  await sql.query("select gate.give_second_review($1, $2, $3, 'It could not wait.')", [
    decision.id,
    by.id,
    outcome,
  ]);
}
