"use client";

import { X } from "lucide-react";
import { useState, useTransition } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { useHeldText } from "#components/ui/held-text.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { addNote } from "#lib/actions/add-note.ts";
import { reached } from "#lib/browser/reached.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { DraftKind } from "#lib/domain/copilot/run.ts";
import { MentionArea } from "./mention-area.tsx";

/** So that a key of the screen can go to it. */
export const NOTE_ID = "note";

/** A model's draft that a person takes for their own. */
export type TakenDraft = { runId: string; kind: DraftKind; model: string; text: string };

type Props = {
  incidentId: string;
  /** Taken into the text when it changes; sent with it as what it was made of. */
  draft: TakenDraft | null;
  onDropDraft: () => void;
  onAdded: () => void;
};

const ADD_WORDS: Record<DraftKind, string> = {
  note: "Add note",
  handover: "Add hand-over",
  message: "Add message",
};

/** Adds a person's words to the thread. One line until it is needed; nothing typed is lost on a failure. */
export function NoteComposer({ incidentId, draft, onDropDraft, onAdded }: Props) {
  const [text, setText] = useDraftedText(draft);
  const [failed, setFailed] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const add = () => {
    const words = text.trim();
    if (!words || pending) return;
    start(async () => {
      const result = await reached(
        addNote({ incidentId, text: words, draftRunId: draft?.runId ?? null }),
      );
      setFailed(result.ok ? null : result.message);
      if (!result.ok) return;
      setText("");
      onDropDraft();
      onAdded();
    });
  };
  return (
    <form
      className="flex shrink-0 flex-col gap-1 border-t px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      {draft ? (
        <DraftLine draft={draft} edited={text.trim() !== draft.text.trim()} onDrop={onDropDraft} />
      ) : null}
      <div className="flex items-end gap-2 border-l-2 border-accent pl-2">
        <MentionArea
          id={NOTE_ID}
          rows={1}
          value={text}
          maxLength={TEXT_LIMITS.note}
          aria-label="Note"
          aria-invalid={failed ? true : undefined}
          placeholder="Add a note  n"
          onText={setText}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) add();
          }}
          className="field-sizing-content max-h-48 min-h-6 resize-none bg-transparent py-0.5 text-sm focus-visible:outline-none"
        />
        {text.trim() ? (
          <Button type="submit" size="sm" tone="primary" pending={pending} keys="Ctrl ↵">
            {ADD_WORDS[draft?.kind ?? "note"]}
          </Button>
        ) : null}
      </div>
      {failed ? (
        <p role="alert" className="text-xs text-danger">
          {failed} Your words are still here.
        </p>
      ) : null}
    </form>
  );
}

/** The text, with a draft taken in after whatever was written before. */
function useDraftedText(draft: TakenDraft | null) {
  const [text, setText] = useHeldText("note");
  const [taken, setTaken] = useHeldText("draft of the note");
  const runId = draft?.runId ?? "";
  if (runId !== taken) {
    setTaken(runId);
    if (draft) setText(text.trim() ? `${text.trimEnd()}\n\n${draft.text}` : draft.text);
  }
  return [text, setText] as const;
}

type DraftLineProps = { draft: TakenDraft; edited: boolean; onDrop: () => void };

function DraftLine({ draft, edited, onDrop }: DraftLineProps) {
  return (
    <p className="flex items-center gap-1 text-2xs text-model">
      <span className="min-w-0 flex-1">
        From a draft by <HostileText text={draft.model} />, {edited ? "edited" : "unchanged"}. Sent,
        it is yours; that it was a draft stays with it.
      </span>
      <IconButton
        size="sm"
        label="Forget the draft, keep the words"
        icon={<X className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={onDrop}
      />
    </p>
  );
}
