import { ListTree } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { secondsWords } from "#components/ui/time-words.ts";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import { moneyWords } from "#lib/domain/copilot/run.ts";
import { RUN_KIND_WORDS } from "#lib/domain/copilot/words.ts";
import { RunStateMark } from "#components/marks/run-state-mark.tsx";
import { RunsFilters } from "./runs-filters.tsx";
import type { RunsFilter } from "./runs-filters.tsx";

type Props = {
  runs: RunRow[];
  filter: RunsFilter;
  nextCursor: string | null;
  isFirst: boolean;
  /** Whose role sees no incident sees the runs that had none. */
  withIncidents: boolean;
};

/** Every request to a model and whatever came back, newest first. */
export function RunsList({ runs, filter, nextCursor, isFirst, withIncidents }: Props) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col px-6 py-6">
        <PageHead title="Runs">
          Every request to a model and whatever came back.{" "}
          {withIncidents
            ? "Each one is kept as it was, whether or not anything came of it."
            : "Your role sees probes and evaluations; those of incidents are for the desk and its auditors."}
        </PageHead>
        <RunsFilters filter={filter} withIncidents={withIncidents} />
        {runs.length === 0 ? (
          <NoRuns filter={filter} isFirst={isFirst} />
        ) : (
          <RunsTable runs={runs} withIncidents={withIncidents} />
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href={runsAddress(filter, null)}>Newest</ButtonLink>}
          {nextCursor ? (
            <ButtonLink href={runsAddress(filter, nextCursor)}>Older</ButtonLink>
          ) : null}
        </nav>
      </div>
    </div>
  );
}

function NoRuns({ filter, isFirst }: Pick<Props, "filter" | "isFirst">) {
  const filtered = filter.kind !== null || filter.state !== null || filter.incident !== null;
  return (
    <EmptyState
      flush
      icon={<ListTree strokeWidth={1.5} aria-hidden />}
      title={filtered ? "No run matches" : isFirst ? "No model was asked yet" : "No older runs"}
      action={filtered ? <ButtonLink href="/runs">Show all runs</ButtonLink> : null}
    >
      {filtered
        ? "Nothing of this kind and state is recorded."
        : "A run appears here the moment it is asked for, before anything is sent."}
    </EmptyState>
  );
}

function RunsTable({ runs, withIncidents }: Pick<Props, "runs" | "withIncidents">) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label="Runs">
        <thead>
          <tr>
            <Th className="pl-0">State</Th>
            <Th>For</Th>
            {withIncidents ? <Th>Incident</Th> : null}
            <Th>Model</Th>
            <Th>Asked</Th>
            <Th className="text-right">Took</Th>
            <Th className="pr-0 text-right">Cost</Th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunLine key={run.id} run={run} withIncidents={withIncidents} />
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}

function RunLine({ run, withIncidents }: { run: RunRow; withIncidents: boolean }) {
  return (
    <Tr>
      <Td className="pl-0">
        <RunStateMark state={run.state} />
      </Td>
      <Td className="max-w-[360px] min-w-40">
        <Link
          href={`/runs/${run.id}`}
          className="font-medium underline-offset-2 hover:text-accent hover:underline"
        >
          {RUN_KIND_WORDS[run.kind]}
        </Link>
        <RunNote run={run} />
      </Td>
      {withIncidents ? (
        <Td>
          {run.incident ? (
            <Link href={`/incidents/${run.incident.number}`} className="hover:underline">
              <IncidentNumber number={run.incident.number} />
            </Link>
          ) : (
            <span className="text-faint">none</span>
          )}
        </Td>
      ) : null}
      <Td className="max-w-[220px] truncate text-dim">
        <HostileText text={run.model} />
        {run.config ? (
          <span className="text-2xs text-faint">
            {" "}
            {run.config.name} {run.config.version}
          </span>
        ) : null}
      </Td>
      <Td className="text-dim">
        <span className="flex items-center gap-2">
          <RelativeTime at={run.queuedAt} />
          {run.askedBy ? <PersonChip name={run.askedBy.name} compact /> : null}
        </span>
      </Td>
      <Td numeric className="text-dim">
        {run.startedAt && run.finishedAt
          ? secondsWords(Date.parse(run.finishedAt) - Date.parse(run.startedAt))
          : ""}
      </Td>
      <Td numeric className="pr-0 text-dim">
        {run.costMicro === null ? "" : moneyWords(run.costMicro)}
      </Td>
    </Tr>
  );
}

/** One line more about it: what was asked, why it failed, what it waits for. */
function RunNote({ run }: { run: RunRow }) {
  const words = run.error ?? run.question ?? (run.state === "queued" ? run.waitsFor : null);
  if (!words) return null;
  return (
    <p className="truncate text-xs text-faint">
      <HostileText text={words} />
    </p>
  );
}

function runsAddress(filter: RunsFilter, cursor: string | null): string {
  const search = new URLSearchParams();
  if (filter.kind) search.set("kind", filter.kind);
  if (filter.state) search.set("state", filter.state);
  if (filter.incident) search.set("incident", filter.incident);
  if (cursor) search.set("cursor", cursor);
  return `/runs?${search}`;
}
