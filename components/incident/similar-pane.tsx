"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { GitMerge } from "lucide-react";
import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { mergeIncidentAction, undoMergeAction } from "#lib/actions/merge-incident.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import { incidentKeys } from "#lib/browser/incident-data.ts";
import { reached } from "#lib/browser/reached.ts";
import { similarOptions } from "#lib/browser/similar-data.ts";
import type { SimilarIncident } from "#lib/contracts/similar-views.ts";
import { MergeDialog } from "./merge-dialog.tsx";
import { MergesList } from "./merges-list.tsx";
import { SimilarItem } from "./similar-item.tsx";

type Props = { incidentId: string; number: string; mayMerge: boolean };

/** Incidents that share rare values with this one, why, and what the team made of them. */
export function SimilarPane({ incidentId, number, mayMerge }: Props) {
  const query = useQuery(similarOptions(incidentId));
  const [chosen, setChosen] = useState<SimilarIncident | null>(null);
  const { pending, refused, merge, undo, clear } = useMerging(incidentId, () => setChosen(null));
  if (query.isPending) return <SimilarSkeleton />;
  if (query.isError) {
    return (
      <ErrorState
        title="Similar incidents could not be loaded"
        safe={`${query.error.message} The evidence itself is safe.`}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    );
  }
  const { similar, merges, ofIncidents } = query.data;
  return (
    <div
      className="@container min-h-0 flex-1 overflow-auto"
      tabIndex={0}
      role="region"
      aria-label="Similar incidents"
    >
      <MergesList merges={merges} mayUndo={mayMerge && !pending} onUndo={({ id }) => undo(id)} />
      {similar.length === 0 ? (
        <EmptyState icon={<GitMerge />} title="No similar incidents">
          None of the last 90 days shares a rare address, host, account, domain or hash with this
          one.
        </EmptyState>
      ) : (
        <ul aria-label="Similar incidents, the most similar first">
          {similar.map((one) => (
            <SimilarItem
              key={one.id}
              incident={one}
              ofIncidents={ofIncidents}
              onMerge={mayMerge ? () => setChosen(one) : null}
            />
          ))}
        </ul>
      )}
      {chosen ? (
        <MergeDialog
          key={chosen.id}
          from={chosen.number}
          into={number}
          pending={pending}
          refused={refused}
          onClose={() => {
            setChosen(null);
            clear();
          }}
          onMerge={(reason) => merge(chosen.id, reason)}
        />
      ) : null}
    </div>
  );
}

/** Merging into this incident, and taking it back. */
function useMerging(intoId: string, onMerged: () => void) {
  const cache = useQueryClient();
  const [pending, start] = useTransition();
  const [refused, setRefused] = useState<string | null>(null);
  const refresh = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: incidentKeys.all(intoId) }),
      cache.invalidateQueries({ queryKey: deskKeys.peeks }),
      cache.invalidateQueries({ queryKey: deskKeys.counts }),
    ]);
  const undo = (mergeId: string) =>
    start(async () => {
      const answer = await reached(undoMergeAction({ mergeId }));
      if (answer.ok) toast.done(`${answer.data.from} stands by itself again`);
      else toast.failed("The merge was not undone", { detail: answer.message });
      await refresh();
    });
  const merge = (incidentId: string, reason: string) =>
    start(async () => {
      const answer = await reached(mergeIncidentAction({ incidentId, intoId, reason }));
      if (!answer.ok) return setRefused(answer.message);
      const { mergeId, from, into } = answer.data;
      setRefused(null);
      onMerged();
      toast.done(`Merged ${from} into ${into}`, {
        act: { label: "Undo", onPress: () => undo(mergeId) },
      });
      await refresh();
    });
  return { pending, refused, merge, undo, clear: () => setRefused(null) };
}

function SimilarSkeleton() {
  return (
    <div className="flex flex-col gap-3 p-3">
      <LoadingNote>Looking for similar incidents</LoadingNote>
      {Array.from({ length: 5 }, (_, row) => (
        <Skeleton key={row} className="h-16" />
      ))}
    </div>
  );
}
