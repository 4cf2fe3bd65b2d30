import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Notices } from "#components/notice/notices.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { noticesQuery } from "#lib/contracts/notices.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { listNotices } from "#lib/queries/list-notices.ts";

export const metadata: Metadata = { title: "Notices" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const PAGE = 50;

/** What this person was told of. */
export default async function NoticesPage({ searchParams }: SearchProps) {
  const { id: personId } = await requirePerson("notice:read");
  const { cursor = null } = noticesQuery.parse(await searchParams);
  return <Notices {...await readPage(personId, cursor)} isFirst={cursor === null} />;
}

async function readPage(personId: string, cursor: string | null) {
  try {
    return await listNotices(db(), { personId, cursor, limit: PAGE });
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/notices");
    throw error;
  }
}
