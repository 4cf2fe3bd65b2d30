"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import { LoadingNote } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { recordOptions } from "#lib/browser/incident-data.ts";
import type { LooseRecordsPage } from "#lib/contracts/views.ts";
import { FieldsTable } from "./fields-table.tsx";
import { RawView } from "./raw-view.tsx";

type Props = { page: LooseRecordsPage; q: string; isFirst: boolean };
type LooseRecord = LooseRecordsPage["records"][number];

/** Records that joined no incident, newest first; each opens in place. */
export function LooseRecords({ page, q, isFirst }: Props) {
  return (
    <div className="mx-auto flex h-full w-full max-w-[1240px] flex-col gap-4 overflow-y-auto px-6 py-6">
      <header className="flex max-w-[720px] flex-col gap-0.5">
        <h1 className="text-xl font-semibold">Records without an incident</h1>
        <p className="text-dim">
          Telemetry opens no incident by itself. These records are kept for 30 days and join when an
          alert arrives that they belong to.
        </p>
      </header>
      <form role="search" className="flex max-w-[560px] items-end gap-2">
        <TextField
          name="q"
          label="Words of the title, or an address, host, account, hash or domain"
          defaultValue={q}
          maxLength={200}
        />
        <Button type="submit">Search</Button>
      </form>
      {page.records.length === 0 ? <Nothing q={q} /> : <Records records={page.records} />}
      <nav aria-label="Pages" className="flex gap-2">
        {isFirst ? null : <ButtonLink href={address(q, null)}>Newest</ButtonLink>}
        {page.nextCursor ? <ButtonLink href={address(q, page.nextCursor)}>Older</ButtonLink> : null}
      </nav>
    </div>
  );
}

function Nothing({ q }: { q: string }) {
  return (
    <EmptyState
      title={q ? "No such record" : "Every record has its incident"}
      action={q ? <Link href="/records">Show all</Link> : undefined}
    >
      {q
        ? "No record without an incident has these words or this value."
        : "What joins no incident is listed here."}
    </EmptyState>
  );
}

function Records({ records }: { records: LooseRecord[] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <ul aria-label="Records" className="flex flex-col border-t">
      {records.map((record) => (
        <li key={record.id} className="border-b">
          <button
            type="button"
            aria-expanded={open === record.id}
            onClick={() => setOpen(open === record.id ? null : record.id)}
            className="grid min-h-row w-full grid-cols-[180px_minmax(0,1fr)_140px_100px] items-center gap-3 px-2 text-left hover:bg-hover"
          >
            <span className="record text-dim">
              {record.time ? <ExactTime at={record.time} day /> : "no time"}
            </span>
            <span className="min-w-0 truncate">
              <HostileText text={record.title} />
            </span>
            <span className="truncate text-xs text-dim">{record.source}</span>
            <span className="text-right text-xs text-faint">
              <RelativeTime at={record.receivedAt} />
            </span>
          </button>
          {open === record.id ? <Opened id={record.id} /> : null}
        </li>
      ))}
    </ul>
  );
}

function Opened({ id }: { id: string }) {
  const query = useQuery(recordOptions(id));
  if (query.isError) {
    return <ErrorState flush title="The record could not be opened" safe={query.error.message} />;
  }
  if (!query.data) {
    return (
      <div className="px-2 py-3 text-dim">
        Opening the record
        <LoadingNote>Opening the record</LoadingNote>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-2 pb-3">
      <FieldsTable fields={query.data.fields} />
      <div className="flex max-h-96 flex-col">
        <RawView record={query.data} span={null} />
      </div>
    </div>
  );
}

function address(q: string, cursor: string | null): string {
  const search = new URLSearchParams();
  if (q) search.set("q", q);
  if (cursor) search.set("cursor", cursor);
  const text = search.toString();
  return text ? `/records?${text}` : "/records";
}
