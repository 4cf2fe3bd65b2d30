"use client";

import { notifyManager, useQueryClient } from "@tanstack/react-query";
import { useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import { assignIncidents, noteIncidents } from "#lib/actions/work-together.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import { incidentKeys } from "#lib/browser/incident-data.ts";
import { reached } from "#lib/browser/reached.ts";
import type { TogetherOutcome } from "#lib/contracts/together-views.ts";
import type { PersonView, QueueRow } from "#lib/contracts/views.ts";
import { doneWords, notDoneWords } from "./together-words.ts";
import { patchRow } from "./patch-row.ts";

type Owner = { id: string; name: string } | null;
type Assignment = { incidentId: string; personId: string | null; expected: string | null };
type Answer = { ok: true; data: TogetherOutcome } | { ok: false; message: string };

type Given = {
  person: PersonView;
  rows: readonly QueueRow[];
  /** Called with those that the act changed, once the list shows it. */
  onDone: (ids: readonly string[]) => void;
};

/** What can be done to several incidents at once; giving them to somebody can be undone. */
export function useTogether({ person, rows, onDone }: Given) {
  const cache = useQueryClient();
  const [pending, start] = useTransition();
  const settle = async (
    answer: Answer,
    words: { done: string; failed: string },
    undo?: () => void,
  ) => {
    if (answer.ok) {
      const { changed, refused } = answer.data;
      const told = { detail: notDoneWords(refused) };
      if (changed.length === 0 && refused.length > 0) toast.failed(words.failed, told);
      else
        toast.done(doneWords(words.done, answer.data), {
          ...told,
          act: undo && changed.length > 0 ? { label: "Undo", onPress: undo } : undefined,
        });
    } else toast.failed(words.failed, { detail: answer.message });
    await Promise.all([
      cache.invalidateQueries({ queryKey: deskKeys.peeks }),
      cache.invalidateQueries({ queryKey: deskKeys.counts }),
      cache.invalidateQueries({ queryKey: incidentKeys.every }),
    ]);
    if (answer.ok) onDone(answer.data.changed);
  };
  const patch = (ids: readonly string[], ownerOf: (id: string) => Owner) =>
    notifyManager.batch(() => {
      for (const id of ids) patchRow(cache, id, { assignee: ownerOf(id) });
    });
  const assign = (ids: readonly string[], to: PersonView) => {
    const before = new Map(rows.map((row) => [row.id, row.assignee]));
    const wanted: Assignment[] = ids.map((incidentId) => ({
      incidentId,
      personId: to.id,
      expected: before.get(incidentId)?.id ?? null,
    }));
    start(async () => {
      const answer = await reached(assignIncidents({ assignments: wanted }));
      const changed = answer.ok ? answer.data.changed : [];
      patch(changed, () => ({ id: to.id, name: to.name }));
      const whom = to.id === person.id ? "you" : to.name;
      await settle(
        answer,
        { done: `assigned to ${whom}`, failed: `Nothing was assigned to ${whom}` },
        () => giveBack(changed, to, before),
      );
    });
  };
  const giveBack = (ids: readonly string[], from: Owner, before: ReadonlyMap<string, Owner>) =>
    start(async () => {
      const answer = await reached(
        assignIncidents({
          assignments: ids.map((incidentId) => ({
            incidentId,
            personId: before.get(incidentId)?.id ?? null,
            expected: from?.id ?? null,
          })),
        }),
      );
      patch(answer.ok ? answer.data.changed : [], (id) => before.get(id) ?? null);
      await settle(answer, { done: "as before", failed: "Nothing was taken back" });
    });
  const note = (ids: readonly string[], text: string, onAdded: () => void) =>
    start(async () => {
      const answer = await reached(noteIncidents({ incidentIds: [...ids], text }));
      if (answer.ok) onAdded();
      await settle(answer, { done: "with your note", failed: "The note was added to none" });
    });
  return { pending, assign, note, onDone };
}
