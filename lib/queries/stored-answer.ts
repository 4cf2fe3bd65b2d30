import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { RunState } from "#lib/domain/copilot/run.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";

const LABEL = /^E([1-9]\d{0,8})$/;

export type StoredAnswer = {
  /** In the order of the answer, as they were verified. */
  claims: VerifiedClaim[];
  /** The verifier that gave their standings; null without claims. */
  verifier: string | null;
  /** What a reader was told beside the claims, in sentences. */
  notices: string[];
  done: { state: RunState; reason: string | null; isComplete: boolean } | null;
};

/** What is stored of an answer: all that anybody was ever shown of it. */
export async function readStoredAnswer(db: Db, runId: string): Promise<StoredAnswer> {
  const rows = await db.$queryRaw<{ kind: string; data: unknown }[]>`
    SELECT kind, data FROM run_event WHERE run_id = ${runId}::uuid ORDER BY seq`;
  const of = <T>(kind: string): T[] =>
    rows.flatMap((row) => (row.kind === kind ? [row.data as T] : []));
  const streamed = of<StreamedClaim>("claim");
  return {
    claims: streamed.map(fromStreamed),
    verifier: streamed[0]?.verifier ?? null,
    notices: of<{ sentence: string }>("notice").map(({ sentence }) => sentence),
    done: of<NonNullable<StoredAnswer["done"]>>("done")[0] ?? null,
  };
}

/** The claim that a stored event holds. JSON has no NaN: a number that is none was stored as null. */
export function fromStreamed(streamed: StreamedClaim): VerifiedClaim {
  const { text, kind, polarity, standing, checks, predicates, uncovered, citations } = streamed;
  return {
    text,
    kind,
    polarity,
    standing,
    checks,
    predicates: predicates.map((predicate) => ({ ...predicate, n: predicate.n ?? Number.NaN })),
    uncovered,
    citations: citations.map(({ label, quote }) => ({ id: label, quote })),
    resolved: citations.map(({ evidenceId, label, quote, start, end }) => ({
      evidenceId,
      position: evidenceId === null ? null : positionOf(label),
      quote,
      start,
      end,
    })),
  };
}

function positionOf(label: string): number | null {
  const [, digits] = LABEL.exec(label.trim().toUpperCase()) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** A claim that the evidence does not bear out: what a repair sends back. */
export function isFailing({ standing }: Pick<VerifiedClaim, "standing">): boolean {
  return standing === "unsupported" || standing === "contradicted";
}
