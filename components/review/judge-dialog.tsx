"use client";

import { useState } from "react";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { VERDICT_NOTE_MAX } from "#lib/contracts/override-inputs.ts";
import { OVERRIDE_OUTCOME_WORDS } from "#lib/domain/review/override.ts";
import type { useJudging } from "./use-judging.ts";

/** Why a lead agrees in part only, or not. */
export function JudgeDialog({ judging }: { judging: ReturnType<typeof useJudging> }) {
  const [note, setNote] = useState("");
  const { open } = judging;
  if (open === null) return null;
  return (
    <FormDialog
      open
      onOpenChange={(stays) => (stays ? undefined : judging.close())}
      title={OVERRIDE_OUTCOME_WORDS[open.outcome]}
      description="Your word stays beside the override and goes on the trail. A later one counts instead of it."
      submit="Judge"
      pending={judging.pending}
      onSubmit={() => judging.give(open, note)}
    >
      <TextArea
        label="Why"
        name="note"
        rows={4}
        autoFocus
        value={note}
        maxLength={VERDICT_NOTE_MAX}
        error={judging.error}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  );
}
