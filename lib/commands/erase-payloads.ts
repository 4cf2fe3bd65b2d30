import { hash } from "node:crypto";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { isProblem, Problem } from "#lib/domain/problem.ts";
import type { LegalBasis } from "#lib/domain/incident/erasure.ts";
import { parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { proofOver } from "./proof-over.ts";

/** What a person reads and signs; `statementSha256` is hex. */
export type KeeperStatement = { ok: true; statement: string; statementSha256: string };
/** hex: the digest of the statement the signer was shown. */
type Signed = { statementSha256: string; password: string };

export type ErasureInput = { incident: string; legalBasis: LegalBasis; reason: string };

/** What the guards say about an erasure, where their usual sentence speaks of a decision. */
const ERASURE_PROBLEMS: Record<string, [code: string, status: number, publicMessage: string]> = {
  G1: ["erasure_not_open", 409, "This erasure is asked for already, or not open any more."],
  G4: ["signer_is_proposer", 403, "You asked for this; another lead or admin must approve it."],
  G11: ["stale", 409, "Something changed meanwhile; load this again."],
  G14: [
    "incident_open",
    409,
    "Only what a closed incident's entries tell is erased. Close it first.",
  ],
  G36: ["legal_hold", 409, "A legal hold stands; nothing is erased until it is lifted."],
};

/** What asking for an erasure signs. Throws Problem 404 when there is no such incident. */
export async function erasureStatement(db: Db, input: ErasureInput): Promise<KeeperStatement> {
  const id = await incidentIdOf(db, input.incident);
  const rows = await db.$queryRaw<StatementRow[]>`
    SELECT gate.erasure_statement(${id}::uuid, ${input.legalBasis}, ${input.reason}) AS statement`;
  return shown(rows);
}

/** Asks for the erasure of what the entries of a closed incident tell. Nothing is erased yet. */
export async function askErasure(
  db: Db,
  input: ErasureInput & Signed,
  by: Actor,
): Promise<{ ok: true; erasureId: string }> {
  const id = await incidentIdOf(db, input.incident);
  const { sha256, proof } = await proofOver(db, input, by.id);
  return withErasureGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT gate.ask_erasure(${by.id}::uuid, ${id}::uuid, ${input.legalBasis}, ${input.reason},
          ${sha256}::bytea, ${proof}::bytea) AS id`;
      return { ok: true, erasureId: rows[0]!.id };
    }),
  );
}

/** What approving an erasure signs: the request as it was signed. */
export async function approvalStatement(
  db: Db,
  { erasureId }: { erasureId: string },
): Promise<KeeperStatement> {
  return shown(
    await db.$queryRaw<StatementRow[]>`
      SELECT gate.erasure_approval_statement(${erasureId}::uuid) AS statement`,
  );
}

/** Approves what another asked for, and erases it in the same transaction, for good. */
export async function approveErasure(
  db: Db,
  input: { erasureId: string } & Signed,
  by: Actor,
): Promise<{ ok: true }> {
  const { sha256, proof } = await proofOver(db, input, by.id);
  return withErasureGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT gate.approve_erasure(${by.id}::uuid, ${input.erasureId}::uuid,
        ${sha256}::bytea, ${proof}::bytea)::text`;
      return { ok: true };
    }),
  );
}

/** Withdraws one's own request or refuses another's. */
export async function endErasure(
  db: Db,
  input: { erasureId: string; reason: string },
  by: Actor,
): Promise<{ outcome: "refused" | "withdrawn" }> {
  return withErasureGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ outcome: "refused" | "withdrawn" }[]>`
        SELECT gate.end_erasure(${by.id}::uuid, ${input.erasureId}::uuid, ${input.reason}) AS outcome`;
      return { outcome: rows[0]!.outcome };
    }),
  );
}

/** Places a legal hold: on one incident by its number, or with null on everything. */
export async function placeHold(
  db: Db,
  input: { incident: string | null; reason: string },
  by: Actor,
): Promise<{ holdId: string }> {
  const id = input.incident === null ? null : await incidentIdOf(db, input.incident);
  return withErasureGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT gate.place_hold(${by.id}::uuid, ${id}::uuid, ${input.reason}) AS id`;
      return { holdId: rows[0]!.id };
    }),
  );
}

/** What lifting a hold signs. */
export async function holdLiftStatement(
  db: Db,
  { holdId, reason }: { holdId: string; reason: string },
): Promise<KeeperStatement> {
  return shown(
    await db.$queryRaw<StatementRow[]>`
      SELECT gate.hold_lift_statement(${holdId}::uuid, ${reason}) AS statement`,
  );
}

/** Lifts a hold, signed by a lead or an admin. Lifted already: nothing to do. */
export async function liftHold(
  db: Db,
  input: { holdId: string; reason: string } & Signed,
  by: Actor,
): Promise<{ ok: true }> {
  const { sha256, proof } = await proofOver(db, input, by.id);
  return withErasureGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT gate.lift_hold(${by.id}::uuid, ${input.holdId}::uuid,
        ${sha256}::bytea, ${proof}::bytea, ${input.reason})::text`;
      return { ok: true };
    }),
  );
}

type StatementRow = { statement: string | null };

function shown(rows: StatementRow[]): KeeperStatement {
  const statement = rows[0]?.statement;
  if (!statement) throw new Problem("not_found", 404, "There is no such thing to sign.");
  return { ok: true, statement, statementSha256: hash("sha256", statement) };
}

async function incidentIdOf(db: Db, text: string): Promise<string> {
  const number = parseIncidentNumber(text) ?? 0;
  const found =
    number > 0 && number <= 2_147_483_647
      ? await db.incident.findUnique({ where: { number }, select: { id: true } })
      : null;
  if (!found) throw new Problem("not_found", 404, `There is no incident ${text}.`);
  return found.id;
}

async function withErasureGuards<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await withGuards(fn);
  } catch (error) {
    const guard = isProblem(error) ? error.details["guard"] : null;
    const known = typeof guard === "string" ? ERASURE_PROBLEMS[guard] : undefined;
    if (!known) throw error;
    throw new Problem(...known, { internal: (error as Error).message, guard });
  }
}
