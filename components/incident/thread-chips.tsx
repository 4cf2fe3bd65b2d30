"use client";

import { CalendarRange, Fingerprint, Pin, X } from "lucide-react";
import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type { ThreadFilter, ThreadOutline } from "#lib/contracts/thread-views.ts";

type Props = {
  filter: ThreadFilter;
  /** What the filters leave; null until it is known. */
  outline: ThreadOutline | null;
  /** Records of the incident. */
  of: number;
  onChange: (filter: ThreadFilter) => void;
};

/** What the thread is narrowed to besides what its menu shows, each to be taken off, and how much is left. */
export function ThreadChips({ filter, outline, of, onChange }: Props) {
  const { entity, from, to, pinned } = filter;
  const time = from !== undefined || to !== undefined;
  const cut = entity?.indexOf(":") ?? -1;
  return (
    <div
      role="group"
      aria-label="Filters of the thread"
      className="flex min-h-8 shrink-0 flex-wrap items-center gap-1.5 border-b px-3 py-1 text-xs"
    >
      {entity ? (
        <Chip
          icon={<Fingerprint {...ICON} />}
          label="Remove the entity"
          onRemove={() => onChange({ ...filter, entity: undefined })}
        >
          <span className="text-dim">{entity.slice(0, cut)} </span>
          <span className="record">
            <HostileText text={entity.slice(cut + 1)} />
          </span>
        </Chip>
      ) : null}
      {time ? (
        <Chip
          icon={<CalendarRange {...ICON} />}
          label="Remove the time"
          onRemove={() => onChange({ ...filter, from: undefined, to: undefined })}
        >
          <span className="record">
            {from ? utcWords(from) : "the beginning"} to {to ? utcWords(to) : "the end"}
          </span>
        </Chip>
      ) : null}
      {pinned ? (
        <Chip
          icon={<Pin {...ICON} />}
          label="Show more than pins"
          onRemove={() => onChange({ ...filter, pinned: undefined })}
        >
          Pinned records
        </Chip>
      ) : null}
      <output className="ml-auto shrink-0 text-dim tabular-nums">
        {outline ? `${number(outline.records)} of ${number(of)} records` : ""}
      </output>
    </div>
  );
}

const ICON = { className: "size-3.5 shrink-0 text-accent", strokeWidth: 1.5, "aria-hidden": true };

function number(value: number): string {
  return value.toLocaleString("en");
}

type ChipProps = { icon: ReactNode; label: string; onRemove: () => void; children: ReactNode };

function Chip({ icon, label, onRemove, children }: ChipProps) {
  return (
    <span className="flex min-w-0 items-center gap-1.5 rounded-control bg-accent/12 py-0.5 pr-0.5 pl-1.5">
      {icon}
      <span className="line-clamp-2 min-w-0 break-all">{children}</span>
      <button
        type="button"
        aria-label={label}
        title={label}
        onClick={onRemove}
        className="inline-flex size-5 shrink-0 items-center justify-center rounded-control text-dim hover:bg-hover hover:text-text"
      >
        <X className="size-3.5" strokeWidth={1.5} aria-hidden />
      </button>
    </span>
  );
}
