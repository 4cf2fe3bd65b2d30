import { visibleText } from "#lib/domain/evidence/display.ts";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { PrintedIncident } from "#components/incident/printed-incident.tsx";
import { ZONE_COOKIE, zoneOf } from "#components/ui/preferences.ts";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { incidentKeys } from "#lib/browser/incident-data.ts";
import { outlineQuery } from "#lib/contracts/queries.ts";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import { evidenceAt } from "#lib/queries/evidence-at.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { incidentRuns } from "#lib/queries/incident-runs.ts";
import { readIncidentWork } from "#lib/queries/incident-work.ts";
import { threadGlimpse } from "#lib/queries/thread-outline.ts";
import { readIncidentPage } from "#lib/queries/read-incident-page.ts";
import { recordOfPlace } from "#lib/queries/record-of-place.ts";
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
  if (head.mergedInto) redirect(await placeAfterMerge(head.id, head.mergedInto.id, search));
  await followLabel(head.id, one(search.e));
  const jar = await cookies();
  const [page, runs, work, cache] = await Promise.all([
    readIncidentPage(db(), head),
    incidentRuns(db(), head.id),
    readIncidentWork(db(), head.id, person.id),
    firstThread(head.id, search, zoneOf(jar.get(ZONE_COOKIE)?.value)),
  ]);
  const reader = { id: person.id, name: person.name, role: person.role };
  cache.setQueryData(incidentKeys.page(head.id), page);
  cache.setQueryData(incidentKeys.runs(head.id), runs);
  cache.setQueryData(incidentKeys.work(head.id), work);
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <PrintedIncident key={head.id} page={page} person={reader}>
        <IncidentWorkspace
          person={reader}
          page={page}
          runs={runs}
          layouts={paneLayouts(jar.get(PANES_COOKIE)?.value)}
        />
      </PrintedIncident>
    </HydrationBoundary>
  );
}

type Search = Record<string, string | string[] | undefined>;

/** Where a link into a merged incident leads: the same record and view in the one that took its records. */
async function placeAfterMerge(fromId: string, intoId: string, search: Search): Promise<string> {
  const kept = new URLSearchParams();
  const [record, pane, position] = [one(search.record), one(search.pane), one(search.e)];
  const at = position && POSITION.test(position) ? Number(position) : null;
  const found = at === null ? null : await recordOfPlace(db(), fromId, at);
  if (found ?? record) kept.set("record", found?.id ?? record!);
  if (pane) kept.set("pane", pane);
  return `/incidents/${found?.incidentId ?? intoId}${kept.size > 0 ? `?${kept}` : ""}`;
}

const POSITION = /^[1-9]\d{0,8}$/;

/** `?e=12` is how the browser asks which record E12 is; the answer is the record's own address. */
async function followLabel(incidentId: string, position: string | undefined) {
  if (!position || !POSITION.test(position)) return;
  const id = await evidenceAt(db(), incidentId, Number(position));
  if (id) redirect(`/incidents/${incidentId}?record=${id}`);
  const went = await recordOfPlace(db(), incidentId, Number(position));
  if (went) redirect(`/incidents/${went.incidentId}?record=${went.id}`);
}

/** As much of the thread as the first paint shows, under the filters of the address; the browser asks for the rest. */
async function firstThread(
  incidentId: string,
  search: Search,
  zone: string | null,
): Promise<QueryClient> {
  const client = new QueryClient();
  const filter = filterOf(search);
  if (!filter) return client;
  const record = one(search.record);
  const around = record && UUID.test(record) ? record : null;
  const folded = one(search.fold) !== "no";
  const seen = await threadGlimpse(db(), { incidentId, filter, around, folded, zone });
  // as old as can be, so that the browser asks for the whole at once
  client.setQueryData(incidentKeys.outline(incidentId, filter), seen, { updatedAt: 1 });
  return client;
}

/** The filters of the address as the browser reads them; null where it would not agree, and then it asks itself. */
function filterOf(search: Search): ThreadFilter | null {
  const asked = Object.fromEntries(
    FILTERS.flatMap((name) => (one(search[name]) === undefined ? [] : [[name, one(search[name])]])),
  );
  const read = outlineQuery.safeParse(asked);
  return read.success ? read.data : null;
}

const FILTERS = [
  ...["q", "kinds", "sources", "severity", "where"],
  ...["entity", "from", "to", "pinned"],
];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
