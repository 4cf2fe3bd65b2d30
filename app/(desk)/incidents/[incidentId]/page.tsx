import { visibleText } from "#lib/domain/evidence/display.ts";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { incidentKeys, THREAD_START } from "#lib/browser/incident-data.ts";
import type { ThreadPlace } from "#lib/browser/incident-data.ts";
import { evidenceAt } from "#lib/queries/evidence-at.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { incidentRuns } from "#lib/queries/incident-runs.ts";
import { listThread, threadAround } from "#lib/queries/list-thread.ts";
import { readIncidentPage } from "#lib/queries/read-incident-page.ts";
import { IncidentWorkspace } from "./incident-workspace.tsx";
import { PANES_COOKIE, paneLayouts } from "./panes-cookie.ts";

type Props = PageProps<"/incidents/[incidentId]">;

const headOf = cache((idOrNumber: string) => findIncident(db(), decodeURIComponent(idOrNumber)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requirePerson("incident:read");
  const head = await headOf((await params).incidentId);
  return { title: head ? `${head.number} ${visibleText(head.title)}` : "No such incident" };
}

/** One incident; everything of the first view is in the first paint. */
export default async function IncidentPage({ params, searchParams }: Props) {
  const person = await requirePerson("incident:read");
  const [{ incidentId }, search] = await Promise.all([params, searchParams]);
  const head = await headOf(incidentId);
  if (!head) notFound();
  if (head.mergedInto) redirect(`/incidents/${head.mergedInto.id}`);
  await followLabel(head.id, one(search.e));
  const [page, runs, cache, jar] = await Promise.all([
    readIncidentPage(db(), head),
    incidentRuns(db(), head.id),
    firstThread(head.id, search),
    cookies(),
  ]);
  cache.setQueryData(incidentKeys.page(head.id), page);
  cache.setQueryData(incidentKeys.runs(head.id), runs);
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <IncidentWorkspace
        key={head.id}
        person={{ id: person.id, name: person.name, role: person.role }}
        page={page}
        runs={runs}
        layouts={paneLayouts(jar.get(PANES_COOKIE)?.value)}
      />
    </HydrationBoundary>
  );
}

type Search = Record<string, string | string[] | undefined>;

/** `?e=12` is how the browser asks which record E12 is; the answer is the record's own address. */
async function followLabel(incidentId: string, position: string | undefined) {
  if (!position || !/^[1-9]\d{0,8}$/.test(position)) return;
  const id = await evidenceAt(db(), incidentId, Number(position));
  if (id) redirect(`/incidents/${incidentId}?record=${id}`);
}

/** The thread as the browser will first ask for it; with filters the browser asks itself. */
async function firstThread(incidentId: string, search: Search): Promise<QueryClient> {
  const client = new QueryClient();
  if (search.q || search.kinds || search.sources || search.severity || search.where) return client;
  const record = one(search.record);
  const start: ThreadPlace =
    record && UUID.test(record) ? { from: "around", evidenceId: record } : THREAD_START;
  await client.prefetchInfiniteQuery({
    queryKey: incidentKeys.thread(incidentId, {}, start),
    queryFn: () =>
      start.from === "around"
        ? threadAround(db(), incidentId, {}, start.evidenceId)
        : listThread(db(), incidentId, {}, { after: null, before: null }),
    initialPageParam: start,
  });
  return client;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
