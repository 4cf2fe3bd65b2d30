import { Eye } from "lucide-react";
import Link from "next/link";
import { Fragment, memo } from "react";
import { BreakGlassMark } from "#components/marks/break-glass.tsx";
import { amount, counted } from "#components/ui/amount.ts";
import { Badge } from "#components/ui/badge.tsx";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { StatusMark } from "#components/marks/status-mark.tsx";
import type { QueueRow as Row } from "#lib/contracts/views.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { ServiceClock } from "./service-clock.tsx";
import { FROM_LG, FROM_MD, FROM_SM, QUEUE_GRID } from "./queue-columns.ts";
import type { RowMark } from "./use-marks.ts";

type Props = {
  row: Row;
  /** What about it the person has not seen. */
  mark: RowMark | undefined;
  /** Who else has it open, in words. */
  present: string | undefined;
  /** Its place in the list, from 0. */
  index: number;
  selected: boolean;
  mine: boolean;
  onSelect: (id: string) => void;
  onOpen: (row: Row) => void;
  /** Whether it is chosen, to do one thing to several; null where the person may not work incidents. */
  chosen: boolean | null;
  onChoose: (id: string, extend: boolean) => void;
};

/** The id of a row's link, so that the keyboard can move to it. */
export function rowLinkId(id: string): string {
  return `queue-${id}`;
}

/** One incident of the queue; the whole row is its link. Drawn anew only when something about it is different. */
export const QueueRow = memo(function QueueRow(props: Props) {
  const { row, mark, present, index, selected, mine, onSelect, onOpen, chosen, onChoose } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-selected={selected || undefined}
      className={cx(
        QUEUE_GRID,
        "relative h-row border-b border-line/60 text-sm hover:bg-hover data-selected:bg-selected",
        selected && "before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent",
      )}
    >
      <NumberCell row={row} mark={mark} chosen={chosen} onChoose={onChoose} />
      <span role="cell" className="flex items-center text-xs text-dim">
        <SeverityMark severity={row.severity} word="@max-[968px]/queue:sr-only" />
      </span>
      <TitleCell row={row} present={present} onSelect={onSelect} onOpen={onOpen} />
      <span role="cell" className={cx(FROM_SM, "text-xs text-dim")}>
        {row.summaryStanding ? (
          <StandingMark standing={row.summaryStanding} word="@max-[1544px]/queue:sr-only" />
        ) : (
          <span className="text-faint" title="No summary yet">
            <span aria-hidden>–</span>
            <span className="sr-only">No summary yet</span>
          </span>
        )}
      </span>
      <Counts alerts={row.alertCount} events={row.eventCount} />
      <Sources names={row.sources} />
      <span role="cell" className={cx(FROM_MD, "text-xs text-dim")}>
        <StatusMark status={row.status} />
      </span>
      <span role="cell" className={cx(FROM_SM, "min-w-0 text-xs", mine ? "text-text" : "text-dim")}>
        {row.assignee ? (
          <PersonChip name={row.assignee.name} className="max-w-full" />
        ) : (
          <span className="text-faint">Nobody</span>
        )}
      </span>
      <span role="cell" className={cx(FROM_MD, "justify-end text-xs text-dim")}>
        <RelativeTime at={row.openedAt} suffix={false} />
      </span>
      <span role="cell" className="flex items-center justify-end text-xs">
        <ServiceClock row={row} />
      </span>
    </div>
  );
});

const MARK_WORDS: Record<RowMark, string> = {
  changed: "Changed since you looked",
  new: "New since you looked",
};

/** A disc for what is new, a ring for what changed; it stands in the margin, so nothing moves when it comes or goes. */
function MarkDot({ mark }: { mark: RowMark }) {
  return (
    <span
      title={MARK_WORDS[mark]}
      className={cx(
        "absolute left-1.5 z-10 size-1.5 rounded-full",
        mark === "new" ? "bg-accent" : "border border-accent",
      )}
    >
      <span className="sr-only">{MARK_WORDS[mark]}</span>
    </span>
  );
}

type NumberProps = Pick<Props, "row" | "mark" | "chosen" | "onChoose">;

function NumberCell({ row, mark, chosen, onChoose }: NumberProps) {
  return (
    <span role="cell" className="flex items-center gap-2 text-xs text-dim">
      {mark ? <MarkDot mark={mark} /> : null}
      {chosen === null ? null : (
        <input
          type="checkbox"
          aria-label={`Choose ${row.number}`}
          checked={chosen}
          // A click says whether Shift was held, a change does not.
          onClick={(event) => onChoose(row.id, event.shiftKey)}
          onChange={() => undefined}
          className="relative z-10 size-3.5 accent-accent-solid"
        />
      )}
      <IncidentNumber number={row.number} />
    </span>
  );
}

type TitleProps = Pick<Props, "row" | "present" | "onSelect" | "onOpen">;

function TitleCell({ row, present, onSelect, onOpen }: TitleProps) {
  return (
    <span role="cell" className="flex min-w-0 items-center gap-2">
      <Link
        id={rowLinkId(row.id)}
        href={`/incidents/${row.number}`}
        prefetch={false}
        onFocus={() => onSelect(row.id)}
        onClick={(event) => {
          // Another tab or window is the browser's
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          onOpen(row);
        }}
        className={cx(
          "min-w-0 truncate outline-none after:absolute after:inset-0",
          "focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent",
          row.status === "new" && "font-medium",
        )}
      >
        <span className="sr-only">{row.number} </span>
        <HostileText text={row.title} />
      </Link>
      <span className="flex shrink-0 items-center gap-1">
        {row.breakGlass ? <BreakGlassMark state={row.breakGlass} short /> : null}
        {row.escalated ? <Badge tone="info">Escalated</Badge> : null}
        {row.contained ? <Badge tone="ok">Contained</Badge> : null}
        {row.waitingFor.map((kind) => (
          <Badge key={kind} tone="accent">
            {DECISION_WORDS[kind]} waiting
          </Badge>
        ))}
        {present === undefined ? null : (
          <span title={`Open now: ${present}`} className="text-dim">
            <Eye className="size-3.5" strokeWidth={1.5} aria-hidden />
            <span className="sr-only">Open now: {present}</span>
          </span>
        )}
      </span>
    </span>
  );
}

function Counts({ alerts, events }: { alerts: number; events: number }) {
  return (
    <span
      role="cell"
      className={cx(FROM_LG, "justify-end text-xs text-dim tabular-nums")}
      title={`${counted(alerts, "alert")}, ${counted(events, "event")}`}
    >
      <span aria-hidden>
        {amount(alerts)}
        <span className="px-1 text-faint">/</span>
        {amount(events)}
      </span>
      <span className="sr-only">{`${counted(alerts, "alert")}, ${counted(events, "event")}`}</span>
    </span>
  );
}

function Sources({ names }: { names: string[] }) {
  const [first, ...more] = names;
  return (
    <span role="cell" className={cx(FROM_LG, "min-w-0 text-xs text-dim")} title={names.join(", ")}>
      <span className="truncate">
        {first === undefined ? "–" : <HostileText text={first} />}
        {more.length > 0 ? (
          <span className="@max-[1544px]/queue:sr-only">
            {more.map((name) => (
              <Fragment key={name}>
                , <HostileText text={name} />
              </Fragment>
            ))}
          </span>
        ) : null}
      </span>
      {more.length > 0 ? (
        <span aria-hidden className="pl-1.5 text-faint @min-[1544px]/queue:hidden">
          +{more.length}
        </span>
      ) : null}
    </span>
  );
}
