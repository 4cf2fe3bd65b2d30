import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ResponderForm } from "#components/settings/responder-form.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { listResponders } from "#lib/queries/list-responders.ts";

export const metadata: Metadata = { title: "Add a responder" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** `?from=` a responder in force: its next version. */
export default async function NewResponderPage({ searchParams }: SearchProps) {
  await requirePerson("responder:manage");
  const { from } = await searchParams;
  const { inForce } = await listResponders(db());
  const before = inForce.find(({ id }) => id === from) ?? null;
  if (from !== undefined && !before) notFound();
  const others = inForce.filter(({ id }) => id !== before?.id);
  const taken = others.flatMap(({ name, actions }) => actions.map((action) => ({ action, name })));
  return <ResponderForm from={before} taken={taken} />;
}
