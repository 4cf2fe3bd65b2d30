"use client";

import dynamic from "next/dynamic";
import { FileText } from "lucide-react";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { later, soon } from "#components/ui/later.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { IncidentRunsView, RunRow } from "#lib/contracts/copilot-views.ts";
import type { SummaryView } from "#lib/contracts/views.ts";
import { RequestSummary } from "./request-summary.tsx";
import { SourceMeter } from "./source-meter.tsx";
import { SummaryBody } from "./summary-body.tsx";
import { SummaryDock } from "./summary-dock.tsx";
import { useHeld } from "./use-held.ts";
import { useWatched } from "./use-watched.ts";

const SummaryDraft = later(
  dynamic(soon(async () => (await import("./summary-draft.tsx")).SummaryDraft)),
);
const TwinBody = later(dynamic(soon(async () => (await import("./twin-body.tsx")).TwinBody)));

export const SUMMARY_LOOKS = ["model", "rules", "both", "draft"] as const;
export type SummaryLook = (typeof SUMMARY_LOOKS)[number];

type Props = {
  summaries: readonly SummaryView[];
  runs: IncidentRunsView;
  look: SummaryLook | null;
  onLook: (look: SummaryLook) => void;
  mayRequest: boolean;
  /** Whether the reader may see how models are set up. */
  seesModels: boolean;
  activeClaim: string | null;
  onActivate: (claimId: string) => void;
  /** Something was asked for or cancelled: what is shown is old. */
  onChanged: () => void;
};

/** What the model and the rules say about the incident: one at a time, side by side, or while it is written. */
export function SummaryPane(props: Props) {
  const { runs, activeClaim, onChanged, mayRequest } = props;
  const held = useHeld(props.summaries);
  const writing = runs.open.filter(({ kind }) => kind === "summary" || kind === "repair");
  const watched = useWatched(writing, props.look === "draft");
  const model = held.shown.find(({ origin }) => origin === "model") ?? null;
  const rules = held.shown.find(({ origin }) => origin === "rules") ?? null;
  const linked = held.shown.find(({ claims }) => claims.some(({ id }) => id === activeClaim));
  const looks = looksOf({ model, rules, hasDraft: writing.length > 0 || watched.length > 0 });
  const look = lookOf(props.look ?? linked?.origin ?? "model", looks);
  const shown = [look === "rules" ? null : model, look === "model" ? null : rules].filter(
    (summary) => summary !== null,
  );
  useLinkedClaim(activeClaim);
  const showLatest = () => {
    held.showLatest();
    if (look === "draft") props.onLook("model");
  };
  return (
    <div className="@container/summary flex min-h-0 flex-1 flex-col">
      {look === null ? null : (
        <div className="flex h-10 shrink-0 items-center justify-between gap-2 px-3">
          <Looks looks={looks} look={look} onLook={props.onLook} />
          {mayRequest && writing.length === 0 ? (
            <RequestSummary
              hasModel={runs.model.name !== null}
              onRequested={onChanged}
              onWatch={() => props.onLook("draft")}
            />
          ) : null}
        </div>
      )}
      {look === null ? null : <SourceMeter sources={(model ?? rules)?.sources ?? []} />}
      <Scroller key={look}>
        {look === null ? (
          <NoSummary>
            {mayRequest && writing.length === 0 ? (
              <RequestSummary
                hasModel={runs.model.name !== null}
                onRequested={onChanged}
                onWatch={() => props.onLook("draft")}
              />
            ) : null}
          </NoSummary>
        ) : look === "draft" ? (
          <SummaryDraft runs={watched} />
        ) : look === "both" && model && rules ? (
          <TwinBody model={model} rules={rules} {...reading(props)} />
        ) : (
          shown.map((summary) => (
            <SummaryBody key={summary.id} summary={summary} {...reading(props)} />
          ))
        )}
      </Scroller>
      <SummaryDock
        open={look === "draft" ? NO_RUNS : writing}
        drafts={look === "draft" ? watched : NO_RUNS}
        issued={props.summaries}
        newer={look === "draft" ? NOTHING_NEWER : held.newer}
        shown={look === "draft" ? [] : shown}
        model={runs.model}
        mayCancel={mayRequest}
        seesModels={props.seesModels}
        onWatch={() => props.onLook("draft")}
        onShow={showLatest}
        onChanged={onChanged}
      />
    </div>
  );
}

const NO_RUNS: readonly RunRow[] = [];
const NOTHING_NEWER: ReturnType<typeof useHeld>["newer"] = [];

function reading({ activeClaim, onActivate }: Props) {
  return { activeClaim, onActivate };
}

type Given = { model: SummaryView | null; rules: SummaryView | null; hasDraft: boolean };

/** What there is to look at. */
function looksOf({ model, rules, hasDraft }: Given): SummaryLook[] {
  const looks: SummaryLook[] = [];
  if (model) looks.push("model");
  if (rules) looks.push("rules");
  if (model && rules) looks.push("both");
  if (hasDraft) looks.push("draft");
  return looks;
}

function lookOf(wanted: SummaryLook, looks: readonly SummaryLook[]): SummaryLook | null {
  return looks.includes(wanted) ? wanted : (looks[0] ?? null);
}

const LOOK_WORDS: Record<SummaryLook, string> = {
  model: "Model",
  rules: "Rules",
  both: "Both",
  draft: "Draft",
};

type LooksProps = {
  looks: readonly SummaryLook[];
  look: SummaryLook;
  onLook: (look: SummaryLook) => void;
};

function Looks({ looks, look, onLook }: LooksProps) {
  if (looks.length < 2) {
    return (
      <span className="text-xs text-faint">
        {look === "model" ? "No rules summary yet" : "Written without a model"}
      </span>
    );
  }
  return (
    <Segmented
      label="Whose summary"
      value={look}
      options={looks.map((value) => ({ value, label: LOOK_WORDS[value] }))}
      onChange={onLook}
    />
  );
}

function Scroller({ children }: { children: ReactNode }) {
  return <div className="min-h-0 flex-1 overflow-y-auto border-t">{children}</div>;
}

/** A link to a claim shows it, wherever in the summary it stands. */
function useLinkedClaim(claimId: string | null) {
  const linked = useRef(claimId);
  useEffect(() => {
    const element = linked.current && document.getElementById(`claim-${linked.current}`);
    if (element) element.scrollIntoView({ block: "center" });
  }, []);
}

function NoSummary({ children }: { children: ReactNode }) {
  return (
    <EmptyState icon={<FileText />} title="No summary yet" action={children}>
      A summary is written as soon as evidence has arrived, and appears here by itself. The thread
      is complete without it.
    </EmptyState>
  );
}
