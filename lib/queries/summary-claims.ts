import type { Db } from "#lib/db/prisma.ts";
import type { CitationView, ClaimReviewView, ClaimView } from "#lib/contracts/views.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import type {
  ClaimCheck,
  ClaimKind,
  Predicate,
  ReviewOutcome,
  Standing,
} from "#lib/domain/summary/claim.ts";
import { iso } from "./shape.ts";

/** The claims of each summary in their order, as they stand now: citations and reviews with them. Three statements. */
export async function summaryClaims(
  db: Db,
  summaryIds: string[],
): Promise<ReadonlyMap<string, ClaimView[]>> {
  const [claims, citations, reviews] = await Promise.all([
    readClaims(db, summaryIds),
    readCitations(db, summaryIds),
    readReviews(db, summaryIds),
  ]);
  return grouped(claims, ({ summary_id: summaryId, ...claim }) => [
    summaryId,
    {
      ...claim,
      citations: citations.get(claim.id) ?? [],
      reviews: reviews.get(claim.id) ?? [],
    },
  ]);
}

type ClaimRow = {
  id: string;
  summary_id: string;
  ordinal: number;
  front: boolean;
  text: string;
  kind: ClaimKind;
  standing: Standing;
  verifier: string;
  before: { standing: Standing; verifier: string } | null;
  checks: ClaimCheck[];
  predicates: Predicate[];
  uncovered: [number, number][];
};

function readClaims(db: Db, summaryIds: string[]): Promise<ClaimRow[]> {
  return db.$queryRaw<ClaimRow[]>`
    SELECT c.id, c.summary_id, c.ordinal, c.front, c.text, c.kind, c.standing, c.verifier, c.checks, c.predicates, c.uncovered,
           (SELECT jsonb_build_object('standing', v.was, 'verifier', v.was_verifier) FROM claim_verification v
            WHERE v.claim_id = c.id AND v.standing <> v.was ORDER BY v.verifier::int DESC LIMIT 1) AS before
    FROM claim_in_force c WHERE c.summary_id = ANY(${summaryIds}::uuid[]) ORDER BY c.summary_id, c.ordinal`;
}

type CitationRow = {
  claim_id: string;
  evidence_id: string | null;
  label: string;
  quote: string;
  start: number | null;
  end: number | null;
};

async function readCitations(db: Db, summaryIds: string[]): Promise<Map<string, CitationView[]>> {
  const rows = await db.$queryRaw<CitationRow[]>`
    SELECT t.claim_id, t.evidence_id, t.label, t.quote, t.start, t."end"
    FROM citation t JOIN claim c ON c.id = t.claim_id
    WHERE c.summary_id = ANY(${summaryIds}::uuid[]) ORDER BY t.claim_id, t.ordinal`;
  return grouped(rows, ({ claim_id: claimId, evidence_id: evidenceId, ...rest }) => [
    claimId,
    { evidenceId, ...rest },
  ]);
}

type ReviewRow = {
  claim_id: string;
  id: string;
  outcome: ReviewOutcome;
  reason: string | null;
  replacement: string | null;
  at: Date;
  person_id: string;
  name: string;
  role: Role;
};

async function readReviews(db: Db, summaryIds: string[]): Promise<Map<string, ClaimReviewView[]>> {
  const rows = await db.$queryRaw<ReviewRow[]>`
    SELECT r.claim_id, r.id, r.outcome, r.reason, r.replacement, r.at, p.id AS person_id, p.name, p.role
    FROM claim_review r JOIN claim c ON c.id = r.claim_id JOIN person p ON p.id = r.person_id
    WHERE c.summary_id = ANY(${summaryIds}::uuid[]) ORDER BY r.at, r.id`;
  return grouped(rows, ({ claim_id: claimId, person_id: id, name, role, at, ...rest }) => [
    claimId,
    { ...rest, at: iso(at), person: { id, name, role } },
  ]);
}

function grouped<Row, Value>(
  rows: Row[],
  split: (row: Row) => [string, Value],
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const [key, value] = split(row);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
