import type { ReplayClaim, ReplaySummaryView } from "#lib/contracts/replay-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ClaimKind, Standing } from "#lib/domain/summary/claim.ts";
import type { ReplayReview, ReplaySummary } from "#lib/domain/trail/replay.ts";

/** Most claims of a summary that are shown; those in front come first. */
export const REPLAY_CLAIMS = 100;

type Row = {
  id: string;
  summary_id: string;
  ordinal: number;
  front: boolean;
  text: string;
  kind: ClaimKind;
  standing: Standing;
  labels: string[];
  total: number;
};

/**
 * The claims of summaries with the standings they had: as issued, or as the last verifier said that had judged them by
 * then. One statement, or none.
 */
export async function replayClaims(
  db: Db,
  summaries: ReplaySummary[],
  reviews: readonly ReplayReview[],
  evidenceRoot: string | null,
): Promise<ReplaySummaryView[]> {
  if (summaries.length === 0) return [];
  const rows = await db.$queryRaw<Row[]>`
    SELECT * FROM (
      SELECT c.id, c.summary_id, c.ordinal, c.front, c.text, c.kind,
             coalesce((SELECT v.standing FROM claim_verification v
               WHERE v.claim_id = c.id AND v.verifier::int <= asked.verifier ORDER BY v.verifier::int DESC LIMIT 1), c.standing) AS standing,
             ARRAY(SELECT DISTINCT t.label FROM citation t WHERE t.claim_id = c.id ORDER BY t.label) AS labels,
             (count(*) OVER (PARTITION BY c.summary_id))::int AS total,
             row_number() OVER (PARTITION BY c.summary_id ORDER BY c.front DESC, c.ordinal) AS place
      FROM unnest(${summaries.map(({ id }) => id)}::uuid[], ${summaries.map(({ verifier }) => Number(verifier ?? 0))}::int[])
        AS asked (summary, verifier)
      JOIN claim c ON c.summary_id = asked.summary) AS shown
    WHERE place <= ${REPLAY_CLAIMS}::int ORDER BY summary_id, ordinal`;
  return summaries.map((summary) => {
    const own = rows.filter((row) => row.summary_id === summary.id);
    return {
      ...summary,
      stale: summary.evidenceRoot !== evidenceRoot,
      claimCount: own[0]?.total ?? 0,
      claims: own.map((row) => asClaim(row, reviews)),
    };
  });
}

function asClaim(row: Row, reviews: readonly ReplayReview[]): ReplayClaim {
  const { id, ordinal, front, text, kind, standing, labels } = row;
  return {
    id,
    ordinal,
    front,
    text,
    kind,
    standing,
    labels,
    reviews: reviews.filter(({ claim }) => claim === id),
  };
}
