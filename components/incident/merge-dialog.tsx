"use client";

import { useState } from "react";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { Notice } from "#components/ui/states.tsx";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";

type Props = {
  /** INC-000012 */
  from: string;
  into: string;
  pending: boolean;
  /** Why the last try was refused. */
  refused: string | null;
  onClose: () => void;
  onMerge: (reason: string) => void;
};

/** Why one incident is part of the other; it goes on the trail of both. */
export function MergeDialog({ from, into, pending, refused, onClose, onMerge }: Props) {
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string>();
  const submit = () => {
    if (reason.trim() === "") return setError("Write a reason.");
    if (!pending) onMerge(reason);
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Merge ${from} into ${into}`}
      description={`The records of ${from} follow those of ${into}, and its address leads here. It can be undone until someone works on the joined records.`}
      submit="Merge"
      pending={pending}
      onSubmit={submit}
    >
      <TextArea
        label="Reason"
        value={reason}
        maxLength={TEXT_LIMITS.reason}
        error={error}
        onChange={(event) => {
          setReason(event.target.value);
          setError(undefined);
        }}
      />
      {refused ? <Notice tone="danger">{refused}</Notice> : null}
    </FormDialog>
  );
}
