"use client";

import { Paperclip } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { digestOf, sendEvidence } from "#lib/browser/add-evidence.ts";
import type { AddAnswer, Addition } from "#lib/browser/add-evidence.ts";
import { additionOf, EvidenceInput, NO_EVIDENCE, unfit } from "./evidence-input.tsx";

/** So that a key of the screen can press it. */
export const ADD_EVIDENCE_ID = "add-evidence";

type Props = {
  incidentId: string;
  onAdded: () => void;
  onOpen: (evidenceId: string) => void;
};

/** The button beside the thread, and what it opens. */
export function AddEvidence(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        id={ADD_EVIDENCE_ID}
        label="Add evidence"
        keys="i"
        icon={<Paperclip className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={() => setOpen(true)}
      />
      {open ? <AddEvidenceDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function AddEvidenceDialog({
  incidentId,
  onAdded,
  onOpen,
  onClose,
}: Props & { onClose: () => void }) {
  const [draft, setDraft] = useState(NO_EVIDENCE);
  const [error, setError] = useState<string | null>(null);
  const addition = useMemo(() => additionOf(draft), [draft]);
  const sha256 = useDigest(addition);
  const sending = useSending(incidentId);
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
      act: { label: `Open ${label}`, onPress: () => onOpen(id) },
    });
    onAdded();
  };
  return (
    <FormDialog
      open
      onOpenChange={(next) => (next ? undefined : onClose())}
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

export function DigestLine({ sha256 }: { sha256: string }) {
  return (
    <p className="flex items-center gap-1 text-2xs text-dim">
      <span className="shrink-0">SHA-256</span>
      <span className="record min-w-0 text-2xs break-all">{sha256}</span>
      <CopyButton value={sha256} what="SHA-256" />
    </p>
  );
}

/** How much of it has left; nothing while nothing is sent. */
export function SendProgress({ share }: { share: number | null }) {
  if (share === null) return null;
  return (
    <progress aria-label="Sending" value={share} max={1} className="h-1.5 w-full accent-accent" />
  );
}

type Refusal = Extract<AddAnswer, { ok: false }>;

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

/** Sends, tells how far it is, and keeps why it was refused. */
export function useSending(of: string | null) {
  const [share, setShare] = useState<number | null>(null);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const send = async (addition: Addition, sha256: string | null, to = of): Promise<AddAnswer> => {
    setShare(0);
    setRefused(null);
    const given = { incidentId: to ?? "", addition, sha256, onProgress: setShare };
    const answer = await sendEvidence(given);
    setShare(null);
    if (!answer.ok) setRefused(answer);
    return answer;
  };
  return { share, refused, send, forget: () => setRefused(null) };
}

/** Of what is about to be sent; null until it is made, or where it cannot be. */
export function useDigest(addition: Addition | null): string | null {
  const [made, setMade] = useState<{ of: Blob; sha256: string | null } | null>(null);
  const bytes = addition && unfit(addition) === null ? addition.bytes : null;
  useEffect(() => {
    if (!bytes) return undefined;
    let live = true;
    void digestOf(bytes).then((sha256) => (live ? setMade({ of: bytes, sha256 }) : undefined));
    return () => {
      live = false;
    };
  }, [bytes]);
  return made !== null && made.of === bytes ? made.sha256 : null;
}
