"use client";

import { useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { toast } from "#components/ui/toast.ts";
import { setTrainingMode } from "#lib/actions/set-training-mode.ts";

/** A person's own switch. */
export function TrainingMode({ since }: { since: string | null }) {
  const router = useRouter();
  const [, start] = useTransition();
  const [on, show] = useOptimistic(since !== null);
  const choose = (wanted: boolean) =>
    start(async () => {
      show(wanted);
      const answer = await setTrainingMode({ on: wanted }).catch(() => null);
      if (!answer?.ok) toast.failed("Not saved", { detail: answer?.message });
      router.refresh();
    });
  return (
    <>
      <label className="flex items-center gap-2.5">
        <input
          type="checkbox"
          className="size-4 accent-accent-solid"
          checked={on}
          onChange={(event) => choose(event.target.checked)}
        />
        Leads may see how I read before I sign
      </label>
      <p className="text-xs text-dim">
        {since === null ? (
          "Off. Nobody sees figures of yours, and what you do meanwhile is never shown."
        ) : (
          <>
            On, of what you do from <RelativeTime at={since} /> on. Switched off, all of it goes.
          </>
        )}
      </p>
    </>
  );
}
