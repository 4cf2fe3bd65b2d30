import { Prisma } from "./generated/client.ts";
import type { Tx } from "./prisma.ts";

/**
 * Who a transaction is made for, as far as its entries say so beside the actor. `session` is `sessionDigest` of the
 * person's session; null where a person acts without one, as on the command line.
 */
export type Acting =
  | { kind: "person"; session: string | null }
  | { kind: "source" | "model" | "system" };

/** For what nobody does in a session: a process, or the command line of who runs it. */
export const NOBODY: Acting = { kind: "system" };

/** A row to put behind FROM: makes the claims of `by` in the statement itself, before anything is selected from it. */
export function claimsOf(by: Acting): Prisma.Sql {
  return Prisma.sql`(SELECT set_config('countersign.session', ${sessionOf(by) ?? ""}, true) OFFSET 0) AS acting`;
}

/** Every entry that follows in this transaction names the session of `by`. */
export async function claimSession(tx: Tx, by: Acting): Promise<void> {
  if (sessionOf(by) !== null) await tx.$queryRaw`SELECT 1 AS done FROM ${claimsOf(by)}`;
}

/**
 * Every entry that follows in this transaction, and whose actor is no person, was made on behalf of this one; null says
 * that nobody asked for it.
 */
export async function claimOnBehalf(tx: Tx, personId: string | null): Promise<void> {
  if (personId === null) return;
  await tx.$queryRaw`SELECT set_config('countersign.on_behalf', ${`person:${personId}`}, true)`;
}

function sessionOf(by: Acting): string | null {
  return by.kind === "person" ? by.session : null;
}
