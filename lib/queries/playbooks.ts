import type {
  PlaybookPageView,
  PlaybookRow,
  PlaybookVersionView,
} from "#lib/contracts/playbooks.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { isIncidentType, PLAYBOOKS_MAX } from "#lib/domain/incident/playbook.ts";
import { iso } from "./shape.ts";

const PAGE = 20;

type Row = {
  name: string;
  version: number;
  types: string[];
  rank: number;
  steps: number;
  reason: string;
  by: PersonView | null;
  at: Date;
};

/** The newest version of every playbook, those that are offered first before those that are retired. */
export async function listPlaybooks(db: Db): Promise<PlaybookRow[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT p.name, p.version, p.incident_types AS types, p.rank, p.reason, p.at, n.steps,
           CASE WHEN o.id IS NOT NULL THEN person_view(o) END AS by
    FROM (SELECT DISTINCT ON (name) * FROM playbook ORDER BY name, version DESC) p
    CROSS JOIN LATERAL (SELECT count(*)::int AS steps FROM playbook_step s WHERE s.playbook = p.name AND s.version = p.version) n
    LEFT JOIN person o ON o.id = p.by_id
    ORDER BY n.steps = 0, p.rank DESC, p.name LIMIT ${PLAYBOOKS_MAX}::int`;
  return rows.map(({ name, types, rank, ...row }) => ({
    ...written(row),
    name,
    incidentTypes: types,
    rank,
    steps: row.steps,
  }));
}

/**
 * One playbook as a version of it says (the newest, unless one is named), and a page of its versions below `before`.
 * Null where there is no such playbook or version.
 */
export async function playbookPage(
  db: Db,
  name: string,
  { version, before }: { version?: number | undefined; before?: number | undefined },
): Promise<PlaybookPageView | null> {
  const [newest, shown, rows] = await Promise.all([
    db.$queryRaw<{ version: number | null }[]>`
      SELECT max(version) AS version FROM playbook WHERE name = ${name}`,
    readVersion(db, name, version ?? null),
    db.$queryRaw<Row[]>`
      SELECT p.name, p.version, p.incident_types AS types, p.rank, p.reason, p.at,
             (SELECT count(*)::int FROM playbook_step s WHERE s.playbook = p.name AND s.version = p.version) AS steps,
             CASE WHEN o.id IS NOT NULL THEN person_view(o) END AS by
      FROM playbook p LEFT JOIN person o ON o.id = p.by_id
      WHERE p.name = ${name} AND (${before ?? null}::int IS NULL OR p.version < ${before ?? null}::int)
      ORDER BY p.version DESC LIMIT ${PAGE + 1}::int`,
  ]);
  const last = newest[0]?.version ?? null;
  if (last === null || shown === null) return null;
  const history = rows.slice(0, PAGE).map((row) => ({ ...written(row), steps: row.steps }));
  return {
    name,
    newest: last,
    shown,
    history,
    before: rows.length > PAGE ? (history.at(-1)?.version ?? null) : null,
  };
}

type StepRow = { title: string; details: string; tactic: string | null };

async function readVersion(
  db: Db,
  name: string,
  version: number | null,
): Promise<PlaybookVersionView | null> {
  const rows = await db.$queryRaw<(Omit<Row, "steps"> & { steps: StepRow[] })[]>`
    SELECT p.name, p.version, p.incident_types AS types, p.rank, p.reason, p.at,
           CASE WHEN o.id IS NOT NULL THEN person_view(o) END AS by,
           coalesce((SELECT jsonb_agg(jsonb_build_object('title', s.title, 'details', s.details, 'tactic', s.tactic) ORDER BY s.number)
             FROM playbook_step s WHERE s.playbook = p.name AND s.version = p.version), '[]') AS steps
    FROM playbook p LEFT JOIN person o ON o.id = p.by_id
    WHERE p.name = ${name} AND (${version}::int IS NULL OR p.version = ${version}::int)
    ORDER BY p.version DESC LIMIT 1`;
  const row = rows[0];
  if (!row) return null;
  return {
    ...written(row),
    incidentTypes: row.types.filter(isIncidentType),
    rank: row.rank,
    steps: row.steps.map(({ title, details, tactic }) => ({
      title,
      details,
      tactic: tactic !== null && isIncidentType(tactic) ? tactic : null,
    })),
  };
}

function written({ version, reason, by, at }: Pick<Row, "version" | "reason" | "by" | "at">) {
  return { version, reason, by, at: iso(at) };
}
