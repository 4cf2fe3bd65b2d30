import { randomUUID } from "node:crypto";
import type { Db } from "#lib/db/prisma.ts";
import { transactOnce } from "#lib/db/transaction.ts";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import type { Actor } from "../actor.ts";
import { withGuards } from "../guard-problem.ts";

/** Asks the worker for a dry run, which changes nothing in the system. */
export async function requestResponderTest(
  db: Db,
  {
    responderId,
    action,
    target,
  }: { responderId: string; action: ResponseActionKind; target: string },
  by: Actor,
): Promise<{ testId: string }> {
  const testId = randomUUID();
  await withGuards(() =>
    transactOnce(
      by,
      (claims) => db.$queryRaw`
      SELECT gate.request_responder_test(${testId}::uuid, ${responderId}::uuid, ${by.id}::uuid, ${action}, ${target})::text FROM ${claims}`,
    ),
  );
  return { testId };
}
