import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ModelPage } from "#components/settings/model-page.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { modelConfigParams } from "#lib/contracts/copilot-inputs.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { modelConfigPage } from "#lib/queries/models-page.ts";

export const metadata: Metadata = { title: "Model" };

type Props = { params: Promise<{ configId: string }> };

export default async function ModelConfigPage({ params }: Props) {
  const person = await requirePerson("model:read");
  const asked = modelConfigParams.safeParse(await params);
  const page = asked.success ? await modelConfigPage(db(), asked.data.configId) : null;
  if (!page) notFound();
  return (
    <ModelPage
      config={page.config}
      evaluations={page.evaluations}
      inForceBy={page.inForceBy}
      mayManage={may(person.role, "model:manage")}
    />
  );
}
