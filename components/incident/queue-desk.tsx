"use client";

import dynamic from "next/dynamic";
import { ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
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
import { later, soon } from "#components/ui/later.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import type { PersonView, QueueRow } from "#lib/contracts/views.ts";
import { parseQueue } from "#lib/domain/incident/queue-syntax.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { QueueList } from "./queue-list.tsx";
import { QueuePreview } from "./queue-preview.tsx";
import { QueueEmpty, QueueSkeleton, QueueUnreadable } from "./queue-states.tsx";
import type { ClosureForm } from "./selection-bar.tsx";
import { useAssignToMe } from "./use-assign-to-me.ts";
import type { useMarks } from "./use-marks.ts";
import { usePreviewed } from "./use-preview.ts";
import type { usePreviewLook } from "./use-preview.ts";
import type { useQueue } from "./use-queue.ts";
import { useQueueKeys } from "./use-queue-keys.ts";
import { useSelection } from "./use-selection.ts";
import { useTogether } from "./use-together.ts";

const SelectionBar = later(
  dynamic(soon(async () => (await import("./selection-bar.tsx")).SelectionBar)),
);

type Props = Pick<ReturnType<typeof useMarks>, "marks" | "see"> & {
  person: PersonView;
  filter: QueueFilter;
  onChange: (change: Partial<QueueFilter>) => void;
  queue: ReturnType<typeof useQueue>;
  preview: ReturnType<typeof usePreviewLook>;
  /** Reads the list anew. */
  show: () => void;
  searchBox: React.RefObject<HTMLInputElement | null>;
  Closure: ClosureForm;
};

/** The rows, the cursor that walks them and what is chosen: what changes with each key, and nothing beside it. */
export function QueueDesk(props: Props) {
  const { person, filter, queue, preview, show, Closure } = props;
  const { selectedId, setSelectedId, row, selection, together, open } = useDesk(props);
  return (
    <div className="flex min-h-0 flex-1">
      <div className="@container/queue relative flex min-h-0 min-w-0 flex-1 flex-col">
        <NewRows count={queue.fresh} onShow={show} />
        <Rows {...props} {...{ selectedId, selection }} onSelect={setSelectedId} onOpen={open} />
        {selection && selection.ids.size > 0 ? (
          <SelectionBar {...{ person, selection, filter, together, Closure }} />
        ) : null}
      </div>
      {preview.open ? (
        <QueuePreview
          row={row}
          width={preview.width}
          onWidth={preview.setWidth}
          onOpen={preview.setOpen}
        />
      ) : null}
    </div>
  );
}

/** The cursor, what is chosen, and the keys that move and do it all. */
function useDesk({ person, filter, queue, preview, see, show, searchBox }: Props) {
  const { rows } = queue;
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const open = useOpen(filter.q);
  const worker = may(person.role, "incident:assign");
  const chosen = useSelection(rows);
  const selection = worker ? chosen : null;
  const row = usePreviewed(preview.open, rows, selectedId);
  const together = useTogether({ person, rows, onDone: see });
  const assign = useAssignToMe(person, see);
  useSeeWhatIsRead(row, see);
  useQueueKeys({
    rows,
    selectedId,
    setSelectedId,
    searchBox,
    open,
    refresh: show,
    mayOpen: may(person.role, "incident:open"),
    assign: worker ? (to) => void assign(to) : null,
    assignChosen: chosen.ids.size > 0 ? () => together.assign([...chosen.ids], person) : null,
    selection,
    preview,
  });
  return { selectedId, setSelectedId, row, selection, together, open };
}

const WAIT_MS = 20;
const WAITS = 25;

/**
 * Goes to an incident once the address says what is looked for. It is written a moment after the last letter, and
 * the router takes that for a change of mind about where to go.
 */
function useOpen(q: string) {
  const router = useRouter();
  const wanted = useRef(q);
  useEffect(() => {
    wanted.current = q;
  }, [q]);
  return useCallback(
    ({ number }: QueueRow, query = "") => {
      const go = (waits: number) => {
        const written = new URLSearchParams(window.location.search).get("q") ?? "";
        if (written === wanted.current || waits === 0) router.push(`/incidents/${number}${query}`);
        else setTimeout(() => go(waits - 1), WAIT_MS);
      };
      go(WAITS);
    },
    [router],
  );
}

type RowsProps = Pick<Props, "person" | "filter" | "queue" | "marks" | "onChange"> &
  Pick<ReturnType<typeof useDesk>, "selectedId" | "selection"> & {
    onSelect: (id: string) => void;
    onOpen: (row: QueueRow) => void;
  };

function Rows(props: RowsProps) {
  const { person, filter, queue, onChange } = props;
  const { list, rows, searching } = queue;
  const { fetchNextPage } = list;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const { view, sort, q } = filter;
  const now = useMemo(() => ({ view, rows, order: `${view} ${sort} ${q}` }), [view, sort, q, rows]);
  // Rows are drawn behind what the person did: between two letters, and after the view they chose is marked.
  const drawn = useDeferredValue(now);
  if (drawn.rows.length > 0) {
    return (
      <QueueList
        list={drawn.view}
        order={drawn.order}
        rows={drawn.rows}
        marks={props.marks}
        personId={person.id}
        selectedId={props.selectedId}
        onSelect={props.onSelect}
        onOpen={props.onOpen}
        selection={props.selection}
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

function NotLoaded({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <ErrorState
      title="The queue could not be loaded"
      safe={`${message} Nothing was changed.`}
      action={<Button onClick={onRetry}>Try again</Button>}
    />
  );
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
