import { createHash } from "node:crypto";
import { proofOf } from "./testing-gate.ts";
import type { Sql } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";

/** What a test puts in the place of the right digest or proof. */
type Forged = { sha256?: Buffer; proof?: Buffer };

/** Puts a hold on an incident, or with null on everything; returns its id. */
export async function placeHold(
  sql: Sql,
  person: TestPerson,
  incidentId: string | null,
): Promise<string> {
  const { rows } = await sql.query("select gate.place_hold($1, $2, 'A court asks.') as id", [
    person.id,
    incidentId,
  ]);
  return rows[0].id;
}

export async function liftHold(
  sql: Sql,
  person: TestPerson,
  holdId: string,
  forged: Forged = {},
): Promise<void> {
  const statement = "gate.hold_lift_statement($1, 'The case is closed.')";
  const { sha256, proof } = await signed(sql, person, { statement, values: [holdId], forged });
  await sql.query("select gate.lift_hold($1, $2, $3, $4, 'The case is closed.')", [
    ...[person.id, holdId, sha256, proof],
  ]);
}

/** Asks for the erasure of an incident; returns its id. */
export async function askErasure(
  sql: Sql,
  person: TestPerson,
  incidentId: string,
  forged: Forged = {},
): Promise<string> {
  const statement = "gate.erasure_statement($1, 'objection', 'The person objects.')";
  const { sha256, proof } = await signed(sql, person, { statement, values: [incidentId], forged });
  const { rows } = await sql.query(
    "select gate.ask_erasure($1, $2, 'objection', 'The person objects.', $3, $4) as id",
    [person.id, incidentId, sha256, proof],
  );
  return rows[0].id;
}

export async function approveErasure(
  sql: Sql,
  person: TestPerson,
  erasureId: string,
  forged: Forged = {},
): Promise<void> {
  const statement = "gate.erasure_approval_statement($1)";
  const { sha256, proof } = await signed(sql, person, { statement, values: [erasureId], forged });
  await sql.query("select gate.approve_erasure($1, $2, $3, $4)", [
    ...[person.id, erasureId, sha256, proof],
  ]);
}

/** Withdraws or refuses; returns which. */
export async function endErasure(sql: Sql, person: TestPerson, erasureId: string): Promise<string> {
  const { rows } = await sql.query("select gate.end_erasure($1, $2, 'Not now.') as outcome", [
    person.id,
    erasureId,
  ]);
  return rows[0].outcome;
}

async function signed(
  sql: Sql,
  person: TestPerson,
  { statement, values, forged }: { statement: string; values: unknown[]; forged: Forged },
): Promise<{ sha256: Buffer; proof: Buffer }> {
  const { rows } = await sql.query(`select ${statement} as text`, values);
  const sha256 =
    forged.sha256 ??
    createHash("sha256")
      .update(rows[0].text ?? "")
      .digest();
  return { sha256, proof: forged.proof ?? (await proofOf(sql, person, sha256)) };
}
