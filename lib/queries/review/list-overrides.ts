import type { OverrideFilter } from "#lib/contracts/override-inputs.ts";
import type { OverrideChoices, OverridePage, OverrideView } from "#lib/contracts/override-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { OverrideKind, OverrideOutcome } from "#lib/domain/review/override.ts";
import type { ClaimKind, Standing } from "#lib/domain/summary/claim.ts";
import { decodeCursor, encodeCursor, readFrom } from "../cursor.ts";
import { iso } from "../shape.ts";

type Row = {
  id: string;
  kind: OverrideKind;
  at: Date;
  place: string;
  person: PersonView;
  incident_id: string;
  number: number;
  title: string;
  model: string | null;
  prompt: string | null;
  prompt_version: number | null;
  claim_id: string | null;
  claim_text: string | null;
  claim_kind: ClaimKind | null;
  standing: Standing | null;
  replacement: string | null;
  reason: string | null;
  decision_id: string | null;
  decision_kind: DecisionKind | null;
  content: DecisionContent | null;
  proposer: PersonView | null;
  policy_version: number | null;
  refusals: { code: string; sentence: string }[] | null;
  outcome: OverrideOutcome | null;
  note: string | null;
  judged_at: Date | null;
  judge: PersonView | null;
  verdicts: number;
};

type Page = OverrideFilter & { cursor: string | null; limit: number };

/** A page of overrides, the newest first, in one statement. Throws Problem 400 (cursor_invalid). */
export async function listOverrides(db: Db, filter: Page): Promise<OverridePage> {
  const rows = await readFrom(
    filter.cursor,
    () => db.$queryRaw<Row[]>`
    SELECT o.id, o.kind, o.at, to_char(o.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place, person_view(p) AS person,
           o.incident_id, i.number, i.title, o.model, v.name AS prompt, v.version AS prompt_version,
           r.claim_id, c.text AS claim_text, c.kind AS claim_kind, c.standing, r.replacement, coalesce(r.reason, x.reason) AS reason,
           d.id AS decision_id, d.kind AS decision_kind, d.content, CASE WHEN q.id IS NOT NULL THEN person_view(q) END AS proposer,
           d.policy_version, CASE WHEN o.kind = 'refused' THEN d.reasons END AS refusals,
           w.outcome, w.note, w.at AS judged_at, CASE WHEN j.id IS NOT NULL THEN person_view(j) END AS judge,
           (SELECT count(*)::int FROM override_verdict n WHERE n.override_id = o.id) AS verdicts
    FROM (SELECT * FROM override o WHERE ${conditions(filter)} ORDER BY o.at DESC, o.id DESC LIMIT ${filter.limit + 1}::int) o
    JOIN incident i ON i.id = o.incident_id
    JOIN person p ON p.id = o.person_id
    LEFT JOIN prompt_version v ON v.id = o.prompt_version_id
    LEFT JOIN claim_review r ON r.id = o.review_id
    LEFT JOIN claim_in_force c ON c.id = r.claim_id
    LEFT JOIN decision d ON d.id = o.decision_id
    LEFT JOIN person q ON q.id = o.proposer_id
    LEFT JOIN sign_off x ON x.decision_id = o.decision_id AND x.person_id = o.person_id AND x.outcome = 'rejected'
    LEFT JOIN LATERAL (SELECT * FROM override_verdict n WHERE n.override_id = o.id ORDER BY n.at DESC, n.id DESC LIMIT 1) w ON true
    LEFT JOIN person j ON j.id = w.person_id
    ORDER BY o.at DESC, o.id DESC`,
  );
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    overrides: page.map(asOverride),
    nextCursor: rows.length > page.length && last ? encodeCursor(last.place, last.id) : null,
  };
}

function conditions(filter: Page): Prisma.Sql {
  const { kind, person, model, prompt, incident, days, judged, override, cursor } = filter;
  const all = [Prisma.sql`true`];
  if (kind !== null) all.push(Prisma.sql`o.kind = ${kind}`);
  if (person !== null) all.push(Prisma.sql`o.person_id = ${person}::uuid`);
  if (model !== null) all.push(Prisma.sql`o.model = ${model}`);
  if (prompt !== null) all.push(Prisma.sql`o.prompt_version_id = ${prompt}::uuid`);
  if (incident !== null)
    all.push(
      Prisma.sql`o.incident_id = (SELECT n.id FROM incident n WHERE n.number = ${incident}::int)`,
    );
  if (days !== null) all.push(Prisma.sql`o.at >= now() - make_interval(days => ${days}::int)`);
  if (judged === "yes") all.push(Prisma.sql`o.judged_at IS NOT NULL`);
  if (judged === "no") all.push(Prisma.sql`o.judged_at IS NULL`);
  if (override !== null) all.push(Prisma.sql`o.id = ${override}::uuid`);
  if (cursor !== null) {
    const { key, id } = decodeCursor(cursor);
    all.push(Prisma.sql`(o.at, o.id) < (${key}::timestamptz, ${id}::uuid)`);
  }
  return Prisma.join(all, " AND ");
}

function asOverride(row: Row): OverrideView {
  const { outcome, note, judged_at: judgedAt, judge } = row;
  return {
    id: row.id,
    kind: row.kind,
    at: iso(row.at),
    person: row.person,
    incident: { id: row.incident_id, number: incidentNumber(row.number), title: row.title },
    model: row.model,
    prompt:
      row.prompt !== null && row.prompt_version !== null
        ? { name: row.prompt, version: row.prompt_version }
        : null,
    claim: claimOf(row),
    decision: decisionOf(row),
    reason: row.reason,
    replacement: row.replacement,
    verdict:
      outcome && judge && judgedAt
        ? { outcome, note: note ?? "", at: iso(judgedAt), person: judge }
        : null,
    verdicts: row.verdicts,
  };
}

function claimOf(row: Row): OverrideView["claim"] {
  const { claim_id: id, claim_text: text, claim_kind: kind, standing } = row;
  return id && text !== null && kind && standing ? { id, text, kind, standing } : null;
}

function decisionOf(row: Row): OverrideView["decision"] {
  const { decision_id: id, decision_kind: kind, content, proposer } = row;
  return id && kind && content && proposer
    ? {
        ...{ id, kind, content, proposer },
        policyVersion: row.policy_version ?? 0,
        refusals: row.refusals ?? [],
      }
    : null;
}

const CHOICES_MAX = 200;

/** What the list can be narrowed to, from what is configured: one statement over small tables. */
export async function overrideChoices(db: Db): Promise<OverrideChoices> {
  const rows = await db.$queryRaw<OverrideChoices[]>`
    SELECT
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.name, p.id), '[]')
       FROM (SELECT id, name FROM person WHERE human AND role IN ('analyst', 'lead') ORDER BY name, id LIMIT ${CHOICES_MAX}::int) p) AS people,
      (SELECT coalesce(json_agg(m.model ORDER BY m.model), '[]')
       FROM (SELECT 'rules/1' AS model UNION SELECT model FROM model_config ORDER BY model LIMIT ${CHOICES_MAX}::int) m) AS models,
      (SELECT coalesce(json_agg(json_build_object('id', v.id, 'name', v.name, 'version', v.version) ORDER BY v.published_at DESC, v.id DESC), '[]')
       FROM (SELECT id, name, version, published_at FROM prompt_version ORDER BY published_at DESC, id DESC LIMIT ${CHOICES_MAX}::int) v) AS prompts`;
  return rows[0] ?? { people: [], models: [], prompts: [] };
}
