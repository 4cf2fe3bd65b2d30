"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { endPolicy } from "#lib/actions/policy.ts";
import { POLICY_LIMITS } from "#lib/contracts/policy-inputs.ts";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

/** Ends a change before its time; it asks for the reason and nothing else. */
export function PolicyEnd({ version, act }: { version: number; act: "Refuse" | "Withdraw" }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const asking = useAsking();
  const end = async () => {
    const answer = await asking.ask(() => endPolicy({ version, reason }));
    if (!answer?.ok) return;
    setOpen(false);
    toast.done(`Version ${version} is ${answer.data.state}`);
  };
  return (
    <div>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        trigger={<Button tone="danger">{act} this change</Button>}
        title={`${act} version ${version}?`}
        description="It never takes effect. The policy in force stays as it is."
        submit={act}
        tone="danger"
        cancel="Leave it"
        pending={asking.pending}
        onSubmit={() => void end()}
      >
        <Refused reasons={asking.refusal} />
        <TextArea
          label="Why"
          name="reason"
          rows={2}
          value={reason}
          maxLength={POLICY_LIMITS.reason}
          error={asking.fields["reason"]?.[0]}
          hint="It stands on the trail beside your name."
          onChange={(event) => setReason(event.target.value)}
        />
      </FormDialog>
    </div>
  );
}
