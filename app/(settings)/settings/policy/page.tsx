import type { Metadata } from "next";
import { Policy } from "#components/settings/policy.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { policyQuery } from "#lib/contracts/policy-inputs.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { policyPage } from "#lib/queries/policy-page.ts";

export const metadata: Metadata = { title: "Policy" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PolicyPage({ searchParams }: SearchProps) {
  const person = await requirePerson("policy:read");
  const query = policyQuery.safeParse(await searchParams);
  const before = query.success ? (query.data.before ?? null) : null;
  const page = await policyPage(db(), before);
  return (
    <Policy page={page} mayManage={may(person.role, "policy:manage")} isFirst={before === null} />
  );
}
