"use client";

import { useQuery } from "@tanstack/react-query";
import { PanelRightClose } from "lucide-react";
import { memo, useRef } from "react";
import type { CSSProperties, PointerEvent } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { StatusMark } from "#components/marks/status-mark.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Separator } from "#components/ui/separator.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { previewOptions } from "#lib/browser/preview-data.ts";
import type { QueueRow } from "#lib/contracts/views.ts";
import { inRange, PREVIEW_WIDTH } from "./preview-cookie.ts";
import { PreviewBody } from "./preview-body.tsx";
import { ServiceClock } from "./service-clock.tsx";

type Props = {
  /** The incident on which the cursor rests. */
  row: QueueRow | undefined;
  width: number;
  onWidth: (width: number) => void;
  onOpen: (open: boolean) => void;
};

/** The incident under the cursor, read without leaving the queue. Drawn anew only when another is read. */
export const QueuePreview = memo(function QueuePreview({ row, width, onWidth, onOpen }: Props) {
  const pane = useRef<HTMLElement>(null);
  return (
    <section
      ref={pane}
      aria-label="Preview"
      style={{ "--preview": `${width}px` } as CSSProperties}
      className="relative hidden w-[min(var(--preview),40vw)] shrink-0 flex-col border-l bg-surface md:flex"
    >
      <Grip pane={pane} width={width} onWidth={onWidth} />
      <header className="flex h-11 shrink-0 items-center gap-2.5 border-b px-3">
        {row ? <Head row={row} /> : <span className="text-xs text-faint">Preview</span>}
        <span className="ml-auto flex items-center gap-1">
          {row ? (
            <ButtonLink size="sm" keys="↵" href={`/incidents/${row.number}`} prefetch={false}>
              Open
            </ButtonLink>
          ) : null}
          <IconButton
            size="sm"
            label="Close the preview"
            keys="p"
            icon={<PanelRightClose className="size-3.5" strokeWidth={1.5} aria-hidden />}
            onClick={() => onOpen(false)}
          />
        </span>
      </header>
      {row ? <Contents key={row.id} row={row} /> : <Nothing />}
    </section>
  );
});

function Head({ row }: { row: QueueRow }) {
  return (
    <>
      <SeverityMark severity={row.severity} word={false} />
      <span className="text-xs text-dim">
        <IncidentNumber number={row.number} />
      </span>
      <span className="text-xs text-dim">
        <StatusMark status={row.status} />
      </span>
      <ServiceClock row={row} className="text-xs" />
    </>
  );
}

function Contents({ row }: { row: QueueRow }) {
  const preview = useQuery(previewOptions(row.id));
  return (
    <div
      role="region"
      aria-label={`${row.number} in short`}
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-3 py-3 outline-offset-[-2px]"
    >
      <div className="flex flex-col gap-1.5">
        <h2 className="font-semibold">
          <HostileText text={row.title} />
        </h2>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-dim">
          {row.assignee ? <PersonChip name={row.assignee.name} /> : <span>Nobody has it</span>}
          <span>
            Last activity <RelativeTime at={row.lastActivityAt} />
          </span>
        </p>
      </div>
      {preview.isPending ? <PreviewSkeleton /> : null}
      {preview.isError && !preview.data ? (
        <ErrorState
          flush
          title="The preview could not be loaded"
          safe={`${preview.error.message} The incident itself is as it was.`}
          action={<Button onClick={() => void preview.refetch()}>Try again</Button>}
        />
      ) : null}
      {preview.data ? <PreviewBody preview={preview.data} /> : null}
    </div>
  );
}

function Nothing() {
  return (
    <p className="px-3 py-4 text-sm text-dim">
      Go to an incident with j or k and it is read here: what is claimed of it and how that stands,
      who is in it, and what waits for a signature.
    </p>
  );
}

const LINES = ["w-11/12", "w-4/5", "w-full", "w-3/4", "w-10/12"];

function PreviewSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <LoadingNote>Loading the preview</LoadingNote>
      <div className="flex flex-col gap-3 border-l-2 border-line pl-3">
        {LINES.map((line) => (
          <div key={line} className="flex flex-col gap-1.5">
            <Skeleton className={`h-3 ${line}`} />
            <Skeleton className="h-3 w-32" />
          </div>
        ))}
      </div>
      <div className="flex flex-wrap gap-1.5">
        {LINES.map((line) => (
          <Skeleton key={line} className="h-5 w-24" />
        ))}
      </div>
    </div>
  );
}

const STEP_PX = 24;

type GripProps = {
  pane: React.RefObject<HTMLElement | null>;
} & Pick<Props, "width" | "onWidth">;

/** Between list and pane; to the right the pane gets narrower. */
function Grip({ pane, width, onWidth }: GripProps) {
  // where it was dragged to; null: a press that moved nothing
  const at = useRef<number | null>(null);
  const drag = (event: PointerEvent) => {
    const element = pane.current;
    if (!element) return;
    const { right } = element.getBoundingClientRect();
    at.current = inRange(right - event.clientX);
    element.style.setProperty("--preview", `${at.current}px`);
  };
  return (
    <Separator
      label="Resize the preview"
      orientation="vertical"
      value={width}
      min={PREVIEW_WIDTH.min}
      max={PREVIEW_WIDTH.max}
      step={STEP_PX}
      behind
      onDrag={drag}
      onDrop={() => {
        if (at.current !== null) onWidth(at.current);
        at.current = null;
      }}
      onStep={onWidth}
      onReset={() => onWidth(PREVIEW_WIDTH.first)}
      className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize after:absolute after:inset-y-0 after:left-1 after:w-px hover:after:bg-line-strong focus-visible:outline-none focus-visible:after:w-0.5 focus-visible:after:bg-accent active:after:bg-accent"
    />
  );
}
