import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Inbox } from "#components/decision/inbox.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { inboxQuery } from "#lib/contracts/inbox.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { listInbox } from "#lib/queries/list-inbox.ts";

export const metadata: Metadata = { title: "To sign" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const PAGE = 50;

/** What waits for this person's signature. */
export default async function InboxPage({ searchParams }: SearchProps) {
  const { id: personId } = await requirePerson("decision:sign");
  const { cursor = null } = inboxQuery.parse(await searchParams);
  return (
    <Inbox {...await readPage(personId, cursor)} personId={personId} isFirst={cursor === null} />
  );
}

async function readPage(personId: string, cursor: string | null) {
  try {
    return await listInbox(db(), { personId, cursor, limit: PAGE });
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/inbox");
    throw error;
  }
}
