"use client";

import { FileText } from "lucide-react";
import { useEffect, useRef, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { requestSummary } from "#lib/actions/request-summary.ts";
import type { SummaryView } from "#lib/contracts/views.ts";
import { SourceMeter } from "./source-meter.tsx";
import { SummaryBody } from "./summary-body.tsx";
import { useSummaryLinks } from "./summary-links.tsx";

export const SUMMARY_LOOKS = ["model", "rules", "both"] as const;
export type SummaryLook = (typeof SUMMARY_LOOKS)[number];

type Props = {
  summaries: readonly SummaryView[];
  look: SummaryLook | null;
  onLook: (look: SummaryLook) => void;
  mayRequest: boolean;
  activeClaim: string | null;
  onActivate: (claimId: string) => void;
};

/** What the model and the rules say about the incident, one at a time or side by side. */
export function SummaryPane(props: Props) {
  const { summaries, activeClaim, onActivate } = props;
  const model = summaries.find((summary) => summary.origin === "model") ?? null;
  const rules = summaries.find((summary) => summary.origin === "rules") ?? null;
  const linked = summaries.find(({ claims }) => claims.some((claim) => claim.id === activeClaim));
  const wanted = props.look ?? linked?.origin ?? "model";
  const look = model && rules ? wanted : model ? "model" : "rules";
  const shown = [look === "rules" ? null : model, look === "model" ? null : rules].filter(
    (summary) => summary !== null,
  );
  useLinkedClaim(activeClaim);
  if (shown.length === 0) return <NoSummary mayRequest={props.mayRequest} />;
  return (
    <div className="@container/summary flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center justify-between gap-2 px-3">
        {model && rules ? (
          <Segmented
            label="Whose summary"
            value={look}
            options={[
              { value: "model", label: "Model" },
              { value: "rules", label: "Rules" },
              { value: "both", label: "Both" },
            ]}
            onChange={props.onLook}
          />
        ) : (
          <span className="text-xs text-faint">
            {model ? "No rules summary yet" : "Written without a model"}
          </span>
        )}
        {props.mayRequest ? <RequestButton /> : null}
      </div>
      <SourceMeter sources={shown[0]?.sources ?? []} />
      <div
        className={cx(
          "min-h-0 flex-1 overflow-y-auto border-t",
          shown.length > 1 &&
            "@min-[760px]/summary:grid @min-[760px]/summary:grid-cols-2 @min-[760px]/summary:divide-x",
        )}
      >
        {shown.map((summary) => (
          <SummaryBody
            key={summary.origin}
            summary={summary}
            activeClaim={activeClaim}
            onActivate={onActivate}
          />
        ))}
      </div>
    </div>
  );
}

/** A link to a claim shows it, wherever in the summary it stands. */
function useLinkedClaim(claimId: string | null) {
  const linked = useRef(claimId);
  useEffect(() => {
    const element = linked.current && document.getElementById(`claim-${linked.current}`);
    if (element) element.scrollIntoView({ block: "center" });
  }, []);
}

function RequestButton() {
  const { incidentId } = useSummaryLinks();
  const [pending, start] = useTransition();
  return (
    <Button
      size="sm"
      tone="quiet"
      pending={pending}
      onClick={() =>
        start(async () => {
          const result = await requestSummary({ incidentId });
          if (result.ok) toast.done("A new summary is being written");
          else toast.failed("No new summary was asked for", { detail: result.message });
        })
      }
    >
      Write a new summary
    </Button>
  );
}

function NoSummary({ mayRequest }: { mayRequest: boolean }) {
  return (
    <EmptyState
      icon={<FileText />}
      title="No summary yet"
      action={mayRequest ? <RequestButton /> : null}
    >
      A summary is written as soon as evidence has arrived, and appears here by itself. The thread
      is complete without it.
    </EmptyState>
  );
}

/** Claims where claims will be. */
export function SummarySkeleton() {
  return (
    <div className="flex flex-col gap-4 px-3 py-3">
      <LoadingNote>Loading the summary</LoadingNote>
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="grid grid-cols-[20px_1fr] gap-y-1.5">
          <Skeleton className="h-3.5 w-3" />
          <Skeleton className={index % 2 ? "h-3.5 w-11/12" : "h-3.5 w-4/5"} />
          <span />
          <Skeleton className="h-3 w-48" />
        </div>
      ))}
    </div>
  );
}
