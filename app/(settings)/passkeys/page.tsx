import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { HeldPasskeys } from "#components/settings/held-passkeys.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { heldPasskeysQuery } from "#lib/contracts/passkey-inputs.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { listHeldPasskeys } from "#lib/queries/list-held-passkeys.ts";

export const metadata: Metadata = { title: "Passkeys" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const PAGE = 50;

export default async function PasskeysPage({ searchParams }: SearchProps) {
  await requirePerson("passkey:oversee");
  const { cursor = null } = heldPasskeysQuery.parse(await searchParams);
  return <HeldPasskeys {...await readPage(cursor)} isFirst={cursor === null} />;
}

async function readPage(cursor: string | null) {
  try {
    return await listHeldPasskeys(db(), { cursor, limit: PAGE });
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/passkeys");
    throw error;
  }
}
