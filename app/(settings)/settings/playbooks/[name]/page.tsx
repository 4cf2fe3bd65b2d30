import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Playbook } from "#components/settings/playbook.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { playbookName, playbookQuery } from "#lib/contracts/playbooks.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { playbookPage } from "#lib/queries/playbooks.ts";

type Props = {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: nameOf((await params).name) ?? "Playbook" };
}

export default async function PlaybookPage({ params, searchParams }: Props) {
  const person = await requirePerson("playbook:read");
  const name = nameOf((await params).name);
  if (name === null) notFound();
  const query = playbookQuery.parse(await searchParams);
  const page = await playbookPage(db(), name, query);
  if (page === null) notFound();
  return (
    <Playbook
      page={page}
      personId={person.id}
      mayWrite={may(person.role, "playbook:write")}
      isFirst={query.before === undefined}
    />
  );
}

/** The name in the address; null where it can be none. */
function nameOf(segment: string): string | null {
  try {
    return playbookName.safeParse(decodeURIComponent(segment)).data ?? null;
  } catch {
    return null;
  }
}
