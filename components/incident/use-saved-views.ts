"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import {
  changeViewAction,
  deleteViewAction,
  saveViewAction,
  setFirstViewAction,
} from "#lib/actions/saved-views.ts";
import { deskKeys, savedViewsOptions } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { reached } from "#lib/browser/reached.ts";
import type { FirstView, QueueLine, SavedView, SavedViews } from "#lib/contracts/saved-views.ts";

const NONE: SavedViews = { views: [], first: null, tourEnded: true };

type Answer = { ok: true } | { ok: false; message: string };
type Change = { name?: string; shared?: boolean; line?: QueueLine };
type Words = { done: string; failed: string; undo?: () => void };

/** The views a person keeps and is shown, and what can be done with them. */
export function useSavedViews() {
  const cache = useQueryClient();
  const [pending, start] = useTransition();
  const { data = NONE, isSuccess } = useQuery(savedViewsOptions());
  const refresh = () => cache.invalidateQueries({ queryKey: deskKeys.views });
  const act = (run: () => Promise<Answer>, { done, failed, undo }: Words) =>
    start(async () => {
      const answer = await run();
      await refresh();
      if (answer.ok) toast.done(done, undo ? { act: { label: "Undo", onPress: undo } } : {});
      else toast.failed(failed, { detail: answer.message });
    });
  const change = (view: SavedView, next: Change, done: string) =>
    act(() => reached(changeViewAction({ viewId: view.id, ...next })), {
      done,
      failed: `"${view.name}" was not changed`,
      undo: () =>
        act(() => reached(changeViewAction({ viewId: view.id, ...backTo(view, next) })), {
          done: `"${view.name}" is as it was`,
          failed: `"${view.name}" was not changed back`,
        }),
    });
  return {
    loaded: isSuccess,
    views: data.views,
    first: data.first,
    pending,
    refresh,
    /** The id of the new one, or what stands in its way. */
    save: async (name: string, shared: boolean, line: QueueLine) => {
      const answer = await reached(saveViewAction({ name, shared, line }));
      await refresh();
      return answer;
    },
    rename: async (view: SavedView, name: string) => {
      const answer = await reached(changeViewAction({ viewId: view.id, name }));
      await refresh();
      return answer;
    },
    replace: (view: SavedView, line: QueueLine) =>
      change(view, { line }, `"${view.name}" is what is shown now`),
    share: (view: SavedView, shared: boolean) =>
      change(
        view,
        { shared },
        shared ? `"${view.name}" is shared with the desk` : `"${view.name}" is not shared any more`,
      ),
    remove: (view: SavedView, then: () => void) =>
      act(
        async () => {
          const answer = await reached(deleteViewAction({ viewId: view.id }));
          if (answer.ok) then();
          return answer;
        },
        { done: `"${view.name}" is deleted`, failed: `"${view.name}" was not deleted` },
      ),
    openWith: (first: FirstView, words: string) =>
      act(() => reached(setFirstViewAction({ first })), {
        done: words,
        failed: "What the queue opens with was not changed",
      }),
  };
}

function backTo(view: SavedView, { shared, line }: Change): Change {
  const { view: place, q, sort, density } = view;
  return {
    ...(shared === undefined ? {} : { shared: view.shared }),
    ...(line ? { line: { view: place, q, sort, density } } : {}),
  };
}

/** Whether the queue shows something else than the view says. */
export function isChanged(view: SavedView, filter: QueueFilter): boolean {
  return view.view !== filter.view || view.q !== filter.q.trim() || view.sort !== filter.sort;
}
