import type { Metadata } from "next";
import { Sources } from "#components/settings/sources.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { listSources } from "#lib/queries/list-sources.ts";

export const metadata: Metadata = { title: "Sources" };

export default async function SourcesPage() {
  const person = await requirePerson("source:read");
  const sources = await listSources(db());
  return <Sources sources={sources} mayManage={may(person.role, "source:manage")} />;
}
