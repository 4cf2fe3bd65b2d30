import type { Db } from "#lib/db/prisma.ts";
import type {
  CitationView,
  ClaimReviewView,
  ClaimView,
  SummaryView,
} from "#lib/contracts/views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import type {
  ClaimCheck,
  ClaimKind,
  Predicate,
  ReviewOutcome,
  Standing,
} from "#lib/domain/summary/claim.ts";
import { hex, iso } from "./shape.ts";
import { sourceHealth } from "./source-health.ts";

type SummaryRow = {
  id: string;
  origin: "rules" | "model";
  version: number;
  state: "complete" | "incomplete";
  state_reason: string | null;
  stale: boolean;
  generator: string;
  prompt_version: string | null;
  evidence_count: number;
  evidence_root: Uint8Array;
  issued_at: Date;
  not_mentioned: string[];
};

/** The current summary of the rules and the current one of the model, claims, sources and all. Eight statements. */
export async function listSummaries(db: Db, incidentId: string): Promise<SummaryView[]> {
  const rows = await db.$queryRaw<SummaryRow[]>`
    SELECT s.id, s.origin, s.version, s.state, s.state_reason, s.evidence_root <> i.evidence_root AS stale, s.generator,
           v.name || '/' || v.version AS prompt_version, s.evidence_count, s.evidence_root, s.issued_at, s.not_mentioned
    FROM (SELECT DISTINCT ON (origin) * FROM summary
          WHERE incident_id = ${incidentId}::uuid ORDER BY origin, version DESC) s
    JOIN incident i ON i.id = s.incident_id
    LEFT JOIN model_run r ON r.id = s.model_run_id LEFT JOIN prompt_version v ON v.id = r.prompt_version_id
    ORDER BY s.origin DESC`;
  return withClaims(db, incidentId, rows);
}

export type SummaryVersion = {
  id: string;
  origin: "rules" | "model";
  version: number;
  issuedAt: string;
};

/** Every version there was, newest first; at most 200. */
export async function listSummaryVersions(db: Db, incidentId: string): Promise<SummaryVersion[]> {
  const rows = await db.summary.findMany({
    where: { incidentId },
    select: { id: true, origin: true, version: true, issuedAt: true },
    orderBy: [{ origin: "desc" }, { version: "desc" }],
    take: 200,
  });
  return rows.map((row) => ({
    ...row,
    origin: row.origin === "model" ? "model" : "rules",
    issuedAt: iso(row.issuedAt),
  }));
}

async function withClaims(db: Db, incidentId: string, rows: SummaryRow[]): Promise<SummaryView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [claims, citations, reviews, notMentioned, sources] = await Promise.all([
    readClaims(db, ids),
    readCitations(db, ids),
    readReviews(db, ids),
    readNotMentioned(
      db,
      rows.flatMap((row) => row.not_mentioned),
    ),
    sourceHealth(db, incidentId),
  ]);
  return rows.map((row) => ({
    id: row.id,
    origin: row.origin,
    version: row.version,
    state: row.state,
    stateReason: row.state_reason,
    stale: row.stale,
    generator: row.generator,
    promptVersion: row.prompt_version,
    evidenceCount: row.evidence_count,
    evidenceRoot: hex(row.evidence_root),
    issuedAt: iso(row.issued_at),
    claims: claims
      .filter((claim) => claim.summary_id === row.id)
      .map((claim) => asClaim(claim, citations.get(claim.id) ?? [], reviews.get(claim.id) ?? [])),
    notMentioned: row.not_mentioned.flatMap((id) => notMentioned.get(id) ?? []),
    sources,
  }));
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

function asClaim(row: ClaimRow, citations: CitationView[], reviews: ClaimReviewView[]): ClaimView {
  const { summary_id: _, ...claim } = row;
  return { ...claim, citations, reviews };
}

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

type NotMentioned = SummaryView["notMentioned"][number];

async function readNotMentioned(db: Db, ids: string[]): Promise<Map<string, NotMentioned>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<
    { id: string; position: number | null; title: string; severity: Severity | null }[]
  >`
    SELECT id, position, title, severity FROM evidence_item WHERE id = ANY(${ids}::uuid[])`;
  return new Map(
    rows.map(({ id, position, title, severity }) => [
      id,
      {
        evidenceId: id,
        label: evidenceLabel(position ?? 0),
        title,
        severity: severity ?? "informational",
      },
    ]),
  );
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
