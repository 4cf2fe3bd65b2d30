"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Layers, Search, X } from "lucide-react";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { Tab, TabList, TabPanel, Tabs } from "#components/ui/tabs.tsx";
import { recordOptions } from "#lib/browser/incident-data.ts";
import type { EvidenceView, LooseRecordsPage } from "#lib/contracts/views.ts";
import { FieldsTable } from "./fields-table.tsx";
import { RawView } from "./raw-view.tsx";
import { RecordFacts } from "./record-facts.tsx";

type Props = { page: LooseRecordsPage; q: string; isFirst: boolean };
type LooseRecord = LooseRecordsPage["records"][number];

/** Records that joined no incident, newest first; each opens in place. */
export function LooseRecords({ page, q, isFirst }: Props) {
  const empty = page.records.length === 0;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-4 px-6 py-6">
        <header className="flex max-w-[640px] flex-col gap-0.5">
          <h1 className="text-xl font-semibold">Records without an incident</h1>
          <p className="text-dim">
            Telemetry opens no incident by itself. These records are kept for 30 days and join when
            an alert arrives that they belong to.
          </p>
        </header>
        {empty && !q && isFirst ? null : <SearchForm q={q} />}
        {empty ? <Nothing q={q} /> : <Records records={page.records} />}
        {!isFirst || page.nextCursor ? (
          <nav aria-label="Pages" className="flex gap-2">
            {isFirst ? null : <ButtonLink href={address(q, null)}>Newest</ButtonLink>}
            {page.nextCursor ? (
              <ButtonLink href={address(q, page.nextCursor)}>Older</ButtonLink>
            ) : null}
          </nav>
        ) : null}
      </div>
    </div>
  );
}

const WHAT_IS_FOUND = "Words of the title, or an address, host, account, hash or domain";

function SearchForm({ q }: { q: string }) {
  return (
    <form role="search" className="flex max-w-[640px] items-center gap-2">
      <div className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-control border border-line-strong/70 bg-sunken px-2.5 focus-within:border-accent">
        <Search className="size-3.5 shrink-0 text-faint" strokeWidth={1.5} aria-hidden />
        <input
          key={q}
          type="search"
          name="q"
          aria-label={WHAT_IS_FOUND}
          placeholder={WHAT_IS_FOUND}
          defaultValue={q}
          maxLength={200}
          className="h-full min-w-0 flex-1 bg-transparent text-sm placeholder:text-faint focus-visible:outline-none"
        />
      </div>
      <Button type="submit">Search</Button>
      {q ? (
        <ButtonLink
          href="/records"
          tone="quiet"
          icon={<X className="size-3.5" strokeWidth={1.5} aria-hidden />}
        >
          Show all
        </ButtonLink>
      ) : null}
    </form>
  );
}

function Nothing({ q }: { q: string }) {
  return (
    <EmptyState
      flush
      icon={<Layers strokeWidth={1.5} aria-hidden />}
      title={q ? "No such record" : "Every record has its incident"}
    >
      {q
        ? "No record without an incident has these words or this value. What joined an incident is found in its thread."
        : "What a source sends and no alert asks for is listed here, newest first."}
    </EmptyState>
  );
}

/** The same columns for the head and every row. */
const COLUMNS =
  "grid grid-cols-[16px_182px_minmax(0,1fr)_minmax(0,160px)_88px] items-center gap-x-3 px-2";

function Records({ records }: { records: LooseRecord[] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div>
      <div aria-hidden className={cx(COLUMNS, "h-8 border-b text-2xs font-medium text-faint")}>
        <span />
        <span>Happened</span>
        <span>Record</span>
        <span>Source</span>
        <span className="text-right">Received</span>
      </div>
      <ul aria-label="Records">
        {records.map((record) => (
          <li key={record.id} className="border-b border-line/70">
            <Row
              record={record}
              open={open === record.id}
              onToggle={() => setOpen(open === record.id ? null : record.id)}
            />
            <div id={`opened-${record.id}`}>
              {open === record.id ? <Opened id={record.id} /> : null}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

type RowProps = { record: LooseRecord; open: boolean; onToggle: () => void };

function Row({ record, open, onToggle }: RowProps) {
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-controls={`opened-${record.id}`}
      onClick={onToggle}
      className={cx(
        COLUMNS,
        "min-h-(--row) w-full text-left outline-offset-[-2px] hover:bg-hover",
        open && "bg-selected/60",
      )}
    >
      <ChevronRight
        className={cx("size-3.5 text-faint transition-transform", open && "rotate-90")}
        strokeWidth={1.5}
        aria-hidden
      />
      <span className="record text-faint">
        {record.time ? <ExactTime at={record.time} day /> : "no time"}
      </span>
      <span className="min-w-0 truncate">
        <HostileText text={record.title} />
      </span>
      <span className="truncate text-xs text-dim">
        <HostileText text={record.source} />
      </span>
      <span className="text-right text-xs text-faint">
        <RelativeTime at={record.receivedAt} />
      </span>
    </button>
  );
}

function Opened({ id }: { id: string }) {
  const query = useQuery(recordOptions(id));
  if (query.isError) {
    return (
      <div className="px-9">
        <ErrorState
          flush
          title="The record could not be opened"
          safe={`${query.error.message} Nothing in the record has changed.`}
          action={<Button onClick={() => void query.refetch()}>Try again</Button>}
        />
      </div>
    );
  }
  if (!query.data) {
    return (
      <div className="flex flex-col gap-2 px-9 py-3">
        <LoadingNote>Opening the record</LoadingNote>
        <Skeleton className="h-3.5 w-1/2" />
        <Skeleton className="h-3.5 w-1/3" />
      </div>
    );
  }
  return <OpenedRecord record={query.data} />;
}

function OpenedRecord({ record }: { record: EvidenceView }) {
  const [view, setView] = useState("fields");
  return (
    <Tabs
      value={view}
      onValueChange={setView}
      className="mb-3 ml-9 flex flex-col rounded-panel border"
    >
      <TabList
        label="Views of the record"
        end={record.severity ? <SeverityMark severity={record.severity} /> : null}
      >
        <Tab value="fields">Fields</Tab>
        <Tab value="raw">Raw</Tab>
      </TabList>
      <RecordFacts record={record} />
      <TabPanel value="fields">
        <FieldsTable fields={record.fields} />
      </TabPanel>
      <TabPanel value="raw" className="flex max-h-[420px] flex-col">
        <RawView record={record} span={null} />
      </TabPanel>
    </Tabs>
  );
}

function address(q: string, cursor: string | null): string {
  const search = new URLSearchParams();
  if (q) search.set("q", q);
  if (cursor) search.set("cursor", cursor);
  const text = search.toString();
  return text ? `/records?${text}` : "/records";
}
