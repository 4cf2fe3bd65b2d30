"use client";

import { useQuery } from "@tanstack/react-query";
import {
  ArrowDownUp,
  CircleHelp,
  ListFilter,
  RefreshCw,
  Rows3,
  Rows4,
  Search,
  X,
} from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { Count } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Menu, MenuChecks, MenuChoice, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { SeverityGlyph } from "#components/marks/severity-mark.tsx";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import { countsOptions } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { QUEUE_SORTS, QUEUE_VIEWS } from "#lib/contracts/queries.ts";
import type { QueueView } from "#lib/contracts/queries.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { SEVERITY_WORDS, STATUS_WORDS } from "#lib/domain/incident/words.ts";
import { SORT_WORDS, VIEW_WORDS } from "./queue-params.ts";

type Props = {
  filter: QueueFilter;
  views: readonly QueueView[];
  onChange: (change: Partial<QueueFilter>) => void;
  onRefresh: () => void;
  onHelp: () => void;
  refreshing: boolean;
  searchBox: RefObject<HTMLInputElement | null>;
  /** What else belongs among the view's own switches. */
  extra?: ReactNode;
};

const ICON = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;

export function QueueToolbar({
  filter,
  views,
  onChange,
  onRefresh,
  onHelp,
  refreshing,
  searchBox,
  extra,
}: Props) {
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5">
      <Views filter={filter} views={views} onChange={onChange} />
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <SearchBox key={filter.view} filter={filter} onChange={onChange} box={searchBox} />
        <Filters filter={filter} onChange={onChange} />
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
          <IconButton
            label="Refresh the list"
            keys="r"
            icon={<RefreshCw {...ICON} />}
            pending={refreshing}
            onClick={onRefresh}
          />
          <IconButton label="Keys" keys="?" icon={<CircleHelp {...ICON} />} onClick={onHelp} />
        </span>
      </div>
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
              <Count value={counts[view]} className={here ? "text-dim" : undefined} />
            ) : null}
          </a>
        );
      })}
    </nav>
  );
}

function SearchBox({
  filter,
  onChange,
  box,
}: Pick<Props, "filter" | "onChange"> & { box: Props["searchBox"] }) {
  return (
    <div className="relative w-40 lg:w-52">
      <Search
        className="pointer-events-none absolute top-[7px] left-2 size-3.5 text-faint"
        strokeWidth={1.5}
        aria-hidden
      />
      <input
        ref={box}
        type="search"
        defaultValue={filter.q}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-label="Filter incidents by words"
        placeholder="Filter by words"
        onChange={(event) => onChange({ q: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
        }}
        className="h-7 w-full rounded-control border border-transparent bg-sunken pr-7 pl-7 text-sm transition-colors hover:border-line focus-visible:border-accent [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="pointer-events-none absolute top-1.5 right-1.5 text-faint" aria-hidden>
        <Kbd>/</Kbd>
      </span>
    </div>
  );
}

function Filters({ filter, onChange }: Pick<Props, "filter" | "onChange">) {
  const active = filter.severity.length + filter.status.length;
  const statuses = (["new", "in_progress", "on_hold"] as const).map((value) => ({
    value,
    label: STATUS_WORDS[value],
  }));
  const severities = SEVERITIES.toReversed().map((value) => ({
    value,
    label: SEVERITY_WORDS[value],
    mark: <SeverityGlyph severity={value} className={`text-${value}`} />,
  }));
  return (
    <>
      <Menu
        align="end"
        className="w-52"
        trigger={
          <Button
            tone="quiet"
            icon={<ListFilter {...ICON} />}
            className={active > 0 ? "text-text" : undefined}
          >
            {active > 0 ? filterWords(filter) : "Filter"}
          </Button>
        }
      >
        <MenuChecks
          label="Severity"
          values={filter.severity}
          options={severities}
          onChange={(severity) => onChange({ severity })}
        />
        {filter.view === "closed" ? null : (
          <>
            <MenuSeparator />
            <MenuChecks
              label="Status"
              values={filter.status}
              options={statuses}
              onChange={(status) => onChange({ status })}
            />
          </>
        )}
        <MenuSeparator />
        <MenuItem disabled={active === 0} onSelect={() => onChange({ severity: [], status: [] })}>
          Clear filters
        </MenuItem>
      </Menu>
      {active > 0 ? (
        <IconButton
          size="sm"
          label="Clear filters"
          icon={<X {...ICON} />}
          onClick={() => onChange({ severity: [], status: [] })}
        />
      ) : null}
    </>
  );
}

function filterWords({ severity, status }: QueueFilter): string {
  const words = [
    ...severity.map((each) => SEVERITY_WORDS[each]),
    ...status.map((each) => STATUS_WORDS[each]),
  ];
  return words.length > 2
    ? `${words.slice(0, 2).join(", ")} +${words.length - 2}`
    : words.join(", ");
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
