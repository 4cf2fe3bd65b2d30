import type { Metadata } from "next";
import { Retention } from "#components/settings/retention.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { erasuresQuery } from "#lib/contracts/erasure-inputs.ts";
import { retentionPage } from "#lib/queries/retention-page.ts";

export const metadata: Metadata = { title: "Retention" };

export default async function RetentionRoute({ searchParams }: PageProps<"/retention">) {
  const { id, name, role } = await requirePerson("retention:read");
  const query = erasuresQuery.safeParse(await searchParams);
  const asked = query.success ? query.data : {};
  const page = await retentionPage(db(), asked);
  return <Retention person={{ id, name, role }} page={page} asked={asked} />;
}
