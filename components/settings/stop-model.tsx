"use client";

import { useState } from "react";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { stopModel } from "#lib/actions/stop-model.ts";
import { COPILOT_LIMITS } from "#lib/contracts/limits.ts";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Profile and version in force. */
  name: string;
  running: number;
};

/** The kill switch asks for nothing but the reason. */
export function StopModel({ open, onOpenChange, name, running }: Props) {
  const [reason, setReason] = useState("");
  const act = useAsking();
  const stop = async () => {
    const answer = await act.ask(() => stopModel({ reason: reason.trim() }));
    if (!answer?.ok) return;
    setReason("");
    onOpenChange(false);
    toast.done("The model is switched off");
  };
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Switch the model off?"
      description={`No new request is sent to ${name}, at once and by no worker.`}
      submit="Switch off now"
      tone="danger"
      cancel="Leave it on"
      pending={act.pending}
      onSubmit={() => void stop()}
    >
      <Refused reasons={act.refusal} />
      <p className="text-dim">
        {running > 0
          ? `${running === 1 ? "The run that goes on now is" : `The ${running} runs that go on now are`} broken off within seconds; what was verified of ${running === 1 ? "it" : "them"} stays. `
          : ""}
        The desk goes on with summaries composed by rules. To switch a model on again, an admin
        signs for it.
      </p>
      <TextArea
        label="Why"
        name="reason"
        rows={2}
        value={reason}
        maxLength={COPILOT_LIMITS.reason}
        error={act.fields.reason?.[0]}
        hint="It stands on the trail beside your name."
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
