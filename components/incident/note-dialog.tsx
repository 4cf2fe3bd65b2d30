"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";

type Props = {
  count: number;
  pending: boolean;
  onClose: () => void;
  onAdd: (text: string) => void;
};

/** One note for several incidents; it stays in each of them for good. */
export function NoteDialog({ count, pending, onClose, onAdd }: Props) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const where = count === 1 ? "1 incident" : `${count} incidents`;
  const add = () => {
    if (text.trim() === "") return setError("Write a note.");
    if (!pending) onAdd(text);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Add a note to ${where}`}
      description="It stands in the thread of each of them, under your name. A note is not taken back."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextArea
          label="Note"
          value={text}
          maxLength={TEXT_LIMITS.note}
          error={error}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) add();
          }}
        />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" tone="primary" pending={pending}>
            Add to {where}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
