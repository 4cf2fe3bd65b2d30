import type { Metadata } from "next";
import { Verifier } from "#components/settings/verifier.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { verifierQuery } from "#lib/contracts/queries.ts";
import { listMovedClaims, verifierReport } from "#lib/queries/verifier-report.ts";

export const metadata: Metadata = { title: "Verifier" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** What moved when the rules that judge claims changed. */
export default async function VerifierPage({ searchParams }: SearchProps) {
  await requirePerson("incident:read");
  const query = verifierQuery.safeParse(await searchParams);
  const { version, cursor } = query.success
    ? query.data
    : { version: undefined, cursor: undefined };
  const report = await verifierReport(db());
  const shown = version ?? report.versions[0]?.verifier ?? report.current;
  const page = await listMovedClaims(db(), shown, cursor ?? null);
  return <Verifier report={report} shown={shown} page={page} isFirst={!cursor} />;
}
