import type { Metadata } from "next";
import { Responders } from "#components/settings/responders.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { listResponders } from "#lib/queries/list-responders.ts";

export const metadata: Metadata = { title: "Responders" };

export default async function RespondersPage() {
  const person = await requirePerson("responder:read");
  const responders = await listResponders(db());
  return <Responders responders={responders} mayManage={may(person.role, "responder:manage")} />;
}
