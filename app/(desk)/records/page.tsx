import type { Metadata } from "next";
import { LooseRecords } from "#components/evidence/loose-records.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { looseQuery } from "#lib/contracts/queries.ts";
import { listLooseRecords } from "#lib/queries/list-loose-records.ts";

export const metadata: Metadata = { title: "Records without an incident" };

/** What joined no incident: the haystack behind the desk. */
export default async function RecordsPage({ searchParams }: PageProps<"/records">) {
  await requirePerson("incident:read");
  const query = looseQuery.safeParse(await searchParams);
  const { q, cursor } = query.success ? query.data : { q: undefined, cursor: undefined };
  const page = await listLooseRecords(db(), { q }, cursor ?? null);
  return <LooseRecords page={page} q={q ?? ""} isFirst={!cursor} />;
}
