import { visibleText } from "#lib/domain/evidence/display.ts";
import { Layers, PenLine, StickyNote } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "#components/ui/cx.ts";
import { BreakGlassMark } from "#components/marks/break-glass.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { InstructionLikeMark } from "#components/marks/instruction-like.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { utcWords, zonedClock } from "#components/ui/time-words.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import type { ThreadEntry } from "#lib/contracts/thread-views.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { DECISION_STATE_WORDS, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { dayHeading } from "./day-heading.ts";
import { shortHost } from "./short-host.ts";
import type { ThreadLine } from "./thread-lines.ts";

type Props = {
  line: ThreadLine;
  selected: boolean;
  opened: boolean;
  onSelect: (key: string) => void;
  onOpen: (key: string) => void;
};

/** One line of the thread: a record, or what a person, a model or the gate did. */
export function ThreadRow({ line, selected, opened, onSelect, onOpen }: Props) {
  if (line.type === "day") {
    return (
      <div
        role="presentation"
        className="flex h-7 items-end border-b bg-bg px-3 pb-1 text-2xs font-medium text-faint"
      >
        {dayHeading(line.day)}
      </div>
    );
  }
  const { entry } = line;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the listbox has the focus and the keys; this is its active descendant
    <div
      id={`line-${line.key}`}
      role="option"
      aria-selected={selected}
      data-opened={opened || undefined}
      onClick={() => {
        onSelect(line.key);
        onOpen(line.key);
      }}
      className={cx(
        "relative grid min-h-(--row) grid-cols-[58px_16px_minmax(0,1fr)_auto] items-center gap-x-2.5 pr-3 pl-3",
        "hover:bg-hover aria-selected:bg-selected data-opened:bg-selected",
        selected && "before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent",
      )}
    >
      <Time entry={entry} />
      <EntryBody entry={entry} repeat={line.repeat} />
    </div>
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

type BodyProps = { entry: ThreadEntry; repeat: boolean };

function EntryBody({ entry, repeat }: BodyProps) {
  switch (entry.type) {
    case "record":
      return <RecordBody entry={entry} repeat={repeat} />;
    case "note":
      return (
        <Body
          icon={<StickyNote className="size-3.5 text-accent" strokeWidth={1.5} aria-hidden />}
          word={NOTE_WORDS[entry.noteKind]}
          end={entry.person.name}
        >
          <span
            data-voice="person"
            className="my-1.5 block border-l-2 border-accent pl-2 whitespace-pre-wrap break-words text-text"
          >
            <HostileText text={entry.text} lines />
            <NoteOrigin entry={entry} />
          </span>
        </Body>
      );
    case "run":
      return (
        <Body
          icon={<span className="h-4 w-0.5 bg-model" aria-hidden />}
          word="Model run"
          end="Model"
        >
          <span className="text-dim">
            <HostileText text={entry.model} /> {runWords(entry)}
            {entry.error ? (
              <>
                : <HostileText text={entry.error} />
              </>
            ) : null}
          </span>
        </Body>
      );
    case "decision":
      return (
        <Body
          icon={<PenLine className="size-3.5 text-accent" strokeWidth={1.5} aria-hidden />}
          word="Decision"
          end={entry.by.name}
        >
          <span className="text-text">{DECISION_WORDS[entry.kind]} proposed</span>
          {entry.breakGlass ? <BreakGlass /> : null}
          <span className="text-dim"> · {DECISION_STATE_WORDS[entry.state].toLowerCase()}</span>
        </Body>
      );
    case "sign_off":
      return (
        <Body
          icon={<SealGlyph className="size-3.5 text-accent" />}
          word="Sign-off"
          end={entry.by.name}
        >
          <span className="text-text">
            {DECISION_WORDS[entry.kind]} {entry.outcome === "approved" ? "signed" : "rejected"}
          </span>
          {entry.breakGlass ? <BreakGlass /> : null}
          <span className="text-dim"> as {entry.by.role}</span>
        </Body>
      );
  }
}

function BreakGlass() {
  return (
    <span className="ml-1.5 inline-block align-middle">
      <BreakGlassMark />
    </span>
  );
}

const NOTE_WORDS = { note: "Note", handover: "Hand-over", message: "Message" };

type NoteEntry = Extract<ThreadEntry, { type: "note" }>;

/** That the words were a model's before a person sent them as their own. */
function NoteOrigin({ entry: { noteKind, draft } }: { entry: NoteEntry }) {
  if (!draft) return null;
  return (
    <span className="mt-0.5 block text-2xs text-model">
      {noteKind === "note" ? "From" : `${NOTE_WORDS[noteKind]}, from`} a draft by{" "}
      <HostileText text={draft.model} />, {draft.edited ? "edited" : "unchanged"}
    </span>
  );
}

const TASKS: Record<RunKind, string> = {
  summary: "a summary",
  repair: "a summary again, over the claims that failed",
  answer: "an answer",
  note: "a draft of a note",
  handover: "a draft of a hand-over",
  message: "a draft of a message",
  probe: "a probe",
  evaluation: "an evaluation",
};

function runWords({ runKind, state }: Extract<ThreadEntry, { type: "run" }>): string {
  const task = TASKS[runKind];
  switch (state) {
    case "queued":
      return `is waiting to write ${task}`;
    case "streaming":
      return `is writing ${task}`;
    case "finished":
      return `wrote ${task}`;
    case "cancelled":
      return `was cancelled before it wrote ${task}`;
    case "refused":
      return `refused to write ${task}`;
    default:
      return `did not write ${task}`;
  }
}

function RecordBody({
  entry,
  repeat,
}: {
  entry: Extract<ThreadEntry, { type: "record" }>;
  repeat: boolean;
}) {
  const alert = entry.kind !== "event";
  return (
    <>
      <span className="flex justify-center">
        {entry.kind === "incident" ? (
          <Layers className="size-3.5 text-dim" strokeWidth={1.5} aria-hidden />
        ) : alert ? (
          <SeverityMark severity={entry.severity ?? "informational"} word={false} />
        ) : (
          <span className="size-1 rounded-full bg-line-strong" aria-hidden />
        )}
      </span>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="sr-only">{KIND_WORDS[entry.kind]}: </span>
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
        <span className="hidden w-28 truncate @min-[720px]/thread:block">
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

type FrameProps = { icon: ReactNode; word: string; end: string; children: ReactNode };

function Body({ icon, word, end, children }: FrameProps) {
  return (
    <>
      <span className="flex h-row items-center justify-center self-start">{icon}</span>
      <span className="min-w-0">
        <span className="sr-only">{word}: </span>
        {children}
      </span>
      <span className="max-w-40 self-start truncate text-2xs leading-(--row) text-faint">
        {end}
      </span>
    </>
  );
}
