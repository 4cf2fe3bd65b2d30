/** Rules summaries as they are stored, and every claim verified again from stored rows. */
import type { Db } from "#lib/db/prisma.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { ClaimKind, Polarity, Predicate, Standing } from "#lib/domain/summary/claim.ts";
import { STANDINGS } from "#lib/domain/summary/claim.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { loadEvidence, loadRawTexts } from "#lib/queries/load-evidence.ts";

export type ClaimFindings = {
  incidents: number;
  withoutSummary: string[];
  withoutClaims: string[];
  claims: number;
  standings: Record<Standing, number>;
  /** Claims that are not supported, with what the checks found. */
  notSupported: string[];
  /** Claims whose second verification gives another standing or another place. */
  differences: string[];
  citations: number;
  /** Citations whose offsets do not give their quote in the raw text. */
  wrongPlaces: string[];
};

type Place = {
  label: string;
  evidenceId: string | null;
  quote: string;
  start: number | null;
  end: number | null;
};
type StoredClaim = {
  ordinal: number;
  text: string;
  kind: ClaimKind;
  polarity: Polarity;
  standing: Standing;
  predicates: Predicate[];
  citations: Place[];
};

/** The state of every incident that has evidence. `name` is the key it was posted under. */
export type IncidentState = { id: string; name: string; summaryId: string | null };

/** Incidents with the id of a rules summary over their evidence as it stands, or null. */
export function incidentStates(db: Db): Promise<IncidentState[]> {
  return db.$queryRaw<IncidentState[]>`
    SELECT i.id, coalesce(i.source_key, 'incident ' || i.number) AS name,
           (SELECT s.id FROM summary s
            WHERE s.incident_id = i.id AND s.origin = 'rules' AND s.evidence_root = i.evidence_root
            ORDER BY s.version DESC LIMIT 1) AS "summaryId"
    FROM incident i WHERE i.merged_into_id IS NULL AND i.evidence_count > 0 ORDER BY i.number`;
}

export async function checkClaims(db: Db): Promise<ClaimFindings> {
  const states = await incidentStates(db);
  const found: ClaimFindings = {
    incidents: states.length,
    withoutSummary: [],
    withoutClaims: [],
    claims: 0,
    standings: { supported: 0, partial: 0, unsupported: 0, contradicted: 0 },
    notSupported: [],
    differences: [],
    citations: 0,
    wrongPlaces: [],
  };
  for (const state of states) {
    if (state.summaryId === null) found.withoutSummary.push(state.name);
    else await checkSummary(db, { ...state, summaryId: state.summaryId }, found);
  }
  return found;
}

async function checkSummary(
  db: Db,
  { id, name, summaryId }: { id: string; name: string; summaryId: string },
  found: ClaimFindings,
) {
  const claims = await readClaims(db, summaryId);
  if (claims.length === 0) found.withoutClaims.push(name);
  const evidence = await loadEvidence(db, id);
  if (!evidence) throw new Error(`${name}: its evidence is gone`);
  const cited = new Set(claims.flatMap(({ citations }) => citations.map(({ label }) => label)));
  const ids = evidence.records.flatMap((record) =>
    cited.has(evidenceLabel(record.position)) ? record.id : [],
  );
  const texts = await loadRawTexts(db, ids);
  const { records, capped } = evidence;
  const drafts = claims.map(({ text, kind, polarity, predicates, citations }) => ({
    text,
    kind,
    polarity,
    predicates,
    citations: citations.map(({ label, quote }) => ({ id: label, quote })),
  }));
  const again = verifyClaims(drafts, { records, capped, rawText: (at) => texts.get(at) ?? null });
  for (const [at, claim] of claims.entries()) {
    const where = `${name} #${claim.ordinal} "${claim.text.slice(0, 100)}"`;
    const second = again[at]!;
    found.claims += 1;
    found.standings[claim.standing] += 1;
    if (claim.standing !== "supported")
      found.notSupported.push(`${where}: ${claim.standing}; ${whyNot(second.checks)}`);
    const difference = differenceOf(claim, second);
    if (difference) found.differences.push(`${where}: ${difference}`);
    for (const place of claim.citations) {
      found.citations += 1;
      if (!isInPlace(place, texts))
        found.wrongPlaces.push(`${where}: ${place.label} "${place.quote.slice(0, 60)}"`);
    }
  }
}

async function readClaims(db: Db, summaryId: string): Promise<StoredClaim[]> {
  const rows = await db.claim.findMany({
    where: { summaryId },
    orderBy: { ordinal: "asc" },
    include: { citations: { orderBy: { ordinal: "asc" } } },
  });
  return rows.map((row) => ({
    ...row,
    kind: row.kind as ClaimKind,
    polarity: row.polarity as Polarity,
    standing: row.standing as Standing,
    predicates: row.predicates as unknown as Predicate[],
  }));
}

type Second = { standing: Standing; checks: Check[]; resolved: Omit<Place, "label">[] };
type Check = { check: string; effect: Standing; said: string; found: string };

/** What a second verification says differently, or null. */
export function differenceOf(
  first: { standing: Standing; citations: Omit<Place, "label">[] },
  second: Second,
): string | null {
  if (first.standing !== second.standing)
    return `stored ${first.standing}, verified again ${second.standing}; ${whyNot(second.checks)}`;
  const moved = first.citations.findIndex((place, at) => {
    const other = second.resolved[at];
    return (
      place.evidenceId !== other?.evidenceId ||
      place.start !== other.start ||
      place.end !== other.end
    );
  });
  return moved === -1 ? null : `citation ${moved + 1} is at another place`;
}

function whyNot(checks: Check[]): string {
  const worst = checks.toSorted(
    (a, b) => STANDINGS.indexOf(b.effect) - STANDINGS.indexOf(a.effect),
  )[0];
  return worst && worst.effect !== "supported"
    ? `${worst.check}: said ${worst.said.slice(0, 80)}, found ${worst.found.slice(0, 80)}`
    : "no check says why";
}

function isInPlace({ evidenceId, quote, start, end }: Place, texts: Map<string, string>): boolean {
  const text = evidenceId === null ? undefined : texts.get(evidenceId);
  return text !== undefined && start !== null && end !== null && text.slice(start, end) === quote;
}
