"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Asked = Parameters<ReturnType<typeof useAsking>["ask"]>[0];
type Props = {
  version: number;
  act: "Refuse" | "Withdraw";
  /** What goes on as it is. */
  stays: string;
  reasonMax: number;
  end: (input: { version: number; reason: string }) => ReturnType<Asked>;
};

/** Ends a change before its time; it asks for the reason and nothing else. */
export function EndVersion({ version, act, stays, reasonMax, end }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const asking = useAsking();
  const send = async () => {
    const answer = await asking.ask(() => end({ version, reason }));
    if (!answer?.ok) return;
    setOpen(false);
    toast.done(`Version ${version} is ${act === "Refuse" ? "refused" : "withdrawn"}`);
  };
  return (
    <div>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        trigger={<Button tone="danger">{act} this change</Button>}
        title={`${act} version ${version}?`}
        description={`It never takes effect. ${stays}`}
        submit={act}
        tone="danger"
        cancel="Leave it"
        pending={asking.pending}
        onSubmit={() => void send()}
      >
        <Refused reasons={asking.refusal} />
        <TextArea
          label="Why"
          name="reason"
          rows={2}
          value={reason}
          maxLength={reasonMax}
          error={asking.fields["reason"]?.[0]}
          hint="It stands on the trail beside your name."
          onChange={(event) => setReason(event.target.value)}
        />
      </FormDialog>
    </div>
  );
}
