import { handPerson } from "#lib/domain/evidence/by-hand.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { ChevronDown, ChevronRight, Hand, Layers } from "lucide-react";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { InstructionLikeMark } from "#components/marks/instruction-like.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { utcWords, zonedClock } from "#components/ui/time-words.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import type { RecordEntry, ThreadEntry } from "#lib/contracts/thread-views.ts";
import type { RecordStore } from "#lib/browser/record-store.ts";
import type { Fold, Row } from "#lib/domain/thread/thread-rows.ts";
import { dayHeading } from "./day-heading.ts";
import { ActBody } from "./thread-act.tsx";
import { shortHost } from "./short-host.ts";
import type { LaidThread } from "./use-thread.ts";

type Props = {
  row: number;
  line: Row;
  lineKey: string | null;
  laid: LaidThread;
  records: RecordStore;
  selected: boolean;
  openedId: string | null;
  onSelect: (key: string) => void;
  onOpen: (key: string) => void;
};

/** One line of the thread: a record, repeats of one, or what a person, a model or the gate did. */
export function ThreadRow(props: Props) {
  const { row, line, lineKey, laid, records, selected, openedId, onSelect, onOpen } = props;
  const { zone } = usePreferences();
  if (line.kind === "day") {
    return (
      <div
        role="presentation"
        className="flex h-7 items-end border-b bg-bg px-3 pb-1 text-2xs font-medium text-faint"
      >
        {dayHeading(new Date(line.day * 86_400_000).toISOString().slice(0, 10))} {zone ?? "UTC"}
      </div>
    );
  }
  if (line.kind === "unknown" || lineKey === null) return <RowSkeleton row={row} />;
  const record =
    line.kind === "record" || line.kind === "fold" ? records.get(line.position) : undefined;
  const opened = record !== undefined && record.id === openedId && line.kind === "record";
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the listbox has the focus and the keys; this is its active descendant
    <div
      id={`row-${row}`}
      role="option"
      aria-selected={selected}
      aria-setsize={laid.rows.count}
      aria-posinset={row + 1}
      data-opened={opened || undefined}
      onClick={() => {
        onSelect(lineKey);
        onOpen(lineKey);
      }}
      className={cx(
        "relative grid min-h-(--row) grid-cols-[58px_16px_minmax(0,1fr)_auto] items-center gap-x-2.5 pr-3",
        line.kind === "record" && line.inFold ? "pl-6" : "pl-3",
        line.kind !== "act" && "h-(--row) overflow-hidden",
        "hover:bg-hover aria-selected:bg-selected data-opened:bg-selected",
        selected && "before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent",
      )}
    >
      <LineBody {...props} record={record} />
    </div>
  );
}

function LineBody({
  line,
  laid,
  records,
  row,
  record,
}: Props & { record: RecordEntry | undefined }) {
  if (line.kind === "act") {
    const { entry } = laid.outline.acts[line.act]!;
    return (
      <>
        <Time entry={entry} />
        <ActBody entry={entry} />
      </>
    );
  }
  if (!record) return <BodySkeleton row={row} />;
  if (line.kind === "fold") {
    const fold = laid.outline.folds[line.fold]!;
    return (
      <>
        <Time entry={record} />
        <FoldBody entry={record} fold={fold} open={line.open} />
      </>
    );
  }
  const above = row > 0 ? laid.rows.at(row - 1) : null;
  const before = above?.kind === "record" ? records.get(above.position) : undefined;
  return (
    <>
      <Time entry={record} />
      <RecordBody entry={record} repeat={repeats(before, record)} />
    </>
  );
}

/** It says the same as the line above it. */
function repeats(before: RecordEntry | undefined, entry: RecordEntry): boolean {
  return (
    before !== undefined &&
    before.title === entry.title &&
    before.host === entry.host &&
    before.user === entry.user &&
    before.source === entry.source
  );
}

/** `412 ×` before what one of them says, and until when. */
function FoldBody({ entry, fold, open }: { entry: RecordEntry; fold: Fold; open: boolean }) {
  const { zone } = usePreferences();
  const until = new Date(fold.until * 1000).toISOString();
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      <Chevron className="size-3.5 justify-self-center text-dim" strokeWidth={1.5} aria-hidden />
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="sr-only">{open ? "Repeats, opened: " : "Repeats, folded: "}</span>
        <span className="shrink-0 font-medium text-text tabular-nums">
          {fold.count.toLocaleString("en")} ×
        </span>
        <span className="truncate text-text">
          <HostileText text={entry.title} />
        </span>
      </span>
      <span className="flex items-center gap-2.5 text-2xs text-faint">
        <span className="hidden @min-[840px]/thread:block">
          <Who host={entry.host} user={entry.user} faint={false} />
        </span>
        <time dateTime={until} title={`The last: ${utcWords(until)}`} className="record text-2xs">
          to {zonedClock(until, zone)}
        </time>
      </span>
    </>
  );
}

const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-3/4", "w-1/3", "w-2/3"];

/** A line whose words are on their way, as high as it will be. */
function RowSkeleton({ row }: { row: number }) {
  return (
    <div
      aria-hidden
      className="grid h-(--row) grid-cols-[58px_16px_minmax(0,1fr)_auto] items-center gap-x-2.5 pr-3 pl-3"
    >
      <BodySkeleton row={row} />
    </div>
  );
}

function BodySkeleton({ row }: { row: number }) {
  return (
    <>
      <span data-waiting className="h-3 w-12 rounded-control bg-sunken" />
      <span />
      <span className={cx("h-3 rounded-control bg-sunken", WIDTHS[row % WIDTHS.length])} />
    </>
  );
}

function Time({ entry }: { entry: ThreadEntry }) {
  const { zone } = usePreferences();
  if (!entry.time) {
    return <span className="record text-2xs text-faint">no time</span>;
  }
  const guessed = entry.type === "record" && entry.timeQuality !== "exact";
  return (
    <time
      dateTime={entry.time}
      title={
        guessed
          ? `${utcWords(entry.time, true)}, ${TIME_QUALITY[entry.timeQuality]}`
          : utcWords(entry.time, true)
      }
      className={cx("record self-start leading-(--row) text-faint", guessed && "italic")}
    >
      {zonedClock(entry.time, zone)}
    </time>
  );
}

const TIME_QUALITY = {
  exact: "as the source wrote it",
  assumed_utc: "the source gave no time zone; read as UTC",
  assumed_year: "the source gave no year; read as the latest that fits",
  missing: "no time in the record",
};

function RecordBody({ entry, repeat }: { entry: RecordEntry; repeat: boolean }) {
  const alert = entry.kind !== "event";
  const person = handPerson(entry.source);
  return (
    <>
      <span className="flex justify-center">
        {person !== null ? (
          <Hand className="size-3.5 text-dim" strokeWidth={1.5} aria-hidden />
        ) : entry.kind === "incident" ? (
          <Layers className="size-3.5 text-dim" strokeWidth={1.5} aria-hidden />
        ) : alert ? (
          <SeverityMark severity={entry.severity ?? "informational"} word={false} />
        ) : (
          <span className="size-1 rounded-full bg-line-strong" aria-hidden />
        )}
      </span>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="sr-only">
          {person === null ? KIND_WORDS[entry.kind] : "Added by hand"}:{" "}
        </span>
        <span
          className={cx(
            "truncate",
            alert ? "font-medium text-text" : repeat ? "text-faint" : "text-dim",
          )}
        >
          <HostileText text={entry.title} />
        </span>
        {entry.instructionLike ? <InstructionLikeMark className="self-center" /> : null}
      </span>
      <span className="flex items-center gap-2.5 text-2xs text-faint">
        <Who host={entry.host} user={entry.user} faint={repeat} />
        <span
          title={person === null ? undefined : `Added by hand by ${visibleText(person)}`}
          className="hidden w-28 truncate @min-[720px]/thread:block"
        >
          <HostileText text={entry.source} />
        </span>
        <span className="record w-9 text-right text-2xs">E{entry.position}</span>
      </span>
    </>
  );
}

const KIND_WORDS = { alert: "Alert", event: "Event", incident: "Source incident" };

function Who({ host, user, faint }: { host: string | null; user: string | null; faint: boolean }) {
  // Without either the title has the room.
  if (!host && !user) return null;
  return (
    <span
      title={visibleText([host, user].filter(Boolean).join(" · ")) || undefined}
      className={cx(
        "record hidden truncate text-xs @min-[560px]/thread:block @min-[560px]/thread:w-44 @min-[840px]/thread:w-64",
        faint ? "text-faint" : "text-dim",
      )}
    >
      {host ? <HostileText text={shortHost(host)} /> : null}
      {host && user ? <span className="text-faint"> · </span> : null}
      {user ? <HostileText text={user} /> : null}
    </span>
  );
}
