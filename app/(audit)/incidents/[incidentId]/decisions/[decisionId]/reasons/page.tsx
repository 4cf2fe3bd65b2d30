import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DecisionAccount } from "#components/decision/decision-account.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { decisionAccount } from "#lib/queries/decision-account.ts";

export const metadata: Metadata = { title: "Reasons of a decision" };

type Props = PageProps<"/incidents/[incidentId]/decisions/[decisionId]/reasons">;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export default async function ReasonsPage({ params }: Props) {
  await requirePerson("trail:read");
  const { decisionId } = await params;
  const account = UUID.test(decisionId) ? await decisionAccount(db(), decisionId) : null;
  if (!account) notFound();
  return <DecisionAccount account={account} />;
}
