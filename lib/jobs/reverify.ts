import type { Actor } from "#lib/commands/actor.ts";
import {
  recordVerification,
  type Reverified,
  type Verification,
} from "#lib/commands/record-verification.ts";
import { stopDoubtful } from "#lib/commands/stop-doubtful.ts";
import type { Db } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import type { ClaimKind, DraftClaim, Polarity, Predicate } from "#lib/domain/summary/claim.ts";
import { verifyClaims, VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { loadRawTexts, loadRecords } from "#lib/queries/load-evidence.ts";

const NOTHING: Reverified = { claims: 0, moved: 0 };

type StoredClaim = DraftClaim & { claimId: string; cited: string[] };

/**
 * Judges the claims of a stored summary by the verifier of this version, and stores its word beside the earlier one.
 *
 * Over the evidence as it stood for that summary: the records up to its `evidence_count` and the same cap, since
 * positions are given once and records never change; what arrived later is not read. The claims are as they were
 * stored, and so are the raw texts they are held against (U+0000 and lone surrogates replaced alike). Only a source
 * that was renamed since would read differently.
 *
 * Nothing is done for claims that this verifier or a later one has judged, so it may be repeated and may run twice
 * at once. `{ claims: 0 }` also when there is no such summary, or its incident was merged away with its evidence.
 */
export async function reverifySummary(db: Db, summaryId: string, by: Actor): Promise<Reverified> {
  const summary = await db.summary.findUnique({
    where: { id: summaryId },
    select: {
      incidentId: true,
      evidenceCount: true,
      incident: { select: { mergedIntoId: true } },
    },
  });
  if (!summary || summary.incident.mergedIntoId !== null) return NOTHING;
  const { incidentId, evidenceCount } = summary;
  const claims = await readClaims(db, summaryId);
  if (claims.length === 0) return NOTHING;
  const { records, capped } = await loadRecords(db, incidentId, evidenceCount);
  const texts = await loadRawTexts(db, [...new Set(claims.flatMap(({ cited }) => cited))]);
  const verified = verifyClaims(claims, {
    records,
    capped,
    rawText: (id) => storableOf(texts.get(id)),
  });
  const verifications = verified.flatMap(({ standing, checks, uncovered }, at): Verification[] => {
    const claim = claims[at];
    return claim ? [{ claimId: claim.claimId, standing, checks, uncovered }] : [];
  });
  const input = { summaryId, incidentId, verifier: VERIFIER_VERSION, evidenceCount, verifications };
  const reverified = await recordVerification(db, input, by);
  await stopDoubtful(db, incidentId);
  return reverified;
}

function storableOf(text: string | undefined): string | null {
  return text === undefined ? null : storableText(text);
}

type ClaimRow = {
  id: string;
  text: string;
  kind: ClaimKind;
  polarity: Polarity;
  predicates: Predicate[];
  citations: { id: string; quote: string; evidence: string | null }[];
};

/** The claims an earlier verifier judged last, as they were drafted: what was cited, and what for. */
async function readClaims(db: Db, summaryId: string): Promise<StoredClaim[]> {
  const rows = await db.$queryRaw<ClaimRow[]>`
    SELECT c.id, c.text, c.kind, c.polarity, c.predicates,
           coalesce((SELECT jsonb_agg(jsonb_build_object('id', t.label, 'quote', t.quote, 'evidence', t.evidence_id) ORDER BY t.ordinal)
                     FROM citation t WHERE t.claim_id = c.id), '[]') AS citations
    FROM claim_in_force c
    WHERE c.summary_id = ${summaryId}::uuid AND c.verifier::int < ${VERIFIER_VERSION}::int
    ORDER BY c.ordinal`;
  return rows.map(({ id, text, kind, polarity, predicates, citations }) => ({
    claimId: id,
    text,
    kind,
    polarity,
    // JSON has no NaN: a number that is none was stored as null
    predicates: predicates.map((p) => ({ ...p, n: p.n ?? Number.NaN })),
    citations: citations.map(({ id: label, quote }) => ({ id: label, quote })),
    cited: citations.flatMap(({ evidence }) => evidence ?? []),
  }));
}
