"use client";

import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { Notice } from "#components/ui/states.tsx";
import { Tab, TabList, TabPanel, Tabs } from "#components/ui/tabs.tsx";
import type { RunEvent, RunView } from "#lib/contracts/copilot-views.ts";
import { isEnded } from "#lib/domain/copilot/run.ts";
import { RUN_KIND_WORDS } from "#lib/domain/copilot/words.ts";
import { CancelRun } from "./cancel-run.tsx";
import { RebuildPrompt } from "./rebuild-prompt.tsx";
import { RunAnswer } from "./run-answer.tsx";
import { RunEvents } from "./run-events.tsx";
import { RunFacts } from "./run-facts.tsx";
import { RunRequest } from "./run-request.tsx";
import { RunStateMark } from "#components/marks/run-state-mark.tsx";
import { useRefreshWhile } from "#components/ui/use-refresh-while.ts";

const VIEWS = ["claims", "request", "answer", "events"] as const;
type View = (typeof VIEWS)[number];

type Props = {
  run: RunView;
  /** The model's own text in the stored answer. */
  answerText: string | null;
  events: RunEvent[];
  mayCancel: boolean;
  mayRebuild: boolean;
  claims: ReactNode;
};

/** A run exactly as it was: what was sent, what came back, and what was made of it. */
export function RunViewer(props: Props) {
  const { run, answerText, events, mayCancel, mayRebuild, claims } = props;
  const [view, setView] = useQueryState(
    "view",
    parseAsStringLiteral(VIEWS).withDefault("claims").withOptions({ history: "replace" }),
  );
  useRefreshWhile(!isEnded(run.state));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Head run={run} mayCancel={mayCancel} />
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto md:grid-cols-[360px_minmax(0,1fr)] md:overflow-hidden">
        <aside
          aria-label="Facts of the run"
          tabIndex={0}
          className="border-line px-4 py-4 outline-offset-[-2px] md:overflow-y-auto md:border-r"
        >
          <RunFacts run={run} rebuild={mayRebuild ? <RebuildPrompt runId={run.id} /> : null} />
        </aside>
        <Tabs
          value={view}
          onValueChange={(next) => void setView(next as View)}
          className="flex min-h-0 min-w-0 flex-col"
        >
          <TabList label="Parts of the run">
            <Tab value="claims" count={run.claims.length}>
              Claims
            </Tab>
            <Tab value="request">Request</Tab>
            <Tab value="answer">Answer</Tab>
            <Tab value="events" count={events.length}>
              Events
            </Tab>
          </TabList>
          <Panel view="claims">{claims}</Panel>
          <Panel view="request">
            <RunRequest request={run.request} />
          </Panel>
          <Panel view="answer">
            <RunAnswer run={run} text={answerText} />
          </Panel>
          <Panel view="events">
            <RunEvents events={events} />
          </Panel>
        </Tabs>
      </div>
    </div>
  );
}

function Panel({ view, children }: { view: View; children: ReactNode }) {
  return (
    <TabPanel value={view} className="flex-1 px-5 py-3 md:overflow-y-auto">
      {children}
    </TabPanel>
  );
}

function Head({ run, mayCancel }: { run: RunView; mayCancel: boolean }) {
  const { incident } = run;
  return (
    <header className="flex shrink-0 flex-col gap-2 border-b px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <ButtonLink
          size="sm"
          tone="quiet"
          href="/runs"
          icon={<ArrowLeft className="size-3.5" strokeWidth={1.5} aria-hidden />}
        >
          Runs
        </ButtonLink>
        <h1 className="text-lg font-semibold">{RUN_KIND_WORDS[run.kind]}</h1>
        <RunStateMark state={run.state} />
        {incident ? (
          <Link
            href={`/incidents/${incident.number}`}
            className="flex min-w-0 items-baseline gap-2 text-dim hover:text-text"
          >
            <IncidentNumber number={incident.number} />
            <span className="truncate">
              <HostileText text={incident.title} />
            </span>
          </Link>
        ) : null}
        <span className="ml-auto flex items-center gap-1 text-xs text-faint">
          <span className="record">{run.id.slice(0, 8)}</span>
          <CopyButton value={run.id} what="run id" />
        </span>
        {mayCancel && !isEnded(run.state) ? <CancelRun runId={run.id} /> : null}
      </div>
      {run.question ? (
        <p className="max-w-[900px]">
          <span className="text-xs text-faint">Asked: </span>
          <HostileText text={run.question} lines />
        </p>
      ) : null}
      {run.error ? (
        <Notice tone={run.state === "failed" ? "danger" : "warn"}>
          <HostileText text={run.error} />
        </Notice>
      ) : null}
      {run.state === "queued" ? <Place run={run} /> : null}
    </header>
  );
}

function Place({ run: { ahead, waitsFor } }: { run: RunView }) {
  const before =
    ahead === null || ahead === 0
      ? "It is next in the queue."
      : `${ahead.toLocaleString("en")} ${ahead === 1 ? "run is" : "runs are"} before it in the queue.`;
  return (
    <Notice>
      {before} {waitsFor}
    </Notice>
  );
}
