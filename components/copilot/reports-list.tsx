import { Flag } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelText } from "#components/marks/voices.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { ReportPage, ReportView } from "#lib/contracts/report-views.ts";
import { REPORT_KIND_WORDS, REPORT_OUTCOME_WORDS } from "#lib/domain/copilot/report.ts";
import { reportsAddress } from "./reports-address.ts";
import { ReportsFilters } from "./reports-filters.tsx";
import type { ReportsFilter } from "./reports-filters.tsx";
import { ResolveReport } from "./resolve-report.tsx";

type Props = ReportPage & {
  filter: ReportsFilter;
  isFirst: boolean;
  canResolve: boolean;
  /** Runs of incidents are open to this reader. */
  canSeeRuns: boolean;
};

/** The register of what models got wrong, newest first. */
export function ReportsList(props: Props) {
  const { reports, nextCursor, openCount, filter, isFirst } = props;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[960px] flex-col px-6 py-6">
        <PageHead title="Reports">
          What people found wrong with claims of a model, and what came of it.{" "}
          {openCount === 0
            ? "None is open."
            : openCount === 1
              ? "One is open."
              : `${openCount} are open.`}
        </PageHead>
        <ReportsFilters filter={filter} />
        {reports.length === 0 ? (
          <NoReports filter={filter} isFirst={isFirst} />
        ) : (
          <ol aria-label="Reports" className="flex flex-col border-t">
            {reports.map((report) => (
              <Report key={report.id} report={report} {...props} />
            ))}
          </ol>
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href={reportsAddress(filter, null)}>Newest</ButtonLink>}
          {nextCursor ? (
            <ButtonLink href={reportsAddress(filter, nextCursor)}>Older</ButtonLink>
          ) : null}
        </nav>
      </div>
    </div>
  );
}

function NoReports({ filter, isFirst }: Pick<Props, "filter" | "isFirst">) {
  const filtered = filter.state !== null || filter.kind !== null;
  return (
    <EmptyState
      flush
      icon={<Flag strokeWidth={1.5} aria-hidden />}
      title={
        filtered ? "No report matches" : isFirst ? "Nothing was reported yet" : "No older reports"
      }
      action={filtered ? <ButtonLink href="/reports">Show all reports</ButtonLink> : null}
    >
      {filtered
        ? "Nothing of this kind and state is in the register."
        : "Whoever reads a claim of a model can report it with the flag beside it."}
    </EmptyState>
  );
}

type ReportProps = { report: ReportView } & Pick<Props, "canResolve" | "canSeeRuns">;

function Report({ report, canResolve, canSeeRuns }: ReportProps) {
  const { resolution } = report;
  return (
    <li className="flex flex-col gap-2 border-b py-3" data-report={report.id}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-medium">{REPORT_KIND_WORDS[report.kind]}</h2>
        <Said by={report.person.name} at={report.at} />
        <span className="ml-auto">
          {resolution ? null : canResolve ? (
            <ResolveReport reportId={report.id} kind={report.kind} />
          ) : (
            <span className="text-xs text-warn">Open</span>
          )}
        </span>
      </div>
      <Words report={report} />
      <Places report={report} canSeeRuns={canSeeRuns} />
      {resolution ? (
        <div className="flex flex-col gap-1 rounded-control bg-sunken px-3 py-2">
          <div className="flex flex-wrap items-center gap-x-3">
            <span className="font-medium">{REPORT_OUTCOME_WORDS[resolution.outcome]}</span>
            <Said by={resolution.person.name} at={resolution.at} />
          </div>
          <p className="whitespace-pre-wrap wrap-anywhere">
            <HostileText text={resolution.text} />
          </p>
        </div>
      ) : null}
    </li>
  );
}

/** What the reporter wrote, and the claim it is about. */
function Words({ report }: Pick<ReportProps, "report">) {
  const { text, claim, model, saidAt } = report;
  if (text === null || claim.text === null) {
    return <p className="text-dim">Not shown to admins; the report is about an incident.</p>;
  }
  return (
    <>
      <p className="whitespace-pre-wrap wrap-anywhere">
        <HostileText text={text} />
      </p>
      <ModelText model={model} at={saidAt}>
        <p className="wrap-anywhere text-dim">
          <HostileText text={claim.text} />
        </p>
        <StandingMark standing={claim.standing} className="mt-1 text-xs text-dim" />
      </ModelText>
    </>
  );
}

function Said({ by, at }: { by: string; at: string }) {
  return (
    <span className="flex items-center gap-2 text-xs text-dim">
      <PersonChip name={by} compact />
      <RelativeTime at={at} />
    </span>
  );
}

/** Where the claim stands, as far as this reader may go there. */
function Places({ report, canSeeRuns }: Pick<ReportProps, "report" | "canSeeRuns">) {
  const { incident, claim, runId } = report;
  const places: ReactNode[] = [];
  if (incident) {
    const claimed = claim.id ? `?claim=${claim.id}` : "";
    places.push(
      <Link key="claim" href={`/incidents/${incident.number}${claimed}`} className={LINK}>
        {claim.id ? "Claim in" : "Asked in"} <IncidentNumber number={incident.number} />
      </Link>,
    );
  }
  if (runId && canSeeRuns) {
    places.push(
      <Link key="run" href={`/runs/${runId}`} className={LINK}>
        Run
      </Link>,
    );
  }
  return places.length > 0 ? <p className="flex gap-4 text-xs">{places}</p> : null;
}

const LINK = "text-dim underline underline-offset-2 hover:text-accent";
