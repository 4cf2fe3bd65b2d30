import { PenLine, StickyNote } from "lucide-react";
import type { ReactNode } from "react";
import { BreakGlassMark } from "#components/marks/break-glass.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { NoteText } from "#components/marks/note-text.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import type { ActEntry, ThreadEntry } from "#lib/contracts/thread-views.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { DECISION_STATE_WORDS, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";

/** What a person, a model or the gate did, as a line of the thread. */
export function ActBody({ entry }: { entry: ActEntry }) {
  switch (entry.type) {
    case "note":
      return (
        <Body
          icon={<StickyNote className="size-3.5 text-accent" strokeWidth={1.5} aria-hidden />}
          word={NOTE_WORDS[entry.noteKind]}
          end={entry.person.name}
        >
          <span
            data-voice="person"
            className="my-1.5 block border-l-2 border-accent pl-2 break-words text-text"
          >
            {entry.handover ? <HandedOver to={entry.handover.to} /> : null}
            <NoteText text={entry.text} />
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

/** The act that the note came with, before its words. */
function HandedOver({ to }: { to: string | null }) {
  return (
    <span className="block font-medium">
      Handed over to {to === null ? "nobody yet" : <HostileText text={to} />}
    </span>
  );
}

const NOTE_WORDS = { note: "Note", handover: "Hand-over", message: "Message" };

type NoteEntry = Extract<ThreadEntry, { type: "note" }>;

/** That the words were a model's before a person sent them as their own. */
function NoteOrigin({ entry: { noteKind, draft, mergedFrom } }: { entry: NoteEntry }) {
  const before =
    mergedFrom === null ? null : (
      <span className="mt-0.5 block text-2xs text-dim">
        Written in {incidentNumber(mergedFrom)}, before it was merged into this one
      </span>
    );
  if (!draft) return before;
  return (
    <>
      {before}
      <span className="mt-0.5 block text-2xs text-model">
        {noteKind === "note" ? "From" : `${NOTE_WORDS[noteKind]}, from`} a draft by{" "}
        <HostileText text={draft.model} />, {draft.edited ? "edited" : "unchanged"}
      </span>
    </>
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
