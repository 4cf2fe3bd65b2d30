"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowDownUp, Download, RefreshCw, Rows3, Rows4 } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { Count } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuChoice } from "#components/ui/menu.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import { countsOptions } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { COUNT_MAX } from "#lib/contracts/views.ts";
import { QUEUE_SORTS, QUEUE_TABLE_MAX, QUEUE_VIEWS } from "#lib/contracts/queue-words.ts";
import type { QueueView } from "#lib/contracts/queries.ts";
import { FilterBox, FilterChips, FilterMenu } from "./queue-filter.tsx";
import { SORT_WORDS, VIEW_WORDS } from "./queue-params.ts";

type Props = {
  filter: QueueFilter;
  views: readonly QueueView[];
  onChange: (change: Partial<QueueFilter>) => void;
  onRefresh: () => void;
  refreshing: boolean;
  searchBox: RefObject<HTMLInputElement | null>;
  /** The views that people keep. */
  saved?: ReactNode;
  /** What else belongs among the view's own switches. */
  extra?: ReactNode;
};

const ICON = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;

export function QueueToolbar({
  filter,
  views,
  onChange,
  onRefresh,
  refreshing,
  searchBox,
  saved,
  extra,
}: Props) {
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5">
      <Views filter={filter} views={views} onChange={onChange} />
      {saved}
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <FilterBox key={filter.view} filter={filter} onChange={onChange} box={searchBox} />
        <FilterMenu filter={filter} onChange={onChange} />
        <Menu
          align="end"
          trigger={
            <Button tone="quiet" icon={<ArrowDownUp {...ICON} />}>
              <span className="sr-only">Sort: </span>
              {SORT_WORDS[filter.sort]}
            </Button>
          }
        >
          <MenuChoice
            label="Sort by"
            value={filter.sort}
            options={QUEUE_SORTS.map((value) => ({ value, label: SORT_WORDS[value] }))}
            onChange={(sort) => onChange({ sort })}
          />
        </Menu>
        <span className="flex items-center">
          {extra}
          <DensitySwitch />
          <TableLink filter={filter} />
          <IconButton
            label="Refresh the list"
            keys="r"
            icon={<RefreshCw {...ICON} />}
            pending={refreshing}
            onClick={onRefresh}
          />
        </span>
      </div>
      <FilterChips filter={filter} onChange={onChange} />
    </div>
  );
}

function Views({ filter, views, onChange }: Pick<Props, "filter" | "views" | "onChange">) {
  const { data: counts } = useQuery(countsOptions());
  return (
    <nav aria-label="Views" className="flex max-w-full items-center gap-0.5 overflow-x-auto">
      {QUEUE_VIEWS.filter((view) => views.includes(view)).map((view) => {
        const here = filter.view === view;
        return (
          <a
            key={view}
            href={`/incidents?view=${view}`}
            aria-current={here ? "page" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
              event.preventDefault();
              onChange({ view });
            }}
            className={cx(
              "flex h-7 items-center gap-1.5 rounded-control px-2 whitespace-nowrap transition-colors",
              here
                ? "bg-selected font-medium text-text"
                : "text-dim hover:bg-hover hover:text-text",
            )}
          >
            {VIEW_WORDS[view]}
            {counts ? (
              <Count
                value={counts[view]}
                max={COUNT_MAX}
                className={here ? "text-dim" : undefined}
              />
            ) : null}
          </a>
        );
      })}
    </nav>
  );
}

function TableLink({ filter: { view, q, sort } }: Pick<Props, "filter">) {
  return (
    <Tooltip content={`Export as CSV, at most ${QUEUE_TABLE_MAX.toLocaleString("en")} rows`}>
      <a
        href={`/api/incidents/table?${new URLSearchParams({ view, sort, ...(q ? { q } : {}) })}`}
        download
        aria-label="Export as CSV"
        className="inline-flex size-7 shrink-0 items-center justify-center rounded-control text-dim transition-colors hover:bg-hover hover:text-text"
      >
        <Download {...ICON} />
      </a>
    </Tooltip>
  );
}

function DensitySwitch() {
  const { density, setDensity } = usePreferences();
  const dense = density === "dense";
  return (
    <IconButton
      label={dense ? "Comfortable rows" : "Dense rows"}
      keys="v"
      icon={dense ? <Rows3 {...ICON} /> : <Rows4 {...ICON} />}
      onClick={() => setDensity(dense ? "comfortable" : "dense")}
    />
  );
}
