"use client";

import { History, TriangleAlert } from "lucide-react";
import dynamic from "next/dynamic";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { IncidentRunsView, RunRow, StaleView } from "#lib/contracts/copilot-views.ts";
import type { SummaryView } from "#lib/contracts/views.ts";
import { DockLine } from "./dock-line.tsx";
import { ModelLine } from "./model-line.tsx";
import { useSummaryLinks } from "./summary-links.tsx";
import type { Newer } from "./use-held.ts";
import { endsToTell } from "./use-watched.ts";

const DraftLine = later(dynamic(soon(async () => (await import("./draft-line.tsx")).DraftLine)));
const RunStatus = later(dynamic(soon(async () => (await import("./run-status.tsx")).RunStatus)));

type Props = {
  /** Runs that have not ended and write a summary; none while the draft itself is open. */
  open: readonly RunRow[];
  /** The runs of the draft that is open, first one first. */
  drafts: readonly RunRow[];
  /** The summaries as they are issued now. */
  issued: readonly SummaryView[];
  newer: readonly Newer[];
  shown: readonly SummaryView[];
  model: IncidentRunsView["model"];
  mayCancel: boolean;
  /** Whether the reader may see how models are set up. */
  seesModels: boolean;
  onWatch: () => void;
  onShow: () => void;
  onChanged: () => void;
};

/** News of the summary, at the foot of it: what is being read does not move for them. */
export function SummaryDock(props: Props) {
  const { open, drafts, shown, model } = props;
  const newer = props.newer.filter(({ held }) => shown.includes(held));
  const stale = shown.find((summary) => summary.stale && summary.staleBy);
  const lines = [
    newer.length > 0 ? (
      <NewerLine key="newer" newer={newer} onShow={props.onShow} />
    ) : stale?.staleBy ? (
      <StaleLine key="stale" version={stale.version} stale={stale.staleBy} />
    ) : null,
    ...open.map((run) => <RunLine key={run.id} run={run} {...props} />),
    ...endsToTell(drafts, props.issued).map((run) => (
      <DraftLine key={run.id} run={run} {...props} />
    )),
    model.isOn ? null : (
      <ModelLine key="model" sentence={model.sentence} seesModels={props.seesModels} />
    ),
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <section aria-label="News of the summary" className="shrink-0 divide-y border-t bg-surface">
      {lines}
    </section>
  );
}

function RunLine({ run, mayCancel, onWatch, onChanged }: Props & { run: RunRow }) {
  return (
    <div className="flex min-h-8 items-center gap-1 px-3 py-1">
      <RunStatus run={run} mayCancel={mayCancel} onChanged={onChanged} />
      <Button size="sm" onClick={onWatch}>
        Watch
      </Button>
    </div>
  );
}

const WARN = (
  <TriangleAlert className="size-3.5 shrink-0 text-warn" strokeWidth={1.5} aria-hidden />
);

function NewerLine({ newer, onShow }: Pick<Props, "newer" | "onShow">) {
  const { incidentNumber } = useSummaryLinks();
  const [first] = newer;
  if (!first) return null;
  const compare = new URLSearchParams({ left: first.held.id, right: first.latest.id });
  return (
    <DockLine
      icon={<History className="size-3.5 shrink-0 text-accent" strokeWidth={1.5} aria-hidden />}
      action={
        <span className="flex shrink-0 gap-1">
          <ButtonLink
            size="sm"
            tone="quiet"
            href={`/incidents/${incidentNumber}/compare?${compare}`}
          >
            Compare
          </ButtonLink>
          <Button size="sm" onClick={onShow}>
            Show it
          </Button>
        </span>
      }
    >
      {newer.map(({ held, latest }) => (
        <p key={held.id}>
          {newer.length > 1
            ? `${latest.origin === "model" ? "Model" : "Rules"}: version`
            : "Version"}{" "}
          {latest.version} is there, <RelativeTime at={latest.issuedAt} />; you read {held.version}.
        </p>
      ))}
    </DockLine>
  );
}

function StaleLine({ version, stale }: { version: number; stale: StaleView }) {
  const { onOpenRecord } = useSummaryLinks();
  const gone =
    stale.goneCount > 0 ? ` ${recordsOf(stale.goneCount)} went to another incident.` : "";
  return (
    <DockLine icon={WARN}>
      <p>
        <span className="font-medium text-text">Stale.</span>{" "}
        {stale.addedCount > 0
          ? `${recordsOf(stale.addedCount)} came since version ${version} was written${stale.alerts.length > 0 ? ", with" : "."}`
          : `The evidence changed since version ${version} was written.${gone}`}
      </p>
      {stale.alerts.length > 0 ? (
        <ul className="flex flex-col">
          {stale.alerts.map(({ evidenceId, label, title }) => (
            <li key={evidenceId} className="flex min-w-0 gap-1.5">
              <button
                type="button"
                aria-label={`Open ${label}`}
                onClick={() => onOpenRecord(evidenceId)}
                className="record shrink-0 text-xs text-accent underline-offset-2 hover:underline"
              >
                {label}
              </button>
              <span className="min-w-0 truncate text-text">
                <HostileText text={title} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </DockLine>
  );
}

function recordsOf(count: number): string {
  return count === 1 ? "1 record" : `${count.toLocaleString("en")} records`;
}
