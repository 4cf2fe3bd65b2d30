import { NOBODY } from "#lib/db/acting.ts";
import { accountForClaims } from "#lib/commands/account-for-claims.ts";
import { activateForTest } from "#lib/db/testing-copilot.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "#lib/db/testing-runs.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { transact } from "#lib/db/transaction.ts";
import type { DraftClaim, Predicate, Standing } from "#lib/domain/summary/claim.ts";
import { readInForce } from "./run-model/read-run.ts";

export type EarlierClaim = Partial<DraftClaim> & { text: string; standing: Standing };
export type EarlierSummary = {
  incidentId: string;
  claims: EarlierClaim[];
  origin?: "rules" | "model";
  version?: number;
  /** Default: as many records as the incident has. */
  evidenceCount?: number;
};

/** A summary as a worker with verifier 1 left it, with the standings that one gave. */
export async function issueByVerifier1(db: TestDatabase, input: EarlierSummary): Promise<string> {
  const { incidentId, origin = "rules", version = 1 } = input;
  const head = await db.web.incident.findUniqueOrThrow({
    where: { id: incidentId },
    select: { evidenceCount: true, evidenceRoot: true },
  });
  return transact(db.worker, NOBODY, async (tx) => {
    const summary = await tx.summary.create({
      data: {
        incidentId,
        origin,
        version,
        state: "complete",
        generator: `${origin}/0`,
        modelRunId: origin === "model" ? await makeRun(db, incidentId) : null,
        evidenceRoot: head.evidenceRoot,
        evidenceCount: input.evidenceCount ?? head.evidenceCount,
      },
      select: { id: true },
    });
    for (const [ordinal, claim] of input.claims.entries()) {
      const { text, standing, kind = "count", polarity = "affirmed", predicates = [] } = claim;
      const { id: claimId } = await tx.claim.create({
        data: {
          summaryId: summary.id,
          ordinal,
          front: true,
          text,
          kind,
          polarity,
          predicates,
          standing,
          verifier: "1",
          checks: [],
          uncovered: [],
        },
        select: { id: true },
      });
      for (const [at, { id: label, quote }] of (claim.citations ?? []).entries()) {
        const evidence = await tx.evidenceItem.findUnique({
          where: { incidentId_position: { incidentId, position: Number(label.slice(1)) } },
          select: { id: true },
        });
        await tx.citation.create({
          data: { claimId, ordinal: at, label, quote, evidenceId: evidence?.id ?? null },
        });
      }
    }
    await accountForClaims(tx, incidentId);
    return summary.id;
  });
}

/** A run that has ended, as every model summary has one. */
async function makeRun(db: TestDatabase, incidentId: string): Promise<string> {
  const inForce = await readInForce(db.worker);
  const model =
    inForce ?? (await activateForTest(db, { model: "test-model", baseUrl: "http://127.0.0.1:9" }));
  const runId = await queueRunForTest(db, { incidentId, model });
  await startRunForTest(db, { runId });
  await finishRunForTest(db, { runId });
  return runId;
}

/** "n events with the outcome failure", with the count that says so and one of them, E2, cited. */
export function failedLogons(n: number, standing: Standing): EarlierClaim {
  const where = "kind=event & outcome=failure";
  const count: Predicate = {
    op: "count",
    evidence: [],
    where,
    field: "",
    value: "",
    cmp: "eq",
    n,
    within_s: 0,
  };
  const text = `${n} events with the outcome failure.`;
  return { text, standing, predicates: [count], citations: [{ id: "E2", quote: "failure" }] };
}
