"use client";

import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { addNote } from "#lib/actions/add-note.ts";
import { TEXT_LIMITS } from "#lib/contracts/inputs.ts";

/** So that a key of the screen can go to it. */
export const NOTE_ID = "note";

type Props = {
  incidentId: string;
  onAdded: () => void;
};

/** Adds a person's words to the thread. One line until it is needed; nothing typed is lost on a failure. */
export function NoteComposer({ incidentId, onAdded }: Props) {
  const [text, setText] = useState("");
  const [failed, setFailed] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const add = () => {
    const words = text.trim();
    if (!words || pending) return;
    start(async () => {
      const result = await addNote({ incidentId, text: words });
      setFailed(result.ok ? null : result.message);
      if (!result.ok) return;
      setText("");
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
      <div className="flex items-end gap-2 border-l-2 border-accent pl-2">
        <textarea
          id={NOTE_ID}
          rows={Math.min(8, text.split("\n").length)}
          value={text}
          maxLength={TEXT_LIMITS.note}
          aria-label="Note"
          aria-invalid={failed ? true : undefined}
          placeholder="Add a note  n"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) add();
          }}
          className="min-h-6 min-w-0 flex-1 resize-none bg-transparent py-0.5 text-sm focus-visible:outline-none"
        />
        {text.trim() ? (
          <Button type="submit" size="sm" tone="primary" pending={pending} keys="⌘↵">
            Add note
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
