"use client";

import { Eye } from "lucide-react";
import { useTransition } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { requestRun } from "#lib/actions/request-run.ts";
import { requestSummary } from "#lib/actions/request-summary.ts";
import { reached } from "#lib/browser/reached.ts";
import { useSummaryLinks } from "./summary-links.tsx";

type Props = {
  hasModel: boolean;
  onRequested: () => void;
  /** Opens the draft, since the person has asked for it. */
  onWatch: () => void;
};

/** Asks for a new summary: of the model while one is in force, else of the rules. */
export function RequestSummary({ hasModel, onRequested, onWatch }: Props) {
  const { incidentId, incidentNumber } = useSummaryLinks();
  const [pending, start] = useTransition();
  const ask = () =>
    start(async () => {
      const result = hasModel
        ? await reached(requestRun({ kind: "summary", incidentId, idem: crypto.randomUUID() }))
        : await reached(requestSummary({ incidentId }));
      if (!result.ok) {
        toast.failed("No new summary was asked for", { detail: result.message });
        return;
      }
      if (hasModel) onWatch();
      else toast.done("A new summary is being composed");
      onRequested();
    });
  return (
    <span className="flex items-center">
      {hasModel ? (
        <ButtonLink
          size="sm"
          tone="quiet"
          href={`/incidents/${incidentNumber}/prompt`}
          aria-label="See exactly what would be sent"
          title="See exactly what would be sent"
          icon={<Eye className="size-3.5" strokeWidth={1.5} aria-hidden />}
        />
      ) : null}
      <Button size="sm" tone="quiet" pending={pending} onClick={ask}>
        Write a new summary
      </Button>
    </span>
  );
}
