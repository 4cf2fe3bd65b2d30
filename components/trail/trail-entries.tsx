"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { EntrySeal } from "#components/layout/entry-seal.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { RecordText } from "#components/marks/voices.tsx";
import type { TrailEntryView } from "#lib/contracts/views.ts";

const GRID = [
  "grid items-center gap-x-3 px-4",
  "grid-cols-[16px_64px_minmax(0,1fr)]",
  "md:grid-cols-[16px_72px_168px_minmax(0,1fr)_92px_64px_124px]",
].join(" ");

export function TrailEntries({
  entries,
  incident,
}: {
  entries: TrailEntryView[];
  incident: string;
}) {
  return (
    <>
      <div
        aria-hidden
        className={cx(GRID, "sticky top-0 z-10 h-7 border-b bg-bg text-2xs text-faint")}
      >
        <span />
        <span className="text-right">Seq</span>
        <span className="hidden md:block">Time</span>
        <span>What happened</span>
        <span className="hidden md:block">Incident</span>
        <span className="hidden md:block">Login</span>
        <span className="hidden md:block">Leaf hash</span>
      </div>
      <ol aria-label={incident ? `Trail of ${incident}, newest first` : "Trail, newest first"}>
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
    </>
  );
}

function Entry({ entry }: { entry: TrailEntryView }) {
  const [open, setOpen] = useState(false);
  const panel = `entry-${entry.seq}`;
  return (
    <li className="border-b border-line/60 [content-visibility:auto] [contain-intrinsic-size:auto_32px]">
      <div
        className={cx(
          GRID,
          "group min-h-(--row) py-1 text-sm hover:bg-hover",
          open && "bg-selected",
        )}
      >
        <button
          type="button"
          aria-expanded={open}
          aria-controls={panel}
          aria-label={`Payload of entry ${entry.seq}`}
          onClick={() => setOpen(!open)}
          className="flex size-4 items-center justify-center rounded-[3px] text-faint hover:text-text"
        >
          <ChevronRight
            className={cx("size-3.5 transition-transform", open && "rotate-90")}
            strokeWidth={1.5}
            aria-hidden
          />
        </button>
        <span className="text-right text-xs text-faint tabular-nums">{entry.seq}</span>
        <ExactTime at={entry.at} className="hidden text-xs text-dim md:block" />
        <p className="min-w-0 wrap-anywhere">
          <span className={cx("font-medium", actorTone(entry.actor))}>
            <HostileText text={entry.actorName} />
          </span>{" "}
          <span className="text-dim">
            <HostileText text={entry.sentence} />
          </span>
          <span className="block text-2xs text-faint md:hidden">
            <ExactTime at={entry.at} /> {entry.incident}
          </span>
        </p>
        <span className="hidden text-xs md:block">
          {entry.incident ? (
            <Link
              href={`/incidents/${entry.incident}`}
              className="text-dim tabular-nums hover:text-text hover:underline"
            >
              <IncidentNumber number={entry.incident} />
            </Link>
          ) : null}
        </span>
        <span
          className="hidden truncate text-2xs text-faint md:block"
          title={`Database login ${entry.role}; ${entry.kind}`}
        >
          {loginWords(entry.role)}
        </span>
        <span className="record hidden items-center gap-1 text-faint md:flex">
          {entry.leaf.slice(0, 10)}
          <CopyButton
            value={entry.leaf}
            what={`leaf hash of entry ${entry.seq}`}
            className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
          />
        </span>
      </div>
      {open ? <Payload id={panel} entry={entry} /> : null}
    </li>
  );
}

function Payload({ id, entry }: { id: string; entry: TrailEntryView }) {
  return (
    <div id={id} className="flex flex-col gap-2 bg-surface px-4 py-3 md:pl-31">
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-xs">
        <Fact name="Kind">{entry.kind}</Fact>
        <Fact name="Actor">{entry.actor}</Fact>
        <Fact name="Time">
          <ExactTime at={entry.at} />
        </Fact>
        <Fact name="Leaf">{entry.leaf}</Fact>
        <Fact name="Seal">
          <EntrySeal seq={entry.seq} checkpoint={entry.checkpoint} />
        </Fact>
      </dl>
      {entry.payload === null || entry.payload === undefined ? (
        <p className="text-xs text-dim">
          The payload was erased; its hash is still part of the chain.
        </p>
      ) : (
        <RecordText
          wrap
          label={`Payload of entry ${entry.seq}`}
          className="max-h-96 overflow-y-auto"
        >
          <HostileText text={JSON.stringify(entry.payload, null, 2)} lines />
        </RecordText>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-1.5">
      <dt className="text-faint">{name}</dt>
      <dd className="record min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}

/** People in full strength, a model in its own colour, machines quiet. */
function actorTone(actor: string): string {
  if (actor.startsWith("model:")) return "text-model";
  return actor.startsWith("person:") ? "text-text" : "text-dim";
}

function loginWords(role: string): string {
  return role.replace(/^countersign_/, "");
}

export function TrailSkeleton() {
  return (
    <>
      <LoadingNote>Loading the trail</LoadingNote>
      <div className="h-7 border-b" />
      {Array.from({ length: 24 }, (_, index) => (
        <div key={index} className={cx(GRID, "h-row border-b border-line/60")}>
          <span />
          <Skeleton className="ml-auto h-3 w-10" />
          <Skeleton className="hidden h-3 w-36 md:block" />
          <Skeleton className={cx("h-3", index % 3 === 0 ? "w-1/2" : "w-2/3")} />
          <Skeleton className="hidden h-3 w-20 md:block" />
          <Skeleton className="hidden h-3 w-16 md:block" />
          <Skeleton className="hidden h-3 w-24 md:block" />
        </div>
      ))}
    </>
  );
}
