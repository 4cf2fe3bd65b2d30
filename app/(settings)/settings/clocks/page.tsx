import type { Metadata } from "next";
import { Clocks } from "#components/settings/clocks.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { policyQuery } from "#lib/contracts/policy-inputs.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { slaPage } from "#lib/queries/sla-page.ts";

export const metadata: Metadata = { title: "Service clocks" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ClocksPage({ searchParams }: SearchProps) {
  const person = await requirePerson("policy:read");
  const query = policyQuery.safeParse(await searchParams);
  const before = query.success ? (query.data.before ?? null) : null;
  const page = await slaPage(db(), before);
  return (
    <Clocks page={page} mayManage={may(person.role, "policy:manage")} isFirst={before === null} />
  );
}
