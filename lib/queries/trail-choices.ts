import type { TrailChoices } from "#lib/contracts/trail-views.ts";
import type { Db } from "#lib/db/prisma.ts";

const CHOICES_MAX = 200;

/** What the trail can be searched by: people by name, models and prompts that entries are about. One statement. */
export async function trailChoices(db: Db): Promise<TrailChoices> {
  // The models are few among many entries: each step of the walk jumps over all entries of one to the next.
  const rows = await db.$queryRaw<TrailChoices[]>`
    WITH RECURSIVE walk AS (
      (SELECT model, 1 AS step FROM trail.entry_model WHERE model IS NOT NULL ORDER BY model LIMIT 1)
      UNION ALL
      SELECT (SELECT m.model FROM trail.entry_model m WHERE m.model > walk.model ORDER BY m.model LIMIT 1), step + 1
      FROM walk WHERE walk.model IS NOT NULL AND step < ${CHOICES_MAX}::int
    )
    SELECT
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'role', p.role) ORDER BY p.name, p.id), '[]')
       FROM (SELECT id, name, role FROM person WHERE human ORDER BY name, id LIMIT ${CHOICES_MAX}::int) p) AS people,
      (SELECT coalesce(json_agg(model ORDER BY model), '[]') FROM walk WHERE model IS NOT NULL) AS models,
      (SELECT coalesce(json_agg(v.name || '/' || v.version ORDER BY v.published_at DESC, v.id DESC), '[]')
       FROM (SELECT id, name, version, published_at FROM prompt_version ORDER BY published_at DESC, id DESC LIMIT ${CHOICES_MAX}::int) v) AS prompts`;
  return rows[0] ?? { people: [], models: [], prompts: [] };
}
