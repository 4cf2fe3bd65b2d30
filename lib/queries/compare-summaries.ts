import type { Db } from "#lib/db/prisma.ts";
import type { ComparedClaim, ComparisonView, SummaryLabel } from "#lib/contracts/copilot-views.ts";
import type { ClaimView } from "#lib/contracts/views.ts";
import { compareClaims } from "#lib/domain/summary/compare.ts";
import { iso } from "./shape.ts";
import { summaryClaims } from "./summary-claims.ts";

/** Every version of an incident's summaries, the model's first, newest first; at most 200. */
export async function listSummaryVersions(db: Db, incidentId: string): Promise<SummaryLabel[]> {
  const rows = await db.summary.findMany({
    where: { incidentId },
    select: LABEL,
    orderBy: [{ origin: "asc" }, { version: "desc" }],
    take: 200,
  });
  return rows.map(asLabel);
}

/** Two summaries of one incident, claim against claim; null when either is not this incident's. */
export async function compareSummaries(
  db: Db,
  incidentId: string,
  { left: leftId, right: rightId }: { left: string; right: string },
): Promise<ComparisonView | null> {
  const rows = await db.summary.findMany({
    where: { incidentId, id: { in: [leftId, rightId] } },
    select: LABEL,
  });
  const left = rows.find(({ id }) => id === leftId);
  const right = rows.find(({ id }) => id === rightId);
  if (!left || !right) return null;
  const claims = await summaryClaims(db, [leftId, rightId]);
  const side = (id: string) => (claims.get(id) ?? []).map(asComparable);
  return {
    left: asLabel(left),
    right: asLabel(right),
    pairs: compareClaims(side(leftId), side(rightId)).map((pair) => ({
      change: pair.change,
      left: pair.left ? asCompared(pair.left) : null,
      right: pair.right ? asCompared(pair.right) : null,
    })),
  };
}

const LABEL = { id: true, origin: true, version: true, generator: true, issuedAt: true } as const;

type LabelRow = Omit<SummaryLabel, "origin" | "issuedAt"> & { origin: string; issuedAt: Date };

function asLabel({ origin, issuedAt, ...rest }: LabelRow): SummaryLabel {
  return { ...rest, origin: origin === "model" ? "model" : "rules", issuedAt: iso(issuedAt) };
}

type Comparable = ClaimView & { labels: string[] };

function asComparable(claim: ClaimView): Comparable {
  return { ...claim, labels: [...new Set(claim.citations.map(({ label }) => label))] };
}

function asCompared({ id, ordinal, text, standing, labels }: Comparable): ComparedClaim {
  return { id, ordinal, text, standing, labels };
}
