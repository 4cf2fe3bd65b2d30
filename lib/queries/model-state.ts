import type { IncidentRunsView } from "#lib/contracts/copilot-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { iso } from "./shape.ts";

type Row = {
  id: string | null;
  config_id: string | null;
  name: string | null;
  version: number | null;
  state: "closed" | "open" | "half_open" | null;
  reason: string | null;
  retry_at: Date | null;
  is_spent: boolean;
};

/** Is anything sent to a model now, and if not, why, in a sentence for whoever waits for it. */
export async function modelState(db: Db): Promise<IncidentRunsView["model"]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT f.id, f.config_id, c.name, c.version, b.state, b.reason, b.retry_at,
           EXISTS (SELECT FROM model_budget m
             CROSS JOIN (SELECT day_micro, all_micro FROM budget_limit ORDER BY number DESC LIMIT 1) l
             WHERE (m.scope = 'all' AND m.spent_micro >= l.all_micro)
               OR (m.scope = 'day' AND m.key = ((now() AT TIME ZONE 'UTC')::date)::text AND m.spent_micro >= l.day_micro)
           ) AS is_spent
    FROM (SELECT 1) one LEFT JOIN model_in_force f ON true LEFT JOIN model_config c ON c.id = f.config_id
    LEFT JOIN model_breaker b ON b.config_id = f.config_id`;
  const row = rows[0]!;
  const name = row.name === null ? null : `${row.name} ${row.version}`;
  const sentence = offSentence(row, name);
  return { isOn: sentence === null, name, sentence: sentence ?? `${name} is on.` };
}

function offSentence(row: Row, name: string | null): string | null {
  if (row.id === null) return "No model is activated; rules write the summaries.";
  if (row.config_id === null) return "The model is switched off; rules write the summaries.";
  if (row.is_spent) return "The budget for models is spent. What is asked waits.";
  if (row.state === null || row.state === "closed") return null;
  const again = row.retry_at ? ` It is tried again at ${iso(row.retry_at).slice(11, 16)} UTC.` : "";
  return `${name} does not answer as it should. ${row.reason ?? ""}${again} What is asked waits; everything else works as always.`;
}
