import { GitCompareArrows } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { Comparison } from "#components/summary/comparison.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import type { SummaryLabel } from "#lib/contracts/copilot-views.ts";
import { compareSummaries, listSummaryVersions } from "#lib/queries/compare-summaries.ts";
import { findIncident } from "#lib/queries/find-incident.ts";

export const metadata: Metadata = { title: "Compare summaries" };

type Props = PageProps<"/incidents/[incidentId]/compare">;

/** Two versions side by side; `?left=` and `?right=` name them, else the two newest of the model, or of the rules. */
export default async function ComparePage({ params, searchParams }: Props) {
  await requirePerson("incident:read");
  const [{ incidentId }, search] = await Promise.all([params, searchParams]);
  const head = await findIncident(db(), decodeURIComponent(incidentId));
  if (!head) notFound();
  if (head.mergedInto) redirect(`/incidents/${head.mergedInto.id}`);
  const versions = await listSummaryVersions(db(), head.id);
  const sides = sidesOf(versions, search);
  const comparison = sides ? await compareSummaries(db(), head.id, sides) : null;
  if (!comparison) {
    return (
      <EmptyState
        heading="h1"
        icon={<GitCompareArrows />}
        title="There are no two summaries to compare"
        action={<ButtonLink href={`/incidents/${head.number}`}>Open {head.number}</ButtonLink>}
      >
        Two versions are compared here, claim by claim, as soon as there are two.
      </EmptyState>
    );
  }
  return <Comparison head={head} versions={versions} comparison={comparison} />;
}

type Search = Record<string, string | string[] | undefined>;

function sidesOf(
  versions: readonly SummaryLabel[],
  search: Search,
): { left: string; right: string } | null {
  const right =
    versions.find(({ id }) => id === search.right) ??
    versions.find(({ version }) => version > 1) ??
    versions[0];
  if (!right) return null;
  const left =
    versions.find(({ id }) => id === search.left) ??
    versions.find(({ origin, version }) => origin === right.origin && version < right.version) ??
    versions.find(({ id }) => id !== right.id);
  return left ? { left: left.id, right: right.id } : null;
}
