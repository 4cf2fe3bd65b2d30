import type { Metadata } from "next";
import { Playbooks } from "#components/settings/playbooks.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { listPlaybooks } from "#lib/queries/playbooks.ts";

export const metadata: Metadata = { title: "Playbooks" };

export default async function PlaybooksPage() {
  const person = await requirePerson("playbook:read");
  return (
    <Playbooks
      playbooks={await listPlaybooks(db())}
      personId={person.id}
      mayWrite={may(person.role, "playbook:write")}
    />
  );
}
