"use client";

import { useQueryClient } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useCallback, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { assignIncidentAction } from "#lib/actions/assign-incident.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import type { PersonView, QueueRow } from "#lib/contracts/views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { QueueHelp } from "./queue-help.tsx";
import { QueueList } from "./queue-list.tsx";
import { queueParams, sortOf } from "./queue-params.ts";
import { QueueEmpty, QueueSkeleton } from "./queue-states.tsx";
import { QueueToolbar } from "./queue-toolbar.tsx";
import type { ClosureForm } from "./selection-bar.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { patchRow, useQueue } from "./use-queue.ts";
import { useSelection } from "./use-selection.ts";

type Props = { person: PersonView; Closure: ClosureForm };

/** The desk's "what next" list. */
export function Queue({ person, Closure }: Props) {
  const { filter, change } = useFilter();
  const { list, rows, fresh, refresh, searching } = useQueue(filter);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [help, setHelp] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const worker = may(person.role, "incident:assign");
  const assign = useAssignToMe(person);
  const chosen = useSelection(rows);
  const selection = may(person.role, "decision:propose") ? chosen : null;
  useQueueKeys({
    rows,
    selectedId,
    setSelectedId,
    searchBox,
    refresh,
    setHelp,
    assign: worker ? assign : null,
    choose: selection ? (id) => selection.toggle(id, false) : null,
  });
  const { fetchNextPage } = list;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <section aria-label="Queue" className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">Incidents</h1>
      <QueueToolbar
        filter={filter}
        views={
          worker
            ? ["mine", "unassigned", "waiting", "all", "closed"]
            : ["unassigned", "all", "closed"]
        }
        onChange={change}
        onRefresh={() => void refresh()}
        onHelp={() => setHelp(true)}
        refreshing={list.isRefetching}
        searchBox={searchBox}
      />
      <div className="relative flex min-h-0 flex-1 flex-col">
        <NewRows count={fresh} onShow={() => void refresh()} />
        {list.isPending || searching ? <QueueSkeleton /> : null}
        {list.isError && rows.length === 0 ? (
          <NotLoaded message={list.error.message} onRetry={() => void list.refetch()} />
        ) : null}
        {list.isSuccess && rows.length === 0 && !searching ? (
          <QueueEmpty filter={filter} onChange={change} />
        ) : null}
        {rows.length > 0 ? (
          <QueueList
            key={filter.view}
            rows={rows}
            personId={person.id}
            selectedId={selectedId}
            onSelect={setSelectedId}
            selection={selection}
            dimmed={list.isPlaceholderData}
            more={{
              has: list.hasNextPage,
              loading: list.isFetchingNextPage,
              failed: list.isFetchNextPageError,
              load: loadMore,
            }}
          />
        ) : null}
      </div>
      {selection ? <SelectionBar {...{ selection, filter, Closure }} /> : null}
      <QueueHelp open={help} onOpenChange={setHelp} />
    </section>
  );
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

function useFilter() {
  const [params, setParams] = useQueryStates(queueParams, { history: "replace", throttleMs: 200 });
  const filter: QueueFilter = { ...params, sort: sortOf(params.view, params.sort) };
  const change = (next: Partial<QueueFilter>) => {
    // A view is a place: going to one is a step back can undo, and its own sort applies again.
    const place = next.view !== undefined && next.view !== filter.view;
    void setParams(place ? { ...next, sort: null } : next, {
      history: place ? "push" : "replace",
    });
  };
  return { filter, change };
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
          {count} new incident{count === 1 ? "" : "s"}
        </Button>
      ) : null}
    </output>
  );
}

/** Takes an incident at once on the screen; the server has the last word and names another owner. */
function useAssignToMe(person: PersonView) {
  const cache = useQueryClient();
  return async (row: QueueRow) => {
    if (row.assignee?.id === person.id) return toast.done(`${row.number} is already yours`);
    if (row.assignee)
      return toast.failed(`${row.number} belongs to ${row.assignee.name}`, {
        detail: "Open it to take it over.",
      });
    if (row.status === "closed") return toast.failed(`${row.number} is closed`);
    patchRow(cache, row.id, { assignee: { id: person.id, name: person.name } });
    const result = await assignIncidentAction({
      incidentId: row.id,
      personId: person.id,
      expected: null,
    });
    if (result.ok) toast.done(`${row.number} is yours`);
    else {
      patchRow(cache, row.id, { assignee: ownerIn(result) ?? row.assignee });
      toast.failed(`${row.number} was not assigned to you`, { detail: result.message });
    }
    void cache.invalidateQueries({ queryKey: deskKeys.peeks });
    void cache.invalidateQueries({ queryKey: deskKeys.counts });
  };
}

/** Who has it, when the refusal says so. */
function ownerIn(refusal: object): QueueRow["assignee"] {
  const owner = "owner" in refusal ? (refusal.owner as Partial<PersonView> | null) : null;
  return owner?.id && owner.name ? { id: owner.id, name: owner.name } : null;
}

type Keys = {
  rows: QueueRow[];
  selectedId: string | null;
  setSelectedId: (id: string) => void;
  searchBox: React.RefObject<HTMLInputElement | null>;
  refresh: () => Promise<void>;
  setHelp: (open: boolean) => void;
  assign: ((row: QueueRow) => Promise<unknown>) | null;
  choose: ((id: string) => void) | null;
};

function useQueueKeys({
  rows,
  selectedId,
  setSelectedId,
  searchBox,
  refresh,
  setHelp,
  assign,
  choose,
}: Keys) {
  const router = useRouter();
  const at = rows.findIndex((row) => row.id === selectedId);
  const selected = at < 0 ? undefined : rows[at];
  const step = (by: 1 | -1) => {
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) setSelectedId(next.id);
  };
  useHotkeys("j, down", () => step(1), { preventDefault: true }, [rows, at]);
  useHotkeys("k, up", () => step(-1), { preventDefault: true }, [rows, at]);
  useHotkeys("o", () => selected && router.push(`/incidents/${selected.number}`), {}, [selected]);
  useHotkeys("a", () => selected && assign && void assign(selected), {}, [selected, assign]);
  useHotkeys("x", () => selected && choose?.(selected.id), {}, [selected, choose]);
  useHotkeys("r, n", () => void refresh(), {}, [refresh]);
  useHotkeys("/", () => searchBox.current?.select(), { preventDefault: true, useKey: true });
  useHotkeys("?", () => setHelp(true), { useKey: true });
}
