"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import { splitIncidentAction, undoSplitAction } from "#lib/actions/split-incident.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import { incidentKeys } from "#lib/browser/incident-data.ts";
import { reached } from "#lib/browser/reached.ts";

type Chosen = { evidenceIds: string[]; withEvents: boolean; reason: string };

/** Splitting this incident, and taking a split back from either side; `onSplit` when it was done. */
export function useSplit(incidentId: string, onSplit: () => void) {
  const cache = useQueryClient();
  const router = useRouter();
  const [pending, start] = useTransition();
  const [refused, setRefused] = useState<string | null>(null);
  const refresh = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: incidentKeys.all(incidentId) }),
      // what was read of a record may tell of the incident that it was in before
      cache.invalidateQueries({ queryKey: incidentKeys.everyRecord }),
      cache.invalidateQueries({ queryKey: deskKeys.peeks }),
      cache.invalidateQueries({ queryKey: deskKeys.counts }),
    ]);
  const undo = (splitId: string) =>
    start(async () => {
      const answer = await reached(undoSplitAction({ splitId }));
      if (!answer.ok) return toast.failed("The split was not undone", { detail: answer.message });
      const { from, fromId, into } = answer.data;
      toast.done(`The records of ${into} are back in ${from}`);
      await refresh();
      // the other one is empty now and leads here
      if (fromId !== incidentId) router.push(`/incidents/${from}`);
    });
  const split = (chosen: Chosen) =>
    start(async () => {
      const answer = await reached(splitIncidentAction({ incidentId, ...chosen }));
      if (!answer.ok) return setRefused(answer.message);
      const { splitId, into, count } = answer.data;
      setRefused(null);
      onSplit();
      const records = count === 1 ? "1 record" : `${count.toLocaleString("en")} records`;
      toast.done(`${records} went to ${into.number}`, {
        act: { label: "Undo", onPress: () => undo(splitId) },
      });
      await refresh();
    });
  return { pending, refused, split, undo, clear: () => setRefused(null) };
}
