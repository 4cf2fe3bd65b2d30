import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { RunsList } from "#components/copilot/runs-list.tsx";
import type { RunsFilter } from "#components/copilot/runs-filters.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { runsQuery } from "#lib/contracts/copilot-inputs.ts";
import { KINDS_OF_INCIDENTS, KINDS_WITHOUT_INCIDENT } from "#lib/domain/copilot/run.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { listRuns } from "#lib/queries/list-runs.ts";
import type { RunPage } from "#lib/queries/list-runs.ts";

export const metadata: Metadata = { title: "Runs" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const PAGE = 50;
const NONE: RunPage = { runs: [], nextCursor: null };

/** Every request to a model. Who manages models and reads no incidents sees those of no incident. */
export default async function RunsPage({ searchParams }: SearchProps) {
  const person = await requirePerson();
  const withIncidents = may(person.role, "run:read");
  if (!withIncidents && !may(person.role, "model:read")) redirect("/forbidden?permission=run:read");
  const query = runsQuery.safeParse(await searchParams);
  const asked = query.success ? query.data : {};
  const filter: RunsFilter = {
    kind: asked.kind ?? null,
    state: asked.state ?? null,
    incident: withIncidents ? (asked.incident ?? null) : null,
  };
  const page = await readRuns(filter, asked.cursor ?? null, withIncidents);
  return (
    <RunsList
      runs={page.runs}
      nextCursor={page.nextCursor}
      filter={filter}
      isFirst={!asked.cursor}
      withIncidents={withIncidents}
    />
  );
}

async function readRuns(
  { kind, state, incident }: RunsFilter,
  cursor: string | null,
  withIncidents: boolean,
): Promise<RunPage> {
  const kinds = withIncidents ? KINDS_OF_INCIDENTS : KINDS_WITHOUT_INCIDENT;
  if (kind && !withIncidents && !kinds.includes(kind)) return NONE;
  const head = incident ? await findIncident(db(), incident) : null;
  if (incident && !head) return NONE;
  try {
    return await listRuns(db(), {
      kinds: kind ? [kind] : [...kinds],
      states: state ? [state] : [],
      incidentId: head?.id,
      cursor,
      limit: PAGE,
    });
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/runs");
    throw error;
  }
}
