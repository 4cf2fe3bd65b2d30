import type { Db } from "#lib/db/prisma.ts";
import type {
  GivenSignOff,
  ReviewedClaim,
  ReviewedIncident,
  Sitting,
} from "#lib/domain/review/trends.ts";

/** The newest of each kind that a period is told from; more are left out, and the page says so. */
export const TREND_ROWS_MAX = 5_000;

export type TrendRows = {
  claims: ReviewedClaim[];
  incidents: ReviewedIncident[];
  signOffs: GivenSignOff[];
  sittings: Sitting[];
  /** Some kind had more rows than are told from. */
  isCut: boolean;
};

/** What the figures of the last `days` days are made of: four statements, each bounded and along an index of time. */
export async function trendRows(
  db: Db,
  { days, most = TREND_ROWS_MAX }: { days: number; most?: number },
): Promise<TrendRows> {
  const of = { days, most: most + 1 };
  const [claims, incidents, signOffs, sittings] = await Promise.all([
    reviewedClaims(db, of),
    openedIncidents(db, of),
    givenSignOffs(db, of),
    sittingsOf(db, of),
  ]);
  const all = { claims, incidents, signOffs, sittings };
  return {
    claims: claims.slice(0, most),
    incidents: incidents.slice(0, most),
    signOffs: signOffs.slice(0, most),
    sittings: sittings.slice(0, most),
    isCut: Object.values(all).some((rows) => rows.length > most),
  };
}

type Of = { days: number; most: number };

/** The last word on each claim. */
async function reviewedClaims(db: Db, { days, most }: Of): Promise<ReviewedClaim[]> {
  return db.$queryRaw<ReviewedClaim[]>`
    WITH last AS MATERIALIZED (
      SELECT r.claim_id, r.incident_id, r.outcome, r.at, r.id FROM claim_review r
      WHERE r.at >= now() - make_interval(days => ${days}::int)
        AND NOT EXISTS (SELECT FROM claim_review n WHERE n.claim_id = r.claim_id AND (n.at, n.id) > (r.at, r.id))
      ORDER BY r.at DESC, r.id DESC LIMIT ${most}::int
    ), types AS MATERIALIZED (
      SELECT i.id, i.source_names, gate.incident_types(i.id) AS types FROM incident i WHERE i.id IN (SELECT incident_id FROM last)
    )
    SELECT l.outcome, (extract(epoch FROM l.at) * 1000)::float8 AS at, s.generator AS model,
           CASE WHEN v.id IS NOT NULL THEN v.name || '/' || v.version END AS prompt, c.kind, t.source_names AS sources, t.types,
           ARRAY(SELECT DISTINCT e.fields ->> 'rule.name' FROM citation x JOIN evidence_item e ON e.id = x.evidence_id
                 WHERE x.claim_id = l.claim_id AND jsonb_typeof(e.fields -> 'rule.name') = 'string' ORDER BY 1 LIMIT 20) AS rules
    FROM last l
    JOIN claim c ON c.id = l.claim_id
    JOIN summary s ON s.id = c.summary_id
    JOIN types t ON t.id = l.incident_id
    LEFT JOIN model_run m ON m.id = s.model_run_id
    LEFT JOIN prompt_version v ON v.id = m.prompt_version_id
    ORDER BY l.at DESC, l.id DESC`;
}

/** Incidents opened in the period; one that was merged away is told of where it went. */
async function openedIncidents(db: Db, { days, most }: Of): Promise<ReviewedIncident[]> {
  return db.$queryRaw<ReviewedIncident[]>`
    SELECT (extract(epoch FROM i.opened_at) * 1000)::float8 AS "openedAt",
           (extract(epoch FROM i.first_evidence_at) * 1000)::float8 AS "earliestEvidence",
           (extract(epoch FROM i.closed_at) * 1000)::float8 AS "closureInEffect",
           i.alert_count AS alerts, coalesce(i.verdict, d.content ->> 'classification') AS judgement,
           (SELECT (extract(epoch FROM min(e.received_at)) * 1000)::float8 FROM evidence_item e
            WHERE e.incident_id = i.id AND e.kind = 'alert') AS "firstAlertReceived",
           (SELECT (extract(epoch FROM t.at) * 1000)::float8 FROM trail.entry t
            WHERE t.incident_id = i.id AND t.kind = 'incident.assigned' ORDER BY t.seq LIMIT 1) AS "firstHumanClaim",
           (SELECT (extract(epoch FROM min(r.at)) * 1000)::float8 FROM response_run r
            WHERE r.incident_id = i.id AND r.outcome = 'verified' AND r.action <> 'collect_artifacts') AS "firstVerifiedContainment"
    FROM (SELECT * FROM incident WHERE opened_at >= now() - make_interval(days => ${days}::int) AND merged_into_id IS NULL
          ORDER BY opened_at DESC, id DESC LIMIT ${most}::int) i
    LEFT JOIN decision d ON d.id = i.closed_by
    ORDER BY i.opened_at DESC, i.id DESC`;
}

/** The name stands there only where its owner lets it, and only from then on. */
async function givenSignOffs(db: Db, { days, most }: Of): Promise<GivenSignOff[]> {
  return db.$queryRaw<GivenSignOff[]>`
    SELECT s.outcome, (extract(epoch FROM d.proposed_at) * 1000)::float8 AS "proposedAt", (extract(epoch FROM s.at) * 1000)::float8 AS "signedAt",
           EXISTS (SELECT FROM evidence_opened o WHERE o.person_id = s.person_id AND o.at <= s.at
             AND (o.incident_id = d.incident_id OR o.incident_id IN (SELECT b.incident_id FROM decision_incident b WHERE b.decision_id = d.id))) AS "openedEvidence",
           (extract(epoch FROM n.at) * 1000)::float8 AS "openedAt",
           CASE WHEN p.id IS NOT NULL THEN json_build_object('id', p.id, 'name', p.name) END AS person
    FROM (SELECT * FROM sign_off WHERE at >= now() - make_interval(days => ${days}::int) ORDER BY at DESC, id DESC LIMIT ${most}::int) s
    JOIN decision d ON d.id = s.decision_id
    LEFT JOIN statement_opened n ON n.decision_id = s.decision_id AND n.person_id = s.person_id AND n.at <= s.at
    LEFT JOIN training_mode t ON t.person_id = s.person_id AND t.at <= s.at
    LEFT JOIN person p ON p.id = t.person_id
    ORDER BY s.at DESC, s.id DESC`;
}

/** Told from ten times as many reviews at most, the newest. The name as above. */
async function sittingsOf(db: Db, { days, most }: Of): Promise<Sitting[]> {
  return db.$queryRaw<Sitting[]>`
    WITH said AS MATERIALIZED (
      SELECT claim_id, person_id, outcome, at FROM claim_review WHERE at >= now() - make_interval(days => ${days}::int)
      ORDER BY at DESC, id DESC LIMIT ${most * 10}::int
    ), grouped AS (
      SELECT person_id, c.summary_id, count(DISTINCT claim_id)::int AS claims, (count(DISTINCT claim_id) FILTER (WHERE NOT overruled))::int AS accepted,
             min(at) AS first_at, max(at) AS last_at
      FROM (SELECT *, bool_or(outcome <> 'accepted') OVER (PARTITION BY person_id, claim_id) AS overruled FROM said) s
      JOIN claim c ON c.id = s.claim_id GROUP BY person_id, c.summary_id
    )
    SELECT g.claims, g.accepted, (extract(epoch FROM g.first_at) * 1000)::float8 AS "firstAt", (extract(epoch FROM g.last_at) * 1000)::float8 AS "lastAt",
           CASE WHEN p.id IS NOT NULL THEN json_build_object('id', p.id, 'name', p.name) END AS person
    FROM grouped g
    LEFT JOIN training_mode t ON t.person_id = g.person_id AND t.at <= g.first_at
    LEFT JOIN person p ON p.id = t.person_id
    ORDER BY g.last_at DESC LIMIT ${most}::int`;
}
