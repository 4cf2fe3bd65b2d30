"use client";

import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { Notice } from "#components/ui/states.tsx";
import { ModelText, RulesText } from "#components/marks/voices.tsx";
import type { ClaimView, SummaryView } from "#lib/contracts/views.ts";
import { citationNumbers } from "./citation-numbers.ts";
import { ClaimItem } from "./claim-item.tsx";
import { InstructionLike } from "./instruction-like.tsx";
import { leftOutWords } from "./run-words.ts";
import { Footer } from "./summary-footer.tsx";
import { useSummaryLinks } from "./summary-links.tsx";

type Props = {
  summary: SummaryView;
  activeClaim: string | null;
  onActivate: (claimId: string) => void;
};

/** One summary with its claims, in the voice of whoever wrote it. */
export function SummaryBody({ summary, activeClaim, onActivate }: Props) {
  return (
    <article
      aria-label={summary.origin === "model" ? "Model summary" : "Rules summary"}
      className="@container/claims flex min-w-0 flex-col gap-3 px-3 py-3"
    >
      <Markers summary={summary} />
      <Voice summary={summary}>
        <Claims summary={summary} activeClaim={activeClaim} onActivate={onActivate} />
      </Voice>
      <SummaryEnd summary={summary} />
    </article>
  );
}

/** What stands under the claims: what is missing from them, what to beware of, how they came about. */
export function SummaryEnd({ summary }: { summary: SummaryView }) {
  return (
    <>
      <NotMentioned summary={summary} />
      <InstructionLike found={summary.instructionLike} />
      <Footer summary={summary} />
    </>
  );
}

function Voice({ summary, children }: { summary: SummaryView; children: ReactNode }) {
  if (summary.origin === "rules") {
    return <RulesText generator={summary.generator}>{children}</RulesText>;
  }
  return (
    <ModelText
      model={summary.generator}
      promptVersion={summary.promptVersion}
      at={summary.issuedAt}
    >
      {children}
    </ModelText>
  );
}

/** What a reader must know before the first claim: that it is not whole, that not everything was shown. */
export function Markers({ summary }: { summary: SummaryView }) {
  const left = summary.run?.leftOut ? leftOutWords(summary.run.leftOut) : null;
  return (
    <>
      {summary.state === "incomplete" ? (
        <Notice tone="warn">
          This summary is incomplete.{" "}
          {summary.stateReason ? <HostileText text={summary.stateReason} /> : null}
        </Notice>
      ) : null}
      {left ? <Notice tone="warn">{left}</Notice> : null}
    </>
  );
}

/** Front claims first, the rest one press away; gaps in the evidence under a heading of their own. */
function Claims({ summary, activeClaim, onActivate }: Props) {
  const [all, setAll] = useState(false);
  const numbers = citationNumbers(summary.claims);
  const facts = summary.claims.filter((claim) => claim.kind !== "gap");
  const gaps = summary.claims.filter((claim) => claim.kind === "gap");
  const wanted = (claim: ClaimView) => all || claim.front || claim.id === activeClaim;
  const shown = facts.some((claim) => claim.front) ? facts.filter(wanted) : facts;
  const item = (claim: ClaimView) => (
    <ClaimItem
      key={claim.id}
      claim={claim}
      numbers={numbers}
      active={claim.id === activeClaim}
      onActivate={() => onActivate(claim.id)}
    />
  );
  if (summary.claims.length === 0) {
    return <p className="py-1 text-dim">Nothing in the evidence could be stated as a claim.</p>;
  }
  return (
    <>
      <ol aria-label="Claims" className="flex flex-col">
        {shown.map(item)}
      </ol>
      {shown.length < facts.length || all ? (
        <Button
          size="sm"
          tone="quiet"
          className="mt-1"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? "Front facts only" : `All facts (${facts.length})`}
        </Button>
      ) : null}
      {gaps.length > 0 ? (
        <div className="mt-3">
          <h2 className="text-2xs font-medium text-dim">Gaps in the evidence</h2>
          <ol className="flex flex-col">{gaps.map(item)}</ol>
        </div>
      ) : null}
    </>
  );
}

function NotMentioned({ summary }: { summary: SummaryView }) {
  const { onOpenRecord } = useSummaryLinks();
  if (summary.notMentioned.length === 0) return null;
  const who = summary.origin === "model" ? "the model" : "the rules";
  return (
    <section aria-label={`Not mentioned by ${who}`} className="border-t pt-3">
      <h2 className="mb-1 flex items-center gap-1.5 text-xs font-medium text-text">
        <TriangleAlert className="size-3.5 shrink-0 text-warn" strokeWidth={1.5} aria-hidden />
        <span>
          Not mentioned by {who}: {summary.notMentioned.length}{" "}
          {summary.notMentioned.length === 1 ? "alert" : "alerts"} of high or critical severity
        </span>
      </h2>
      <ul className="flex flex-col">
        {summary.notMentioned.map((record) => (
          <li key={record.evidenceId}>
            <button
              type="button"
              onClick={() => onOpenRecord(record.evidenceId)}
              className="flex h-7 w-full min-w-0 items-center gap-2 rounded-control px-1.5 text-left hover:bg-hover"
            >
              <SeverityMark severity={record.severity} word={false} />
              <span className="min-w-0 flex-1 truncate">
                <HostileText text={record.title} />
              </span>
              <span className="record text-2xs text-faint">{record.label}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
