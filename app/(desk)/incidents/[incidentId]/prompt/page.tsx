import { FileSearch } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { Preview } from "#components/copilot/preview.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { previewQuery } from "#lib/contracts/copilot-inputs.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { previewRequest } from "#lib/queries/preview-request.ts";

export const metadata: Metadata = { title: "What would be sent" };

type Props = {
  params: Promise<{ incidentId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** Exactly what a model would be sent of this incident; `?kind=` and `?question=` say for what. */
export default async function PromptPage({ params, searchParams }: Props) {
  await requirePerson("run:read");
  const [{ incidentId }, search] = await Promise.all([params, searchParams]);
  const head = await findIncident(db(), decodeURIComponent(incidentId));
  if (!head) notFound();
  if (head.mergedInto) redirect(`/incidents/${head.mergedInto.id}/prompt`);
  const asked = previewQuery.parse(search);
  const preview = await previewRequest(db(), head.id, asked);
  if (!preview) {
    return (
      <EmptyState
        heading="h1"
        icon={<FileSearch />}
        title="Nothing would be sent"
        action={<ButtonLink href={`/incidents/${head.number}`}>Open {head.number}</ButtonLink>}
      >
        No model is set up, or the incident holds no evidence. An admin adds a model under Models.
      </EmptyState>
    );
  }
  return <Preview incident={head} asked={asked} preview={preview} />;
}
