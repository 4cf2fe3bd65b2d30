"use client";

import dynamic from "next/dynamic";
import { Bookmark, BookmarkPlus, ChevronDown } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import type { FirstView, QueueLine, SavedView } from "#lib/contracts/saved-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { mayChangeView, mayShareViews } from "#lib/domain/incident/saved-view.ts";
import { parseQueue } from "#lib/domain/incident/queue-syntax.ts";
import { VIEW_WORDS } from "./queue-params.ts";
import type { SavedViewAsking } from "./saved-view-asked.tsx";
import { SAVE_VIEW_ID, SAVED_VIEWS_ID } from "./selection-ids.ts";
import { isChanged, useSavedViews } from "./use-saved-views.ts";

type Props = {
  person: PersonView;
  filter: QueueFilter;
  /** The id of the saved view in the address. */
  savedId: string | null;
  /** Goes to a saved view; null leaves it and shows the same. */
  onOpen: (view: SavedView | null) => void;
};

const SavedViewAsked = later(
  dynamic(soon(async () => (await import("./saved-view-asked.tsx")).SavedViewAsked)),
);

const ICON = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;

/** The views that people keep, beside the built-in ones: to go to, to save, to change. */
export function SavedViews({ person, filter, savedId, onOpen }: Props) {
  const saved = useSavedViews();
  const { density } = usePreferences();
  const [asking, setAsking] = useState<SavedViewAsking | null>(null);
  const current = saved.views.find(({ id }) => id === savedId) ?? null;
  useItsDensity(current);
  const line: QueueLine = { view: filter.view, q: filter.q.trim(), sort: filter.sort, density };
  const readable = parseQueue(line.q).ok;
  return (
    <div className="flex items-center gap-0.5">
      <Menu
        className="max-h-[70vh] w-72 overflow-y-auto"
        trigger={
          <Button
            id={SAVED_VIEWS_ID}
            tone="quiet"
            icon={<Bookmark {...ICON} />}
            className={cx("max-w-56", current && "bg-selected text-text")}
          >
            <span className="truncate">
              {current ? <HostileText text={current.name} /> : "Saved views"}
            </span>
            {current && isChanged(current, filter) ? (
              <span className="text-xs text-dim">changed</span>
            ) : null}
            <ChevronDown className="size-3.5 text-faint" strokeWidth={1.5} aria-hidden />
          </Button>
        }
      >
        <Choices {...{ person, current, onOpen }} views={saved.views} first={saved.first} />
        <MenuSeparator />
        <MenuItem keys="⇧ b" disabled={!readable} onSelect={() => setAsking("save")}>
          Save this view
        </MenuItem>
        {current && mayChangeView(person, current) ? (
          <Changes {...{ person, current, filter, line, saved }} onAsk={setAsking} />
        ) : null}
        <MenuSeparator />
        <OpensWith {...{ current, filter, saved }} />
      </Menu>
      <IconButton
        id={SAVE_VIEW_ID}
        label="Save this view"
        keys="⇧ b"
        icon={<BookmarkPlus {...ICON} />}
        onClick={() => setAsking("save")}
      />
      {asking === null ? null : (
        <SavedViewAsked
          {...{ person, current, line, saved, asking, onOpen }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

type Saved = ReturnType<typeof useSavedViews>;

type ChoicesProps = Pick<Props, "person" | "onOpen"> & {
  views: readonly SavedView[];
  first: FirstView;
  current: SavedView | null;
};

function Choices({ person, views, first, current, onOpen }: ChoicesProps) {
  const own = views.filter(({ owner }) => owner.id === person.id);
  const others = views.filter(({ owner }) => owner.id !== person.id);
  if (views.length === 0)
    return (
      <div className="px-2 py-1.5 text-xs text-dim">
        None is saved yet. Narrow the queue, then save it under a name.
      </div>
    );
  const item = (view: SavedView, whose: string | null) => (
    <MenuItem key={view.id} onSelect={() => onOpen(view)}>
      <span className={cx("flex items-baseline gap-2", view === current && "font-medium")}>
        <span className="min-w-0 flex-1 truncate">
          <HostileText text={view.name} />
        </span>
        <span className="shrink-0 text-xs text-dim">
          {[whose, isFirst(first, view) ? "opens first" : null].filter(Boolean).join(", ")}
        </span>
      </span>
    </MenuItem>
  );
  return (
    <>
      {own.map((view) => item(view, view.shared ? "shared" : null))}
      {own.length > 0 && others.length > 0 ? <MenuSeparator /> : null}
      {others.map((view) => item(view, view.owner.name))}
    </>
  );
}

type ChangesProps = {
  person: PersonView;
  current: SavedView;
  filter: QueueFilter;
  line: QueueLine;
  saved: Saved;
  onAsk: (asking: SavedViewAsking) => void;
};

function Changes({ person, current, filter, line, saved, onAsk }: ChangesProps) {
  return (
    <>
      <MenuItem
        disabled={!isChanged(current, filter) && line.density === current.density}
        onSelect={() => saved.replace(current, line)}
      >
        Replace it with what is shown
      </MenuItem>
      <MenuItem onSelect={() => onAsk("rename")}>Rename it</MenuItem>
      {current.shared || mayShareViews(person.role) ? (
        <MenuItem onSelect={() => saved.share(current, !current.shared)}>
          {current.shared ? "Stop sharing it" : "Share it with the desk"}
        </MenuItem>
      ) : null}
      <MenuItem tone="danger" onSelect={() => onAsk("delete")}>
        Delete it
      </MenuItem>
    </>
  );
}

function OpensWith({
  current,
  filter,
  saved,
}: Pick<ChangesProps, "filter" | "saved"> & { current: SavedView | null }) {
  const name = current ? `"${current.name}"` : `"${VIEW_WORDS[filter.view]}"`;
  const here: FirstView = current ? { savedId: current.id } : { view: filter.view };
  const isHere =
    saved.first !== null &&
    ("view" in saved.first
      ? current === null && saved.first.view === filter.view
      : saved.first.savedId === current?.id);
  return isHere ? (
    <MenuItem
      onSelect={() => saved.openWith(null, "The queue opens with all open incidents again")}
    >
      Open the queue with all open ones again
    </MenuItem>
  ) : (
    <MenuItem onSelect={() => saved.openWith(here, `The queue opens with ${name}`)}>
      Open the queue with this
    </MenuItem>
  );
}

/** Says that the view in the address is gone, or that its line cannot be read any more. */
export function SavedViewNote({
  savedId,
  onLeave,
}: {
  savedId: string | null;
  onLeave: () => void;
}) {
  const { views, loaded } = useSavedViews();
  const view = views.find(({ id }) => id === savedId);
  const parsed = view ? parseQueue(view.q) : null;
  if (savedId === null || !loaded || parsed?.ok) return null;
  return (
    <p role="status" className="flex items-center gap-2 border-b bg-sunken px-4 py-1.5 text-sm">
      {view && parsed && !parsed.ok ? (
        <span className="min-w-0 flex-1">
          The line of “<HostileText text={view.name} />” can no longer be read:{" "}
          {parsed.fault.sentence} Mend it in the filter, then replace the view with it.
        </span>
      ) : (
        <span className="min-w-0 flex-1">
          This view was deleted, or is not shared any more. What is shown is the queue as it is.
        </span>
      )}
      <Button size="sm" onClick={onLeave}>
        Leave it
      </Button>
    </p>
  );
}

function isFirst(first: FirstView, view: SavedView): boolean {
  return first !== null && "savedId" in first && first.savedId === view.id;
}

/** Its rows stand as close as when it was saved. */
function useItsDensity(view: SavedView | null) {
  const { density, setDensity } = usePreferences();
  const follow = useEffectEvent(() => {
    if (view && view.density !== density) setDensity(view.density);
  });
  const id = view?.id;
  useEffect(() => {
    if (id !== undefined) follow();
  }, [id]);
}
