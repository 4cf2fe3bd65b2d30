import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Exports } from "#components/trail/exports.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { exportsQuery } from "#lib/contracts/export-inputs.ts";
import type { ExportPage } from "#lib/contracts/export-views.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { listExports } from "#lib/queries/list-exports.ts";
import type { ExportFilter } from "#lib/queries/list-exports.ts";
import { trailChoices } from "#lib/queries/trail-choices.ts";

export const metadata: Metadata = { title: "Exports" };

/** What was asked to be taken away of the trail, how far it is, and the files. */
export default async function ExportsPage({ searchParams }: PageProps<"/exports">) {
  const { id, name, role } = await requirePerson("trail:export");
  const { whose, state, cursor, ask, incident } = exportsQuery.parse(await searchParams);
  const [page, choices] = await Promise.all([
    readExports({ personId: whose === "mine" ? id : undefined, state }, cursor ?? null),
    trailChoices(db()),
  ]);
  return (
    <Exports
      {...page}
      person={{ id, name, role }}
      filter={{ whose, state: state ?? null }}
      isFirst={cursor === undefined}
      choices={choices}
      asked={ask === undefined ? null : { incident: incident ?? "" }}
    />
  );
}

async function readExports(filter: ExportFilter, cursor: string | null): Promise<ExportPage> {
  try {
    return await listExports(db(), filter, cursor);
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/exports");
    throw error;
  }
}
