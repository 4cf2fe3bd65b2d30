import Link from "next/link";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { spanWords } from "#components/ui/time-words.ts";
import type { SummaryRun, SummaryView } from "#lib/contracts/views.ts";
import { moneyWords } from "#lib/domain/copilot/run.ts";
import { MITRE_NOTICE } from "#components/marks/mitre-notice.ts";
import { useSummaryLinks } from "./summary-links.tsx";

/** How a summary came about, what it rests on, and the way to its run and its earlier versions. */
export function Footer({ summary }: { summary: SummaryView }) {
  const { incidentNumber } = useSummaryLinks();
  const records = `${summary.recordCount.toLocaleString("en")} ${summary.recordCount === 1 ? "record" : "records"}`;
  const verifiers = [...new Set(summary.claims.map((claim) => claim.verifier))].toSorted();
  const technique = summary.claims.some((claim) => claim.kind === "technique");
  return (
    <footer className="flex flex-col gap-1 border-t pt-2 text-2xs text-faint">
      {summary.claims.some((claim) => claim.uncovered.length > 0) ? (
        <p>
          <span className="text-dim underline decoration-dashed decoration-1 underline-offset-3">
            Underlined
          </span>
          : no check covers these words.
        </p>
      ) : null}
      <p>
        {summary.origin === "rules"
          ? "Composed by rules from the evidence. No model was used."
          : "Written by a model from the evidence, then checked by code claim by claim."}{" "}
        <span title={summary.evidenceRoot}>
          {records}, evidence root{" "}
          <span className="record text-2xs">{summary.evidenceRoot.slice(0, 12)}</span>
        </span>
        , version {summary.version}
        {verifiers.length > 0 ? `, checked by verifier ${verifiers.join(" and ")}` : null},{" "}
        <RelativeTime at={summary.issuedAt} />.
      </p>
      {summary.run ? <RunLine run={summary.run} /> : null}
      {summary.version > 1 ? (
        <p>
          <Link
            href={`/incidents/${incidentNumber}/compare?right=${summary.id}`}
            className="text-dim underline decoration-line-strong underline-offset-2 hover:text-text"
          >
            Compare with version {summary.version - 1}
          </Link>
        </p>
      ) : null}
      {technique ? <p>{MITRE_NOTICE}</p> : null}
    </footer>
  );
}

function RunLine({ run }: { run: SummaryRun }) {
  const parts = [
    run.latencyMs === null
      ? null
      : `It took ${run.latencyMs < 1000 ? "less than 1 s" : spanWords(run.latencyMs)}`,
    run.costMicro === null ? null : `cost ${moneyWords(run.costMicro)}`,
  ].filter((part) => part !== null);
  return (
    <p>
      {parts.length > 0 ? `${parts.join(" and ")}. ` : null}
      {run.repairOf ? "Claims that failed in the version before were gone over once. " : null}
      <Link
        href={`/runs/${run.id}`}
        className="text-dim underline decoration-line-strong underline-offset-2 hover:text-text"
      >
        What was sent and what came back
      </Link>
    </p>
  );
}
