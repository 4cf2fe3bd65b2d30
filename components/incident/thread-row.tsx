import { handPerson } from "#lib/domain/evidence/by-hand.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { ChevronDown, ChevronRight, Hand, Layers } from "lucide-react";
import { amount } from "#components/ui/amount.ts";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { InstructionLikeMark } from "#components/marks/instruction-like.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { utcWords, zonedClock } from "#components/ui/time-words.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import type { ActEntry, RecordEntry, ThreadEntry } from "#lib/contracts/thread-views.ts";
import type { RecordStore } from "#lib/browser/record-store.ts";
import type { Fold, Row } from "#lib/domain/thread/thread-rows.ts";
import { dayHeading } from "./day-heading.ts";
import { ActBody } from "./thread-act.tsx";
import { shortHost } from "./short-host.ts";
import { useRecord } from "./use-records.ts";
import type { LaidThread } from "./use-thread.ts";

type Props = {
  row: number;
  line: Row;
  lineKey: string | null;
  laid: LaidThread;
  records: RecordStore;
  selected: boolean;
  /** Its raw view is open. */
  opened: boolean;
  press: (key: string) => void;
};

/** One line of the thread: a record, repeats of one, or what a person, a model or the gate did. */
export function ThreadRow(props: Props) {
  const { row, line, lineKey, laid, selected, opened, press } = props;
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
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the listbox has the focus and the keys; this is its active descendant
    <div
      id={`row-${row}`}
      role="option"
      aria-selected={selected}
      aria-setsize={laid.rows.count}
      aria-posinset={row + 1}
      data-opened={opened || undefined}
      onClick={() => press(lineKey)}
      className={cx(
        "relative grid min-h-(--row) grid-cols-[58px_16px_minmax(0,1fr)_auto] items-center gap-x-2.5 pr-3",
        line.kind === "record" && line.inFold ? "pl-6" : "pl-3",
        line.kind !== "act" && "h-(--row) overflow-hidden",
        "hover:bg-hover aria-selected:bg-selected data-opened:bg-selected",
        selected && "before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent",
      )}
    >
      {line.kind === "act" ? (
        <ActLine entry={laid.outline.acts[line.act]!.entry} />
      ) : (
        <RecordLine {...props} line={line} />
      )}
    </div>
  );
}

function ActLine({ entry }: { entry: ActEntry }) {
  return (
    <>
      <Time entry={entry} />
      <ActBody entry={entry} />
    </>
  );
}

type RecordsLine = Extract<Row, { kind: "record" | "fold" }>;

function RecordLine({ line, laid, records, row }: Props & { line: RecordsLine }) {
  const record = useRecord(records, line.position);
  const above = row > 0 ? laid.rows.at(row - 1) : null;
  const before = useRecord(records, above?.kind === "record" ? above.position : null);
  const fold = line.kind === "fold" ? laid.outline.folds[line.fold]! : null;
  if (!record) return <WaitingBody line={line} fold={fold} row={row} />;
  return (
    <>
      <Time entry={record} />
      {line.kind === "fold" ? (
        <FoldBody entry={record} fold={fold!} open={line.open} />
      ) : (
        <RecordBody entry={record} repeat={repeats(before, record)} />
      )}
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
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      <Chevron className="size-3.5 justify-self-center text-dim" strokeWidth={1.5} aria-hidden />
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="sr-only">{open ? "Repeats, opened: " : "Repeats, folded: "}</span>
        <Times count={fold.count} />
        <span className="truncate text-text">
          <HostileText text={entry.title} />
        </span>
      </span>
      <span className="flex items-center gap-2.5 text-2xs text-faint">
        <span className="hidden @min-[840px]/thread:block">
          <Who host={entry.host} user={entry.user} faint={false} />
        </span>
        <Until second={fold.until} />
      </span>
    </>
  );
}

function Times({ count }: { count: number }) {
  return <span className="shrink-0 font-medium text-text tabular-nums">{amount(count)} ×</span>;
}

function Until({ second }: { second: number }) {
  const { zone } = usePreferences();
  const until = new Date(second * 1000).toISOString();
  return (
    <time dateTime={until} title={`The last: ${utcWords(until)}`} className="record text-2xs">
      to {zonedClock(until, zone)}
    </time>
  );
}

const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-3/4", "w-1/3", "w-2/3"];

/** A line of which nothing is told yet, as high as it will be. */
function RowSkeleton({ row }: { row: number }) {
  return (
    <div
      aria-hidden
      className="grid h-(--row) grid-cols-[58px_16px_minmax(0,1fr)_auto] items-center gap-x-2.5 pr-3 pl-3"
    >
      <span data-waiting className="h-3 w-12 rounded-control bg-sunken" />
      <span />
      <WaitingWords row={row} />
    </div>
  );
}

type WaitingProps = { line: RecordsLine; fold: Fold | null; row: number };

/** A line whose words are on their way: when it stands, and which record or how many of them it is, are known. */
function WaitingBody({ line, fold, row }: WaitingProps) {
  const { zone } = usePreferences();
  const at = new Date(line.second * 1000).toISOString();
  return (
    <>
      <time data-waiting dateTime={at} className="record self-start leading-(--row) text-faint">
        {zonedClock(at, zone)}
      </time>
      <span />
      <span className="flex min-w-0 items-center gap-2">
        {fold ? <Times count={fold.count} /> : null}
        <WaitingWords row={row} />
      </span>
      <span className="record text-2xs text-faint">
        {fold ? <Until second={fold.until} /> : `E${line.position}`}
      </span>
    </>
  );
}

function WaitingWords({ row }: { row: number }) {
  return <span className={cx("h-3 rounded-control bg-sunken", WIDTHS[row % WIDTHS.length])} />;
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
