"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Link2, Pin, PinOff, Split, X } from "lucide-react";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { InstructionLikeMark } from "#components/marks/instruction-like.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { Tab, TabList, TabPanel, Tabs } from "#components/ui/tabs.tsx";
import { DoorError } from "#lib/browser/get-json.ts";
import { evidenceOptions } from "#lib/browser/incident-data.ts";
import type { EvidenceView } from "#lib/contracts/views.ts";
import { FieldsTable } from "./fields-table.tsx";
import type { Span } from "#components/marks/raw-segments.ts";
import { RawView } from "./raw-view.tsx";
import { RecordFacts } from "./record-facts.tsx";

type Props = {
  incidentId: string;
  evidenceId: string;
  /** The cited words, when the record was opened from a citation. */
  span: Span | null;
  /** Keeps it in sight for the team, where there is a thread and one may. */
  pin?: {
    pinned: boolean;
    onPin: (record: { id: string; label: string }, pinned: boolean) => void;
  } | null;
  onStep: (step: 1 | -1) => void;
  onClose: () => void;
};

/** One record as it came: its normal fields, and its raw bytes with the cited words marked. */
export function RecordPanel({ incidentId, evidenceId, span, pin, onStep, onClose }: Props) {
  const query = useQuery(evidenceOptions(incidentId, evidenceId));
  const into = query.isError ? intoOf(query.error) : null;
  return (
    <section aria-label="Record" className="flex h-full min-h-0 flex-col bg-surface">
      {query.data && into === null ? (
        <Opened record={query.data} span={span} pin={pin} onStep={onStep} onClose={onClose} />
      ) : (
        <>
          <div className="flex h-9 items-center justify-end border-b px-2">
            <Controls onStep={onStep} onClose={onClose} />
          </div>
          {query.isError && into !== null ? (
            <EmptyState
              icon={<Split />}
              title="The record went to another incident"
              action={
                <ButtonLink href={`/incidents/${into}?record=${evidenceId}`}>
                  Open it in {into}
                </ButtonLink>
              }
            >
              {query.error.message}
            </EmptyState>
          ) : query.isError ? (
            <ErrorState
              flush
              title="The record could not be opened"
              safe={`${query.error.message} Nothing in the record has changed.`}
              action={<Button onClick={() => void query.refetch()}>Try again</Button>}
            />
          ) : (
            <RecordSkeleton />
          )}
        </>
      )}
    </section>
  );
}

/** INC-000012, when the door said that the record went there. */
function intoOf(error: Error): string | null {
  if (!(error instanceof DoorError) || error.code !== "record_went") return null;
  return typeof error.details.into === "string" ? error.details.into : null;
}

type View = "raw" | "fields";

function Opened({
  record,
  span,
  pin,
  onStep,
  onClose,
}: { record: EvidenceView } & Pick<Props, "span" | "pin" | "onStep" | "onClose">) {
  const [view, setView] = useState<View>(span ? "raw" : "fields");
  const [shownSpan, setShownSpan] = useState(span);
  if (span !== shownSpan) {
    setShownSpan(span);
    if (span) setView("raw");
  }
  return (
    <Tabs
      value={view}
      onValueChange={(next) => setView(next as View)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabList
        label="Views of the record"
        end={
          <>
            {record.incidentId ? (
              <CopyButton
                what="link to this record"
                value={() =>
                  `${window.location.origin}/incidents/${record.incidentId}?record=${record.id}`
                }
                icon={<Link2 className="size-3.5" strokeWidth={1.5} aria-hidden />}
              />
            ) : null}
            {pin ? <PinButton record={record} {...pin} /> : null}
            <Controls onStep={onStep} onClose={onClose} />
          </>
        }
      >
        <Tab value="fields">Fields</Tab>
        <Tab value="raw">Raw</Tab>
        <span className="ml-2 flex min-w-0 items-baseline gap-2 text-xs">
          <span className="record text-faint">{record.label}</span>
          <span className="truncate text-dim">
            <HostileText text={record.title} />
          </span>
        </span>
      </TabList>
      <InstructionLikeLine signs={record.instructionLike} />
      <TabPanel value="fields" className="flex-1 overflow-y-auto">
        <RecordFacts record={record} />
        <FieldsTable fields={record.fields} />
      </TabPanel>
      <TabPanel value="raw" className="flex flex-1 flex-col">
        <RawView key={record.id} record={record} span={span} />
      </TabPanel>
    </Tabs>
  );
}

/** More than these are told by the raw view. */
const SIGNS_SHOWN = 3;

/** What in the record reads like an instruction, in its sender's words. */
function InstructionLikeLine({ signs }: { signs: EvidenceView["instructionLike"] }) {
  if (signs.length === 0) return null;
  return (
    <p className="flex shrink-0 items-baseline gap-2 border-b bg-warn/8 px-3 py-1.5 text-xs">
      <InstructionLikeMark word className="self-start" />
      <span className="line-clamp-2 min-w-0 text-dim">
        {signs.slice(0, SIGNS_SHOWN).map(({ words }, index) => (
          <span key={index}>
            {index > 0 ? ", " : null}
            <span className="record text-xs text-text">
              <HostileText text={words} />
            </span>
          </span>
        ))}
        . Evidence, not an order.
      </span>
    </p>
  );
}

function PinButton({
  record,
  pinned,
  onPin,
}: { record: EvidenceView } & NonNullable<Props["pin"]>) {
  return (
    <IconButton
      size="sm"
      label={pinned ? "Take the pin off" : "Pin for the team"}
      keys="p"
      pressed={pinned}
      icon={
        pinned ? (
          <PinOff className="size-4" strokeWidth={1.5} aria-hidden />
        ) : (
          <Pin className="size-4" strokeWidth={1.5} aria-hidden />
        )
      }
      onClick={() => onPin(record, !pinned)}
    />
  );
}

function Controls({ onStep, onClose }: Pick<Props, "onStep" | "onClose">) {
  return (
    <div className="flex items-center">
      <IconButton
        size="sm"
        label="Previous record"
        keys="k"
        icon={<ChevronUp className="size-4" strokeWidth={1.5} aria-hidden />}
        onClick={() => onStep(-1)}
      />
      <IconButton
        size="sm"
        label="Next record"
        keys="j"
        icon={<ChevronDown className="size-4" strokeWidth={1.5} aria-hidden />}
        onClick={() => onStep(1)}
      />
      <IconButton
        size="sm"
        label="Close the record"
        keys="Esc"
        icon={<X className="size-4" strokeWidth={1.5} aria-hidden />}
        onClick={onClose}
      />
    </div>
  );
}

function RecordSkeleton() {
  return (
    <div className="flex flex-col gap-2 p-3">
      <LoadingNote>Opening the record</LoadingNote>
      {["w-1/2", "w-2/3", "w-1/3", "w-3/5", "w-2/5", "w-1/2"].map((width, index) => (
        <div key={index} className="flex gap-3">
          <Skeleton className="h-3.5 w-28" />
          <Skeleton className={`h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  );
}
