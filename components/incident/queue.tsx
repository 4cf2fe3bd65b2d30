"use client";

import dynamic from "next/dynamic";
import { ArrowUp, PanelRight } from "lucide-react";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import {
  useCallback,
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from "react";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import type { SavedView } from "#lib/contracts/saved-views.ts";
import type { PersonView, QueueRow } from "#lib/contracts/views.ts";
import { parseQueue } from "#lib/domain/incident/queue-syntax.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { NewIncident } from "./new-incident.tsx";
import type { PreviewLook } from "./preview-cookie.ts";
import { QueueList } from "./queue-list.tsx";
import { queueParams, sortOf } from "./queue-params.ts";
import { QueuePreview } from "./queue-preview.tsx";
import { QueueEmpty, QueueSkeleton, QueueUnreadable } from "./queue-states.tsx";
import { QueueToolbar } from "./queue-toolbar.tsx";
import type { ClosureForm } from "./selection-bar.tsx";
import { SavedViewNote, SavedViews } from "./saved-views.tsx";
import { Tour } from "./tour.tsx";
import { useAssignToMe } from "./use-assign-to-me.ts";
import { useMarks } from "./use-marks.ts";
import { usePreview } from "./use-preview.ts";
import { useQueue } from "./use-queue.ts";
import { useQueueKeys } from "./use-queue-keys.ts";
import { useSelection } from "./use-selection.ts";
import { useTogether } from "./use-together.ts";

const SelectionBar = later(
  dynamic(soon(async () => (await import("./selection-bar.tsx")).SelectionBar)),
);

type Props = { person: PersonView; look: PreviewLook; Closure: ClosureForm };

/** The desk's "what next" list, and beside it what the cursor rests on. */
export function Queue({ person, look, Closure }: Props) {
  const searchBox = useRef<HTMLInputElement>(null);
  const { filter, change, savedId, openSaved } = useFilter();
  const queue = useQueue(filter);
  const desk = useDesk({ person, look, queue, searchBox });
  const { show, preview, selection } = desk;
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
      <div className="flex min-h-0 flex-1">
        <div className="@container/queue relative flex min-h-0 min-w-0 flex-1 flex-col">
          <NewRows count={queue.fresh} onShow={show} />
          <Rows {...{ person, filter, queue, desk }} onChange={change} />
          {selection && selection.ids.size > 0 ? (
            <SelectionBar {...{ person, selection, filter, together: desk.together, Closure }} />
          ) : null}
        </div>
        {preview.open ? (
          <QueuePreview
            row={preview.row}
            width={preview.width}
            onWidth={preview.setWidth}
            onClose={() => preview.setOpen(false)}
          />
        ) : null}
      </div>
    </section>
  );
}

type DeskGiven = Pick<Props, "person" | "look"> & {
  queue: ReturnType<typeof useQueue>;
  searchBox: React.RefObject<HTMLInputElement | null>;
};

/** The cursor, what is chosen, what was seen, and the keys that move and do it all. */
function useDesk({ person, look, queue, searchBox }: DeskGiven) {
  const { list, rows, refresh } = queue;
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const router = useRouter();
  const worker = may(person.role, "incident:assign");
  const { marks, see, keep } = useMarks({ pages: list.data?.pages, rows });
  const chosen = useSelection(rows);
  const selection = worker ? chosen : null;
  const preview = usePreview(look, rows, selectedId);
  const together = useTogether({ person, rows, onDone: see });
  const assign = useAssignToMe(person, see);
  useSeeWhatIsRead(preview.row, see);
  const show = () => {
    keep();
    void refresh();
  };
  useQueueKeys({
    rows,
    selectedId,
    setSelectedId,
    searchBox,
    open: (row, query = "") => router.push(`/incidents/${row.number}${query}`),
    refresh: show,
    mayOpen: may(person.role, "incident:open"),
    assign: worker ? (row) => void assign(row) : null,
    assignChosen: chosen.ids.size > 0 ? () => together.assign([...chosen.ids], person) : null,
    selection,
    preview,
  });
  return { selectedId, setSelectedId, marks, selection, preview, together, show };
}

type RowsProps = {
  filter: QueueFilter;
  onChange: (change: Partial<QueueFilter>) => void;
  person: PersonView;
  queue: ReturnType<typeof useQueue>;
  desk: ReturnType<typeof useDesk>;
};

function Rows({ person, filter, queue, desk, onChange }: RowsProps) {
  const { list, rows, searching } = queue;
  const { fetchNextPage } = list;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const { view } = filter;
  const now = useMemo(() => ({ view, rows }), [view, rows]);
  // Rows are drawn behind what the person did: between two letters, and after the view they chose is marked.
  const drawn = useDeferredValue(now);
  if (drawn.rows.length > 0) {
    return (
      <QueueList
        key={drawn.view}
        rows={drawn.rows}
        marks={desk.marks}
        personId={person.id}
        selectedId={desk.selectedId}
        onSelect={desk.setSelectedId}
        selection={desk.selection}
        dimmed={list.isPlaceholderData || drawn.view !== view}
        more={{
          has: list.hasNextPage,
          loading: list.isFetchingNextPage,
          failed: list.isFetchNextPageError,
          count: rows.length,
          load: loadMore,
        }}
      />
    );
  }
  if (!parseQueue(filter.q).ok) return <QueueUnreadable onChange={onChange} />;
  if (list.isPending || searching || rows.length > 0) return <QueueSkeleton />;
  if (list.isError)
    return <NotLoaded message={list.error.message} onRetry={() => void list.refetch()} />;
  return <QueueEmpty filter={filter} onChange={onChange} />;
}

const WORKER_VIEWS = ["mine", "unassigned", "waiting", "all", "closed"] as const;
const READER_VIEWS = ["unassigned", "all", "closed"] as const;

function NotLoaded({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <ErrorState
      title="The queue could not be loaded"
      safe={`${message} Nothing was changed.`}
      action={<Button onClick={onRetry}>Try again</Button>}
    />
  );
}

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

/** What the cursor rests on is read, and its dot goes. */
function useSeeWhatIsRead(row: QueueRow | undefined, see: (ids: readonly string[]) => void) {
  const read = useEffectEvent(() => row && see([row.id]));
  const state = row ? `${row.id} ${row.lastActivityAt}` : null;
  useEffect(() => {
    if (state) read();
  }, [state]);
}

/** Over the list, not in it: nothing moves until the person asks. */
function NewRows({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <output className="pointer-events-none absolute inset-x-0 top-9 z-20 flex justify-center">
      {count > 0 ? (
        <Button
          tone="primary"
          size="sm"
          keys="n"
          onClick={onShow}
          icon={<ArrowUp className="size-3.5" strokeWidth={2} aria-hidden />}
          className="pointer-events-auto rounded-full px-3 shadow-float"
        >
          {count} new incident{count === 1 ? "" : "s"} · show
        </Button>
      ) : null}
    </output>
  );
}
