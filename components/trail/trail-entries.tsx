"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import type { TrailRowView } from "#lib/contracts/trail-views.ts";
import { OpenEntry } from "./entry-detail.tsx";

const GRID = [
  "grid items-center gap-x-3 px-4",
  "grid-cols-[16px_64px_minmax(0,1fr)]",
  "md:grid-cols-[16px_88px_104px_minmax(0,1fr)_112px_92px_64px]",
].join(" ");

export function TrailEntries({ entries, incident }: { entries: TrailRowView[]; incident: string }) {
  return (
    <>
      <div
        aria-hidden
        className={cx(GRID, "sticky top-0 z-10 h-7 border-b bg-bg text-2xs text-faint")}
      >
        <span />
        <span className="text-right">Seq</span>
        <span className="hidden md:block">When</span>
        <span>What happened</span>
        <span className="hidden md:block">About</span>
        <span className="hidden md:block">Incident</span>
        <span className="hidden md:block">Login</span>
      </div>
      <ol aria-label={incident ? `Trail of ${incident}, newest first` : "Trail, newest first"}>
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
    </>
  );
}

function Entry({ entry }: { entry: TrailRowView }) {
  const [open, setOpen] = useState(false);
  const panel = `entry-${entry.seq}`;
  const { about } = entry;
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
          aria-label={`Entry ${entry.seq} in full`}
          onClick={() => setOpen(!open)}
          className="flex size-4 items-center justify-center rounded-[3px] text-faint hover:text-text"
        >
          <ChevronRight
            className={cx("size-3.5 transition-transform", open && "rotate-90")}
            strokeWidth={1.5}
            aria-hidden
          />
        </button>
        <span className="flex items-center justify-end gap-0.5 text-xs text-faint tabular-nums">
          <CopyButton
            value={String(entry.seq)}
            what={`number of entry ${entry.seq}`}
            className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
          />
          {entry.seq}
        </span>
        <RelativeTime at={entry.at} className="hidden text-xs text-dim md:block" />
        <What entry={entry} />
        <span className="hidden text-xs md:block">
          {about && about.words !== entry.incident ? (
            <Link href={about.href} className="text-accent hover:underline">
              {about.words}
            </Link>
          ) : null}
        </span>
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
      </div>
      {open ? <OpenEntry id={panel} seq={entry.seq} /> : null}
    </li>
  );
}

function What({ entry }: { entry: TrailRowView }) {
  return (
    <p className="min-w-0 wrap-anywhere">
      <span className={cx("font-medium", actorTone(entry.actor))}>
        <HostileText text={entry.actorName} />
      </span>{" "}
      <span className="text-dim">
        <HostileText text={entry.sentence} />
        {entry.erasedBy === null ? null : ` (erased by entry ${entry.erasedBy})`}
      </span>
      <span className="block text-2xs text-faint md:hidden">
        <ExactTime at={entry.at} />{" "}
        {entry.incident ? (
          <Link href={`/incidents/${entry.incident}`} className="hover:underline">
            {entry.incident}
          </Link>
        ) : null}
      </span>
    </p>
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
