import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ModelForm } from "#components/settings/model-form.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { modelConfigParams } from "#lib/contracts/copilot-inputs.ts";
import { modelPresets } from "#lib/queries/model-presets.ts";
import { modelConfigPage } from "#lib/queries/models-page.ts";

export const metadata: Metadata = { title: "Add a model" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** `?from=` a version: the next one of the same name. */
export default async function NewModelPage({ searchParams }: SearchProps) {
  await requirePerson("model:manage");
  const { from } = await searchParams;
  if (from === undefined) return <ModelForm presets={modelPresets()} from={null} />;
  const asked = modelConfigParams.safeParse({ configId: from });
  const page = asked.success ? await modelConfigPage(db(), asked.data.configId) : null;
  if (!page) notFound();
  return <ModelForm presets={[]} from={page.config} />;
}
