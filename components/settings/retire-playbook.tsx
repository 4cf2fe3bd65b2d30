"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { PLAYBOOK_LIMITS } from "#lib/domain/incident/playbook.ts";
import type { PlaybookContent } from "#lib/domain/incident/playbook.ts";
import { Refused } from "./refused.tsx";
import { useWritePlaybook } from "./use-write-playbook.ts";

type Props = { name: string; newest: number; before: PlaybookContent };

/** Takes a playbook out of what is offered, with a reason. */
export function RetirePlaybook({ name, newest, before }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const { pending, refusal, fields, write } = useWritePlaybook();
  const retire = async () => {
    setTried(true);
    if (reason.trim() === "") return;
    const { incidentTypes, rank } = before;
    const written = await write({
      name,
      after: newest,
      incidentTypes,
      rank,
      steps: [],
      reason,
      before,
      done: `${name} is offered no more`,
    });
    if (written) setOpen(false);
  };
  return (
    <FormDialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button>Retire</Button>}
      title={`Retire ${name}`}
      description="It is offered for no incident any more. Tasks that were made from it stay, and a later version puts it back."
      submit="Retire it"
      pending={pending}
      onSubmit={() => void retire()}
    >
      <Refused reasons={refusal} />
      <TextArea
        label="Why"
        rows={2}
        value={reason}
        maxLength={PLAYBOOK_LIMITS.reason}
        error={tried && reason.trim() === "" ? "Write a reason." : fields["reason"]?.[0]}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
