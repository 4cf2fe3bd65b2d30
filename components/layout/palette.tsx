"use client";

import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useDeferredValue, useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { cx } from "#components/ui/cx.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { actsHere } from "#components/ui/use-keys.ts";
import { savedViewsOptions } from "#lib/browser/desk-data.ts";
import { getJson } from "#lib/browser/get-json.ts";
import type { QueuePage } from "#lib/contracts/views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { ACCOUNT, CLOCKS, opens, PLACES, PLAYBOOKS } from "./nav-rail.tsx";
import { matching, recentPaths, remember, searchItems } from "./palette-items.ts";
import type { PaletteItem } from "./palette-items.ts";

type Props = { role: Role; open: boolean; onOpenChange: (open: boolean) => void };

/** Everything by a few letters: incidents, places, and what the screen behind it can do. */
export function Palette({ role, open, onOpenChange }: Props) {
  const router = useRouter();
  const afterwards = useRef<(() => void) | null>(null);
  const choose = (item: PaletteItem) => {
    onOpenChange(false);
    if ("run" in item) {
      afterwards.current = item.run;
      return;
    }
    if (item.group !== "Views") remember(item.hostile ? (item.hint ?? "") : item.words, item.href);
    router.push(item.href);
  };
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => onOpenChange(next)}
      onOpenChangeComplete={(next) => {
        // Only now: what it does may take the focus, which goes back to the screen first.
        if (!next) afterwards.current?.();
        afterwards.current = null;
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="float fixed top-[12vh] left-1/2 z-40 flex max-h-[70vh] w-[min(640px,calc(100vw-32px))] -translate-x-1/2 flex-col bg-surface text-text">
          <Dialog.Title className="sr-only">Search, or go anywhere</Dialog.Title>
          {open ? <Choices role={role} onChoose={choose} /> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Choices({ role, onChoose }: { role: Role; onChoose: (item: PaletteItem) => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const items = useItems(role, typed);
  const marked = Math.min(at, items.length - 1);
  const press = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) setAt((marked + by + items.length) % Math.max(1, items.length));
    else if (event.key === "Enter" && items[marked]) onChoose(items[marked]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        role="combobox"
        aria-label="Search, or go anywhere"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={items[marked] ? `${list}-${marked}` : undefined}
        value={typed}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        placeholder={
          may(role, "incident:read")
            ? "A number, words of a title, an indicator, a place, an act"
            : "A place, or an act"
        }
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
        className="h-11 w-full shrink-0 border-b bg-transparent px-4 text-sm outline-none focus-visible:outline-none"
      />
      <List {...{ list, items, marked, onChoose }} onPoint={setAt} />
    </>
  );
}

type ListProps = {
  list: string;
  items: readonly PaletteItem[];
  marked: number;
  onPoint: (at: number) => void;
  onChoose: (item: PaletteItem) => void;
};

function List({ list, items, marked, onPoint, onChoose }: ListProps) {
  useEffect(() => {
    document.getElementById(`${list}-${marked}`)?.scrollIntoView({ block: "nearest" });
  }, [list, marked]);
  const groups = [...new Set(items.map(({ group }) => group))];
  return (
    <div
      id={list}
      role="listbox"
      aria-label="Results"
      className="min-h-0 flex-1 overflow-y-auto p-1"
    >
      {items.length === 0 ? (
        <p className="px-3 py-2 text-sm text-dim">Nothing here is called that.</p>
      ) : null}
      {groups.map((group) => (
        <div key={group} role="group" aria-label={group}>
          <p aria-hidden className="px-3 pt-2 pb-1 text-2xs font-medium text-faint">
            {group}
          </p>
          {items.map((item, index) =>
            item.group === group ? (
              <button
                type="button"
                tabIndex={-1}
                key={item.id}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === marked}
                onPointerMove={() => index === marked || onPoint(index)}
                onClick={() => onChoose(item)}
                className={cx(
                  "flex min-h-7 w-full items-center text-left gap-3 rounded-control px-3 text-sm select-none",
                  index === marked && "bg-selected",
                )}
              >
                <span className="min-w-0 flex-1 truncate">
                  {item.hostile ? <HostileText text={item.words} /> : item.words}
                </span>
                {item.hint ? <Hint item={item} /> : null}
              </button>
            ) : null,
          )}
        </div>
      ))}
    </div>
  );
}

function Hint({ item }: { item: PaletteItem }) {
  return "run" in item ? (
    <Kbd className="text-dim">{item.hint}</Kbd>
  ) : (
    <span className="text-xs text-dim tabular-nums">{item.hint}</span>
  );
}

const FOUND_MAX = 8;

/** Each group as far as it fits what was typed; the incidents are asked for when the typing rests. */
function useItems(role: Role, typed: string): PaletteItem[] {
  const [acts] = useState(screenItems);
  const [recent] = useState(recentItems);
  const reader = may(role, "incident:read");
  const found = useFound(reader ? typed : "");
  const places = [...PLACES, CLOCKS, PLAYBOOKS, ACCOUNT]
    .filter((place) => opens(role, place))
    .map((place): PaletteItem => ({
      id: place.href,
      group: "Go to",
      words: place.name,
      href: place.href,
    }));
  const views = useViews(reader);
  if (typed.trim() === "") return [...recent, ...acts, ...views, ...places];
  const search = reader ? searchItems(typed) : [];
  const named = matching([...acts, ...views, ...places], typed);
  const jump = search.some(({ id }) => id === "jump");
  return jump ? [...search, ...found, ...named] : [...named, ...found, ...search];
}

function screenItems(): PaletteItem[] {
  return actsHere().map(({ key, shown, what, run }) => ({
    id: `act ${key}`,
    group: "On this screen",
    words: what,
    hint: shown ?? key,
    run,
  }));
}

function recentItems(): PaletteItem[] {
  return recentPaths().map(({ words, href }) => ({
    id: `recent ${href}`,
    group: "Recent",
    words,
    href,
  }));
}

/** The saved views; those of others with their names. */
function useViews(reader: boolean): PaletteItem[] {
  const { data } = useQuery({ ...savedViewsOptions(), enabled: reader });
  return (data?.views ?? []).map(({ id, name, shared, owner }) => ({
    id: `view ${id}`,
    group: "Views",
    words: name,
    hint: shared ? owner.name : undefined,
    hostile: true,
    href: `/incidents?saved=${id}`,
  }));
}

function useFound(typed: string): PaletteItem[] {
  const q = useRested(useDeferredValue(typed.trim()));
  const { data } = useQuery({
    queryKey: ["palette", q],
    queryFn: (context) =>
      getJson<QueuePage>(
        `/api/incidents?${new URLSearchParams({ q, limit: String(FOUND_MAX) })}`,
        context,
      ),
    enabled: q.length >= 2,
    staleTime: 10_000,
    placeholderData: (previous) => (q.length >= 2 ? previous : undefined),
  });
  return (data?.incidents ?? []).map((row) => ({
    id: row.id,
    group: "Incidents",
    words: row.title,
    hint: row.number,
    hostile: true,
    href: `/incidents/${row.number}`,
  }));
}

const REST_MS = 120;

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
