"use client";

import { ChevronRight } from "lucide-react";
import { useRouter } from "next/navigation";
import { parseAsInteger, useQueryState } from "nuqs";
import { useEffect, useMemo, useRef, useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelText } from "#components/marks/voices.tsx";
import { cx } from "#components/ui/cx.ts";
import { EmptyState } from "#components/ui/states.tsx";
import type { RunView, StreamedClaim } from "#lib/contracts/copilot-views.ts";
import type { CitationView } from "#lib/contracts/views.ts";
import { findingsOf } from "./check-words.ts";
import { ClaimChecks } from "./claim-checks.tsx";
import { LabelButton } from "./pieces.tsx";
import { SummaryLinksProvider } from "./summary-links.tsx";
import type { SummaryLinks } from "./summary-links.tsx";

/** The claims of a run as they were stored, each with the standing it had then and why. */
export function StoredClaims({ run }: { run: RunView }) {
  const [marked] = useQueryState("claim", parseAsInteger);
  const links = useLinks(run);
  if (run.claims.length === 0) {
    return (
      <EmptyState flush title="No claim is stored">
        {run.state === "queued" || run.state === "streaming"
          ? "Each claim appears here once it is verified and stored."
          : "The model gave no claim that could be read. What it sent stands under Answer."}
      </EmptyState>
    );
  }
  return (
    <SummaryLinksProvider value={links}>
      <ModelText
        model={run.modelAnswered ?? run.model}
        at={run.startedAt}
        promptVersion={run.prompt ? `${run.prompt.name}/${run.prompt.version}` : null}
      >
        <ol aria-label="Claims of the run" className="flex flex-col">
          {run.claims.map((claim) => (
            <Claim key={claim.ordinal} claim={claim} marked={marked === claim.ordinal + 1} />
          ))}
        </ol>
      </ModelText>
    </SummaryLinksProvider>
  );
}

function Claim({ claim, marked }: { claim: StreamedClaim; marked: boolean }) {
  const [open, setOpen] = useState(marked);
  const item = useRef<HTMLLIElement>(null);
  const findings = useMemo(() => findingsOf(claim.checks), [claim.checks]);
  const failed = findings.filter(({ effect }) => effect !== "supported").length;
  const checks = `checks-${claim.ordinal}`;
  useEffect(() => {
    if (marked) item.current?.scrollIntoView({ block: "center" });
  }, [marked]);
  return (
    <li
      ref={item}
      aria-current={marked ? "true" : undefined}
      className={cx(
        "grid grid-cols-[24px_minmax(0,1fr)] border-b border-line/60 py-2 last:border-b-0",
        marked && "bg-selected/60",
      )}
    >
      <span className="record pt-px text-2xs leading-[1.7] text-faint">{claim.ordinal + 1}</span>
      <div className="flex min-w-0 flex-col gap-1">
        <p className="wrap-anywhere">
          <HostileText
            text={claim.text}
            marks={claim.uncovered.map(([start, end]) => ({
              start,
              end,
              tone: "uncovered" as const,
              title: "No check covers these words",
            }))}
          />
        </p>
        <div className="flex flex-wrap items-center gap-x-3 text-xs">
          <StandingMark standing={claim.standing} className="text-dim" />
          <button
            type="button"
            aria-expanded={open}
            aria-controls={checks}
            onClick={() => setOpen(!open)}
            className="inline-flex h-6 items-center gap-0.5 text-faint hover:text-text"
          >
            <ChevronRight
              className={cx("size-3.5 transition-transform", open && "rotate-90")}
              strokeWidth={1.5}
              aria-hidden
            />
            {checksWord(failed, findings.length)}
          </button>
          <span className="text-faint">
            {claim.kind}, verifier {claim.verifier}
          </span>
        </div>
        <Quotes citations={claim.citations} />
        <div id={checks} hidden={!open}>
          {open ? <ClaimChecks findings={findings} /> : null}
        </div>
      </div>
    </li>
  );
}

function checksWord(failed: number, all: number): string {
  if (failed > 0) return `${failed} of ${all} checks did not hold`;
  return all === 1 ? "1 check held" : `${all} checks held`;
}

function Quotes({ citations }: { citations: readonly CitationView[] }) {
  if (citations.length === 0) return <p className="text-xs text-warn">It cites no record.</p>;
  return (
    <ul aria-label="Quotes" className="flex flex-col gap-0.5">
      {citations.map((citation, index) => (
        <li key={index} className="flex min-w-0 items-baseline gap-2 text-xs">
          <span className="w-10 shrink-0">
            <LabelButton label={citation.label} />
          </span>
          <span className={cx("record min-w-0 wrap-anywhere", !isFound(citation) && "text-dim")}>
            <HostileText text={citation.quote} />
            {isFound(citation) ? null : (
              <span className="font-sans text-xs text-warn">
                {citation.evidenceId === null ? " There is no such record." : " Not in the record."}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function isFound({ evidenceId, start }: CitationView): boolean {
  return evidenceId !== null && start !== null;
}

/** Labels and records lead into the incident; a run without one has its records in its own request. */
function useLinks(run: RunView): SummaryLinks {
  const router = useRouter();
  return useMemo(() => {
    const number = run.incident?.number ?? null;
    const go = (search: Record<string, string>) =>
      router.push(
        number
          ? `/incidents/${number}?${new URLSearchParams(search)}`
          : `/runs/${run.id}?view=request`,
      );
    const records = new Map(
      run.claims.flatMap(({ citations }) =>
        citations.map(({ label, evidenceId }) => [label, evidenceId] as const),
      ),
    );
    return {
      incidentId: run.incident?.id ?? "",
      incidentNumber: number ?? "",
      canReview: false,
      canReport: false,
      onCite: ({ evidenceId }) => go(evidenceId ? { record: evidenceId } : {}),
      recordOf: () => null,
      onOpenLabel: (label) => {
        const record = records.get(label);
        go(record ? { record } : {});
      },
      onOpenRecord: (record) => go({ record }),
      onShowWhere: (where) => go({ where }),
      onReviewed: () => {},
    };
  }, [router, run]);
}
