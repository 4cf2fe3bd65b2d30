import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PolicyVersion } from "#components/settings/policy-version.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { policyVersionParams, policyVersionQuery } from "#lib/contracts/policy-inputs.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { policyVersionPage } from "#lib/queries/policy-page.ts";

export const metadata: Metadata = { title: "Policy version" };

type Props = {
  params: Promise<{ version: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** `?against=` another version: what changes from that one. */
export default async function PolicyVersionPage({ params, searchParams }: Props) {
  const person = await requirePerson("policy:read");
  const asked = policyVersionParams.safeParse(await params);
  const query = policyVersionQuery.safeParse(await searchParams);
  const against = query.success ? (query.data.against ?? null) : null;
  const page = asked.success ? await policyVersionPage(db(), asked.data.version, against) : null;
  if (!page) notFound();
  return (
    <PolicyVersion
      version={page}
      person={{ id: person.id, name: person.name, role: person.role }}
      mayManage={may(person.role, "policy:manage")}
    />
  );
}
