"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { cancelRun } from "#lib/actions/cancel-run.ts";
import { reached } from "#lib/browser/reached.ts";

/** Ends a run that waits or goes on; what was verified of it stays. */
export function CancelRun({ runId }: { runId: string }) {
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const [pending, setPending] = useState(false);
  const cancel = async () => {
    setPending(true);
    const answer = await reached(cancelRun({ runId }));
    setPending(false);
    setAsking(false);
    if (!answer.ok) toast.failed("The run was not cancelled", { detail: answer.message });
    router.refresh();
  };
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        Cancel run
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Cancel this run?"
        act="Cancel run"
        pending={pending}
        onConfirm={() => void cancel()}
      >
        Nothing more is asked of the model for it. Claims that were verified stay, marked
        incomplete.
      </ConfirmDialog>
    </>
  );
}
