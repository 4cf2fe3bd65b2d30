"use client";

import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import type { AddEvidenceProps } from "./add-evidence.tsx";
import { additionOf, EvidenceInput, NO_EVIDENCE, unfit } from "./evidence-input.tsx";
import { SendProgress, useDigest, useSending } from "./use-sending.tsx";
import type { Refusal } from "./use-sending.tsx";

/** What an analyst brings to the incident themselves. */
export function AddEvidenceDialog({
  incidentId,
  onAdded,
  onOpen,
  onClose,
}: AddEvidenceProps & { onClose: () => void }) {
  const [draft, setDraft] = useState(NO_EVIDENCE);
  const [error, setError] = useState<string | null>(null);
  const addition = useMemo(() => additionOf(draft), [draft]);
  const sha256 = useDigest(addition);
  const sending = useSending(incidentId);
  const router = useRouter();
  const { refused } = sending;
  const submit = async () => {
    const why = addition ? unfit(addition) : "Bring something to add.";
    setError(why);
    if (!addition || why || sending.share !== null) return;
    const answer = await sending.send(addition, sha256);
    if (!answer.ok) return;
    const { id, label } = answer.added;
    onClose();
    toast.done(`Added ${label}`, {
      detail: `SHA-256 ${answer.added.sha256}`,
      // by its address: the person may be elsewhere when they press it
      act: {
        label: `Open ${label}`,
        onPress: () => router.push(`/incidents/${incidentId}?record=${id}`),
      },
    });
    onAdded();
  };
  const leave = () => {
    sending.stop();
    onClose();
  };
  return (
    <FormDialog
      open
      onOpenChange={(next) => (next ? undefined : leave())}
      title="Add evidence"
      description="It becomes a record of this incident for good, under your name. Decisions that wait for a signature have to be proposed anew."
      submit="Add evidence"
      pending={sending.share !== null}
      onSubmit={() => void submit()}
    >
      <EvidenceInput
        draft={draft}
        error={error}
        onChange={(next) => {
          setDraft(next);
          setError(null);
          sending.forget();
        }}
      />
      {sha256 ? <DigestLine sha256={sha256} /> : null}
      <SendProgress share={sending.share} />
      {refused ? <Refused refused={refused} onOpen={(id) => (onClose(), onOpen(id))} /> : null}
    </FormDialog>
  );
}

function DigestLine({ sha256 }: { sha256: string }) {
  return (
    <p className="flex items-center gap-1 text-2xs text-dim">
      <span className="shrink-0">SHA-256</span>
      <span className="record min-w-0 text-2xs break-all">{sha256}</span>
      <CopyButton value={sha256} what="SHA-256" />
    </p>
  );
}

function Refused({ refused, onOpen }: { refused: Refusal; onOpen: (id: string) => void }) {
  const { known, message } = refused;
  return (
    <div role="alert">
      <Notice
        tone="danger"
        action={
          known ? (
            <Button size="sm" onClick={() => onOpen(known.id)}>
              Open {known.label}
            </Button>
          ) : undefined
        }
      >
        {message}
      </Notice>
    </div>
  );
}
