"use client";

import { PanelRight } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useRef } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import type { SavedView } from "#lib/contracts/saved-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { NewIncident } from "./new-incident.tsx";
import type { PreviewLook } from "./preview-cookie.ts";
import { QueueDesk } from "./queue-desk.tsx";
import { queueParams, sortOf } from "./queue-params.ts";
import { QueueToolbar } from "./queue-toolbar.tsx";
import type { ClosureForm } from "./selection-bar.tsx";
import { SavedViewNote, SavedViews } from "./saved-views.tsx";
import { Tour } from "./tour.tsx";
import { useMarks } from "./use-marks.ts";
import { usePreviewLook } from "./use-preview.ts";
import { useQueue } from "./use-queue.ts";

type Props = { person: PersonView; look: PreviewLook; Closure: ClosureForm };

/** The desk's "what next" list, what narrows it, and beside it what the cursor rests on. */
export function Queue({ person, look, Closure }: Props) {
  const searchBox = useRef<HTMLInputElement>(null);
  const { filter, change, savedId, openSaved } = useFilter();
  const queue = useQueue(filter);
  const { marks, see, keep } = useMarks({ pages: queue.list.data?.pages, rows: queue.rows });
  const preview = usePreviewLook(look);
  const show = () => {
    keep();
    void queue.refresh();
  };
  return (
    <section aria-label="Queue" className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">Incidents</h1>
      <QueueToolbar
        filter={filter}
        views={may(person.role, "incident:assign") ? WORKER_VIEWS : READER_VIEWS}
        onChange={change}
        onRefresh={show}
        refreshing={queue.list.isRefetching}
        searchBox={searchBox}
        saved={<SavedViews {...{ person, filter, savedId }} onOpen={openSaved} />}
        extra={
          <>
            {may(person.role, "incident:open") ? <NewIncident /> : null}
            <PreviewSwitch open={preview.open} onOpen={preview.setOpen} />
          </>
        }
      />
      <SavedViewNote savedId={savedId} onLeave={() => openSaved(null)} />
      <Tour />
      <QueueDesk
        {...{ person, filter, queue, marks, see, preview, show, searchBox, Closure }}
        onChange={change}
      />
    </section>
  );
}

const WORKER_VIEWS = ["mine", "unassigned", "waiting", "all", "closed"] as const;
const READER_VIEWS = ["unassigned", "all", "closed"] as const;

function PreviewSwitch({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  return (
    <span className="hidden md:contents">
      <IconButton
        label={open ? "Hide the preview" : "Show the preview"}
        keys="p"
        pressed={open}
        icon={<PanelRight className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={() => onOpen(!open)}
      />
    </span>
  );
}

function useFilter() {
  const [params, setParams] = useQueryStates(queueParams, { history: "replace", throttleMs: 200 });
  const { saved: savedId, ...shown } = params;
  const filter: QueueFilter = { ...shown, sort: sortOf(shown.view, shown.sort) };
  const change = (next: Partial<QueueFilter>) => {
    // A view is a place: going to one is a step back can undo, and its own sort applies again.
    const place = next.view !== undefined && next.view !== filter.view;
    void setParams(place ? { ...next, sort: null, saved: null } : next, {
      history: place ? "push" : "replace",
    });
  };
  const openSaved = (view: SavedView | null) => {
    if (!view) return void setParams({ saved: null });
    const { id, q, sort } = view;
    void setParams({ view: view.view, q, sort, saved: id }, { history: "push" });
  };
  return { filter, change, savedId, openSaved };
}
