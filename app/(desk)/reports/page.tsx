import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ReportsList } from "#components/copilot/reports-list.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { reportsQuery } from "#lib/contracts/report-inputs.ts";
import type { ReportPage } from "#lib/contracts/report-views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { listReports } from "#lib/queries/list-reports.ts";
import type { ReportFilter } from "#lib/queries/list-reports.ts";

export const metadata: Metadata = { title: "Reports" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const PAGE = 50;

/** What people found wrong with claims of a model. */
export default async function ReportsPage({ searchParams }: SearchProps) {
  const person = await requirePerson("report:read");
  const asked = reportsQuery.parse(await searchParams);
  const filter = { state: asked.state ?? null, kind: asked.kind ?? null };
  const page = await readReports({
    ...filter,
    cursor: asked.cursor ?? null,
    limit: PAGE,
    withIncidents: may(person.role, "incident:read"),
  });
  return (
    <ReportsList
      {...page}
      filter={filter}
      isFirst={!asked.cursor}
      canResolve={may(person.role, "report:resolve")}
      canSeeRuns={may(person.role, "run:read")}
    />
  );
}

async function readReports(filter: ReportFilter): Promise<ReportPage> {
  try {
    return await listReports(db(), filter);
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/reports");
    throw error;
  }
}
