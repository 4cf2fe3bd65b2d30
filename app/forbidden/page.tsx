import type { Metadata } from "next";
import { ButtonLink } from "#components/ui/button.tsx";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { PERMISSIONS, permissionSentence } from "#lib/domain/people/permissions.ts";

export const metadata: Metadata = { title: "Not allowed" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Where a page sends those who may not see it; it says which permission is missing. */
export default async function ForbiddenPage({ searchParams }: SearchProps) {
  const person = await requirePerson();
  const asked = (await searchParams).permission;
  const permission = PERMISSIONS.find((each) => each === asked);
  return (
    <main className="flex min-h-[70dvh] items-center">
      <EmptyState
        heading="h1"
        title="Your role does not open this page"
        action={<ButtonLink href="/">Go to your start page</ButtonLink>}
      >
        <p>
          You are signed in as {person.name} ({ROLE_WORDS[person.role].toLowerCase()}).
          {permission ? ` The page needs this right: ${permissionSentence(permission)}` : null}
        </p>
      </EmptyState>
    </main>
  );
}
