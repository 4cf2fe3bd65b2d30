import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { Activation } from "#components/settings/activation.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { modelConfigParams } from "#lib/contracts/copilot-inputs.ts";
import { modelConfigPage } from "#lib/queries/models-page.ts";

export const metadata: Metadata = { title: "Put a model in force" };

type Props = {
  params: Promise<{ configId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** Where an admin signs for a model; without a finished evaluation there is nothing to sign. */
export default async function ActivatePage({ params, searchParams }: Props) {
  const person = await requirePerson("model:manage");
  const asked = modelConfigParams.safeParse(await params);
  const page = asked.success ? await modelConfigPage(db(), asked.data.configId) : null;
  if (!page) notFound();
  const { evaluation: wanted } = await searchParams;
  const evaluation = page.evaluations.find(
    ({ id, state }) => state === "finished" && (wanted === undefined || id === wanted),
  );
  if (!evaluation) redirect(`/models/${page.config.id}`);
  return (
    <Activation
      person={{ id: person.id, name: person.name, role: person.role }}
      config={page.config}
      evaluation={evaluation}
    />
  );
}
