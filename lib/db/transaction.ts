import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "#lib/domain/problem.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import type { TrailKind } from "#lib/trail/kinds.ts";
import { claimSession, claimsOf, type Acting } from "./acting.ts";
import type { Prisma } from "./generated/client.ts";
import type { Db, Tx } from "./prisma.ts";
import { turns } from "./turns.ts";

export type TransactOptions = {
  /** How long the whole transaction may take; default 60,000. */
  timeoutMs?: number;
  /** Default: Postgres' own, read committed. */
  isolation?: "RepeatableRead" | "Serializable";
};

export type TrailEntryInput = {
  kind: TrailKind;
  /** `person:<uuid>`, `source:<uuid>`, `model:<id>` or `system:<process>`. */
  actor: string;
  incidentId: string | null;
  /** Plain JSON without floats; the bytes that are hashed are its RFC 8785 form. */
  payload: unknown;
};

const ATTEMPTS_MAX = 4;
const FROZEN =
  "The log is frozen, so nothing was done. Whoever runs this installation has to let it go on.";

/**
 * Runs `fn` in one interactive transaction: all of it is committed, with its trail entries, or nothing. Its entries name
 * the session of `by`, those that the gate writes too.
 * Serialization failures and deadlocks (40001, 40P01) are tried again up to three times, so `fn` must not act on
 * anything but `tx`.
 */
export async function transact<T>(
  db: Db,
  by: Acting,
  fn: (tx: Tx) => Promise<T>,
  options: TransactOptions = {},
): Promise<T> {
  const settings = {
    timeout: options.timeoutMs ?? 60_000,
    maxWait: 10_000,
    isolationLevel: options.isolation,
  };
  return triedAgain(() =>
    db.$transaction(async (tx) => {
      await claimSession(tx, by);
      return fn(tx);
    }, settings),
  );
}

/**
 * As `transact`, for a single statement: Postgres commits it by itself, with the checks that are left to the end, so two
 * round trips less are made under its locks. Few run at a time. The statement selects from `claims`, so that its entries name the session.
 */
export function transactOnce<T>(
  by: Acting,
  statement: (claims: Prisma.Sql) => Promise<T>,
): Promise<T> {
  return inTurn(() => triedAgain(() => statement(claimsOf(by))));
}

/**
 * Twice as many as there are processors. More of them only hinder whoever holds the head of the trail from finishing,
 * and those who wait there are served in no order (docs/decisions/040).
 */
const inTurn = turns(2 * availableParallelism());

async function triedAgain<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const code = sqlState(error);
      if (code === "42501" && databaseMessage(error).includes("trail: the log is frozen"))
        throw new Problem("log_frozen", 503, FROZEN);
      if (attempt >= ATTEMPTS_MAX || (code !== "40001" && code !== "40P01")) throw error;
      // Jitter, so that two transactions that met once do not meet again in step.
      await wait(5 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/**
 * Adds one entry to the trail and returns its sequence number. Sequence, time, previous hash and leaf are made by
 * the database under a lock that lasts to the end of the transaction: append last, and commit soon.
 */
export async function appendTrail(tx: Tx, entry: TrailEntryInput): Promise<bigint> {
  const payload = canonicalJson(entry.payload);
  const rows = await tx.$queryRaw<{ seq: bigint }[]>`
    select trail.append(${entry.kind}, ${entry.actor}, ${entry.incidentId}::uuid, ${payload}) as seq`;
  const seq = rows[0]?.seq;
  if (seq === undefined) throw new Error("trail.append returned nothing.");
  return seq;
}

/** The SQLSTATE of a database error that came through Prisma or pg, or null. */
export function sqlState(error: unknown): string | null {
  for (
    let at = error as ErrorLike | undefined, depth = 0;
    at && depth < 5;
    at = at.cause, depth += 1
  ) {
    if (at.code === "P2034") return "40001";
    const found = at.meta?.driverAdapterError?.cause?.originalCode ?? at.originalCode ?? at.code;
    if (typeof found === "string" && /^[0-9A-Z]{5}$/.test(found) && !/^P\d/.test(found))
      return found;
    if (at.kind === "TransactionWriteConflict") return "40001";
  }
  return null;
}

/** The words of the database for an error that came through Prisma or pg: what a guard said. */
export function databaseMessage(error: unknown): string {
  const found = error as ErrorLike;
  const cause = found.meta?.driverAdapterError?.cause ?? found.cause;
  return cause?.originalMessage ?? cause?.message ?? found.message ?? String(error);
}

type ErrorLike = {
  code?: string;
  kind?: string;
  message?: string;
  originalCode?: string;
  originalMessage?: string;
  cause?: ErrorLike;
  meta?: { driverAdapterError?: { cause?: ErrorLike } };
};
