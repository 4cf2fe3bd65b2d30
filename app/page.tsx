import { redirect } from "next/navigation";
import { requirePerson } from "#lib/auth/current-person.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

const HOMES: Record<Role, string> = {
  analyst: "/incidents",
  lead: "/incidents",
  auditor: "/trail",
  admin: "/sources",
};

/** Everyone starts where their work is. */
export default async function HomePage() {
  const person = await requirePerson();
  redirect(HOMES[person.role]);
}
