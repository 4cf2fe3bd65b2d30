"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { ReactNode } from "react";
import { AddEvidence } from "#components/incident/add-evidence.tsx";
import { NOTE_ID, NoteComposer } from "#components/incident/note-composer.tsx";
import type { TakenDraft } from "#components/incident/note-composer.tsx";
import { PinsStrip } from "#components/incident/pins-strip.tsx";
import { ThreadChips } from "#components/incident/thread-chips.tsx";
import { ThreadFilters } from "#components/incident/thread-filters.tsx";
import { Thread } from "#components/incident/thread.tsx";
import type { Work } from "#components/incident/use-work.ts";
import { SummaryLinksProvider } from "#components/summary/summary-links.tsx";
import type { SummaryLinks } from "#components/summary/summary-links.tsx";
import { SummaryPane } from "#components/summary/summary-pane.tsx";
import { HoldTexts } from "#components/ui/held-text.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { Tab, TabList, TabPanel, Tabs } from "#components/ui/tabs.tsx";
import { useWide } from "#components/ui/use-wide.ts";
import type { AskedView } from "#lib/contracts/copilot-views.ts";
import type { ClaimView, SummaryView } from "#lib/contracts/views.ts";
import type { ResponseAction } from "#lib/domain/decision/decision.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { wentTo } from "#lib/domain/incident/went-to.ts";
import { draftText } from "#lib/domain/summary/draft-text.ts";
import type { WorkspaceProps } from "./incident-workspace.tsx";
import { focusSoon } from "./focus.ts";
import { IncidentPictures } from "./incident-pictures.tsx";
import { IncidentTasks, openTasks } from "./incident-tasks.tsx";
import { Panes } from "./panes.tsx";
import type { useActs } from "./use-acts.ts";
import type { Pane, Place } from "./use-place.ts";
import type { useReading } from "./use-reading.ts";

const DecisionList = later(
  dynamic(soon(async () => (await import("#components/decision/decision-list.tsx")).DecisionList)),
);
const EntitiesPane = later(
  dynamic(soon(async () => (await import("#components/evidence/entities-pane.tsx")).EntitiesPane)),
);
const RecordPanel = later(
  dynamic(soon(async () => (await import("#components/evidence/record-panel.tsx")).RecordPanel)),
);
const SimilarPane = later(
  dynamic(soon(async () => (await import("#components/incident/similar-pane.tsx")).SimilarPane)),
);
const AskPane = later(
  dynamic(soon(async () => (await import("#components/summary/ask-pane.tsx")).AskPane)),
);

type Given = WorkspaceProps & {
  place: Place;
  reading: ReturnType<typeof useReading>;
  acts: ReturnType<typeof useActs>;
  work: Work;
  onChanged: () => void;
  onTakeBack: ((action: ResponseAction) => void) | null;
};
/** `draft`: the model's draft that the reader has taken for a note of their own. */
type Props = Given & { draft: TakenDraft | null; setDraft: (draft: TakenDraft | null) => void };

/** Two panes side by side; on a narrow screen one at a time, by tab. */
export function Columns(given: Given) {
  const wide = useWide();
  const [draft, setDraft] = useState<TakenDraft | null>(null);
  const props: Props = { ...given, draft, setDraft };
  const thread = <ThreadColumn {...props} />;
  const record = <OpenedRecord {...props} />;
  const hasRecord = props.place.place.record !== null;
  if (wide) {
    return (
      <HoldTexts>
        <Panes
          thread={thread}
          record={hasRecord ? record : null}
          side={<SideColumn {...props} />}
          layouts={props.layouts}
        />
      </HoldTexts>
    );
  }
  return (
    <HoldTexts>
      <SideColumn
        {...props}
        first={
          <div className="@container/thread flex min-h-0 flex-1 flex-col">
            {thread}
            {hasRecord ? <div className="h-1/2 min-h-0 border-t">{record}</div> : null}
          </div>
        }
      />
    </HoldTexts>
  );
}

function ThreadColumn(props: Props) {
  const { person, head, pins, place, reading, acts, draft, setDraft, onChanged } = props;
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-1.5 border-b px-2">
        <ThreadFilters
          filter={place.filter}
          sources={head.sources}
          folded={place.folded}
          onChange={place.setFilter}
          onFold={place.setFolded}
        />
        {may(person.role, "evidence:add") ? (
          <AddEvidence
            shown={head.status !== "closed"}
            incidentId={head.id}
            onAdded={onChanged}
            onOpen={reading.openRecord}
          />
        ) : null}
      </div>
      {place.filtered ? (
        <ThreadChips
          filter={place.filter}
          outline={
            reading.thread.query.isPlaceholderData ? null : (reading.thread.closed?.outline ?? null)
          }
          of={head.recordCount}
          onChange={place.setFilter}
        />
      ) : null}
      <PinsStrip
        pins={pins}
        openedId={place.place.record}
        mayPin={may(person.role, "record:pin")}
        onOpen={reading.openRecord}
        onUnpin={({ record }) => acts.pin({ id: record.id, label: `E${record.position}` }, false)}
      />
      <Thread
        thread={reading.thread}
        filter={place.filter}
        filtered={place.filtered}
        onClearFilter={() => place.setFilter({})}
        onClearWhere={() => place.setFilter({ ...place.filter, where: undefined })}
        spot={reading.spot}
        cited={reading.cited}
        openedId={place.place.record}
        onOpen={reading.openLine}
      />
      {may(person.role, "note:add") ? (
        <NoteComposer
          incidentId={head.id}
          draft={draft}
          onDropDraft={() => setDraft(null)}
          onAdded={onChanged}
        />
      ) : null}
    </>
  );
}

function OpenedRecord({ person, head, pins, place, reading, acts }: Props) {
  const { record } = place.place;
  if (!record) return null;
  return (
    <RecordPanel
      key={head.id}
      incidentId={head.id}
      evidenceId={record}
      span={place.span}
      pin={
        may(person.role, "record:pin")
          ? { pinned: pins.some((pin) => pin.record.id === record), onPin: acts.pin }
          : null
      }
      onStep={reading.step}
      onClose={() => void place.setPlace({ record: null, start: null, end: null })}
    />
  );
}

const THREAD = "thread";

function SideColumn(props: Props & { first?: ReactNode }) {
  const { head, decisions, person, runs, place, onChanged, onTakeBack, first } = props;
  const { pane, ask } = place.place;
  const showsThread = first !== undefined && pane === "thread";
  const wanted = ask !== null && pane === "summary" ? "ask" : pane;
  return (
    <Tabs
      value={pane === "thread" && !showsThread ? "summary" : wanted}
      onValueChange={(next) => void place.setPlace({ pane: next as Pane, ask: null })}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabList label="About the incident">
        {first === undefined ? null : <Tab value={THREAD}>Thread</Tab>}
        <Tab value="summary">Summary</Tab>
        <Tab value="ask" count={runs.asked.length || undefined}>
          Ask
        </Tab>
        <Tab value="entities">Entities</Tab>
        <Tab value="pictures">Pictures</Tab>
        <Tab value="similar">Similar</Tab>
        <Tab value="tasks" count={openTasks(props.work.tasks) || undefined}>
          Tasks
        </Tab>
        <Tab value="decisions" count={decisions.length}>
          Decisions
        </Tab>
      </TabList>
      {first === undefined ? null : (
        <TabPanel value={THREAD} className="flex flex-1 flex-col">
          {first}
        </TabPanel>
      )}
      <SaidPanels {...props} />
      <TabPanel value="entities" className="flex flex-1 flex-col">
        <EntitiesPane
          incidentId={head.id}
          onFind={({ type, value }) => {
            place.setFilter({ ...place.filter, entity: `${type}:${value}` });
          }}
        />
      </TabPanel>
      <TabPanel value="pictures" className="flex flex-1 flex-col">
        <IncidentPictures {...props} />
      </TabPanel>
      <TabPanel value="similar" className="flex flex-1 flex-col">
        <SimilarPane
          incidentId={head.id}
          number={head.number}
          mayMerge={may(person.role, "incident:merge")}
        />
      </TabPanel>
      <TabPanel value="tasks" className="flex flex-1 flex-col">
        <IncidentTasks {...props} />
      </TabPanel>
      <TabPanel value="decisions" className="flex flex-1 flex-col">
        <DecisionList
          decisions={decisions}
          person={person}
          mayRecord={may(person.role, "incident:work")}
          onRecorded={onChanged}
          onTakeBack={onTakeBack}
        />
      </TabPanel>
    </Tabs>
  );
}

/** What is claimed about the incident: its summaries, and what was asked. */
function SaidPanels(props: Props) {
  const { person, head, summaries, runs, place, onChanged } = props;
  const { role } = person;
  const use = useDraftTaking(props);
  return (
    <SummaryLinksProvider value={linksOf(props)}>
      <TabPanel value="summary" className="flex flex-1 flex-col">
        <SummaryPane
          summaries={summaries}
          runs={runs}
          look={place.place.summary}
          onLook={(look) => void place.setPlace({ summary: look })}
          mayRequest={may(role, "summary:request")}
          seesModels={may(role, "model:read")}
          activeClaim={place.place.claim}
          onActivate={(claim) => void place.setPlace({ claim })}
          onChanged={onChanged}
        />
      </TabPanel>
      <TabPanel value="ask" className="flex flex-1 flex-col">
        <AskPane
          incidentId={head.id}
          person={person}
          mayAsk={may(role, "question:ask")}
          mayNote={may(role, "note:add")}
          seesModels={may(role, "model:read")}
          runs={runs}
          summaries={summaries}
          linked={place.place.ask}
          onChanged={onChanged}
          onUse={use}
        />
      </TabPanel>
    </SummaryLinksProvider>
  );
}

function linksOf({ person, head, summaries, splits, reading, onChanged }: Props): SummaryLinks {
  return {
    incidentId: head.id,
    incidentNumber: head.number,
    canReview: may(person.role, "claim:review"),
    canReport: may(person.role, "report:file"),
    reportOf: (claim) =>
      may(person.role, "report:file") && isOfModel(claim, summaries) ? { claimId: claim.id } : null,
    instructionLike: new Set(
      summaries.flatMap((summary) =>
        summary.instructionLike.records.map(({ evidenceId }) => evidenceId),
      ),
    ),
    wentTo: (label) => wentTo(splits, label),
    onCite: (citation, claimId) => {
      if (citation.evidenceId) reading.openRecord(citation.evidenceId, { citation, claimId });
    },
    recordOf: reading.recordOf,
    onOpenLabel: reading.openLabel,
    onOpenRecord: reading.openRecord,
    onShowWhere: reading.showWhere,
    onReviewed: onChanged,
  };
}

function isOfModel({ id }: ClaimView, summaries: readonly SummaryView[]): boolean {
  return summaries.some(
    ({ origin, claims }) => origin === "model" && claims.some((claim) => claim.id === id),
  );
}

/** A draft goes to where notes are written, and the reader with it. */
function useDraftTaking({ place, setDraft }: Props) {
  const wide = useWide();
  return (item: AskedView) => {
    setDraft({
      runId: item.id,
      kind: item.kind as TakenDraft["kind"],
      model: item.model,
      text: draftText(item.claims),
    });
    if (!wide) void place.setPlace({ pane: "thread" });
    focusSoon(NOTE_ID);
  };
}
