"use client";

import { notifyManager, useQueryClient } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import { handOverIncidents } from "#lib/actions/hand-over.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import { incidentKeys } from "#lib/browser/incident-data.ts";
import { reached } from "#lib/browser/reached.ts";
import type { HandOverInput } from "#lib/contracts/work-inputs.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { doneWords, notDoneWords } from "./together-words.ts";
import { patchRow } from "./patch-row.ts";

/** The act behind the hand-over dialog; `onDone` is told which incidents went. A note stays: there is no undo. */
export function useHandOver(onDone: (ids: readonly string[], to: PersonView | null) => void) {
  const cache = useQueryClient();
  const [pending, start] = useTransition();
  const [refused, setRefused] = useState<string | null>(null);
  const handOver = (handovers: HandOverInput[], to: PersonView | null) =>
    start(async () => {
      setRefused(null);
      const answer = await reached(handOverIncidents({ handovers }));
      if (!answer.ok) return setRefused(answer.message);
      const { changed, refused: not } = answer.data;
      if (changed.length === 0) return setRefused(notDoneWords(not) ?? "Nothing was handed over.");
      notifyManager.batch(() => {
        const assignee = to && { id: to.id, name: to.name };
        for (const id of changed) patchRow(cache, id, { assignee });
      });
      const whom = to ? to.name : "nobody yet";
      toast.done(
        handovers.length === 1
          ? `Handed over to ${whom}`
          : doneWords(`handed over to ${whom}`, answer.data),
        { detail: notDoneWords(not) },
      );
      await Promise.all([
        cache.invalidateQueries({ queryKey: deskKeys.peeks }),
        cache.invalidateQueries({ queryKey: deskKeys.counts }),
        cache.invalidateQueries({ queryKey: incidentKeys.every }),
      ]);
      onDone(changed, to);
    });
  return { pending, refused, handOver, forget: () => setRefused(null) };
}
