import type { Metadata } from "next";
import { Models } from "#components/settings/models.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { modelsPage } from "#lib/queries/models-page.ts";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage() {
  const person = await requirePerson("model:read");
  const page = await modelsPage(db());
  return (
    <Models
      page={page}
      mayManage={may(person.role, "model:manage")}
      mayStop={may(person.role, "model:stop")}
    />
  );
}
