"use client";

import dynamic from "next/dynamic";
import { Paperclip } from "lucide-react";
import { useState } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { later, soon } from "#components/ui/later.tsx";

const AddEvidenceDialog = later(
  dynamic(soon(async () => (await import("./add-evidence-dialog.tsx")).AddEvidenceDialog)),
);

/** So that a key of the screen can press it. */
export const ADD_EVIDENCE_ID = "add-evidence";

export type AddEvidenceProps = {
  incidentId: string;
  onAdded: () => void;
  onOpen: (evidenceId: string) => void;
};

/** The button beside the thread, and what it opens. What is being written stays when it may be sent no more: the server says why. */
export function AddEvidence({ shown, ...props }: AddEvidenceProps & { shown: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {shown ? (
        <IconButton
          id={ADD_EVIDENCE_ID}
          label="Add evidence"
          keys="i"
          icon={<Paperclip className="size-3.5" strokeWidth={1.5} aria-hidden />}
          onClick={() => setOpen(true)}
        />
      ) : null}
      {open ? <AddEvidenceDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
