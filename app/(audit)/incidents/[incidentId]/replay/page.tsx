import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { createLoader, parseAsInteger } from "nuqs/server";
import { ReplayScreen } from "#components/trail/replay-screen.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { replayIncident } from "#lib/queries/replay-incident.ts";

export const metadata: Metadata = { title: "Replay" };

type Props = PageProps<"/incidents/[incidentId]/replay">;

const loadPlace = createLoader({ at: parseAsInteger, place: parseAsInteger });

/** `?at=` is the number of an entry on the trail, `?place=` its place among the incident's own; without either, the last. */
export default async function ReplayPage({ params, searchParams }: Props) {
  await requirePerson("trail:read");
  const [{ incidentId }, { at, place }] = await Promise.all([params, loadPlace(searchParams)]);
  const head = await findIncident(db(), decodeURIComponent(incidentId));
  if (!head) notFound();
  const where = place !== null ? { place: within(place) } : at === null ? null : { at: within(at) };
  const view = await replayIncident(db(), head, where);
  if (!view) notFound();
  return <ReplayScreen view={view} />;
}

/** A number that the database can hold; what is past the end is the end. */
function within(asked: number): number {
  return Math.min(Math.max(0, asked), Number.MAX_SAFE_INTEGER);
}
