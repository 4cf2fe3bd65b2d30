import type { ReactNode } from "react";
import { Shell } from "#components/layout/shell.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const person = await requirePerson();
  return <Shell person={{ id: person.id, name: person.name, role: person.role }}>{children}</Shell>;
}
