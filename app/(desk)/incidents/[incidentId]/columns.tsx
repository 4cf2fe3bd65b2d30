"use client";

import type { ReactNode } from "react";
import { DecisionList } from "#components/decision/decision-list.tsx";
import { EntitiesPane } from "#components/evidence/entities-pane.tsx";
import { RecordPanel } from "#components/evidence/record-panel.tsx";
import { NoteComposer } from "#components/incident/note-composer.tsx";
import { ThreadFilters } from "#components/incident/thread-filters.tsx";
import { Thread } from "#components/incident/thread.tsx";
import { SummaryLinksProvider } from "#components/summary/summary-links.tsx";
import { SummaryPane } from "#components/summary/summary-pane.tsx";
import { Tab, TabList, TabPanel, Tabs } from "#components/ui/tabs.tsx";
import { may } from "#lib/domain/people/permissions.ts";
import type { WorkspaceProps } from "./incident-workspace.tsx";
import { Panes, useWide } from "./panes.tsx";
import type { Pane, Place } from "./use-place.ts";
import type { useReading } from "./use-reading.ts";

type Props = WorkspaceProps & {
  place: Place;
  reading: ReturnType<typeof useReading>;
  onChanged: () => void;
};

/** Two panes side by side; on a narrow screen one at a time, by tab. */
export function Columns(props: Props) {
  const wide = useWide();
  const thread = <ThreadColumn {...props} />;
  const record = <OpenedRecord {...props} />;
  const hasRecord = props.place.place.record !== null;
  if (wide) {
    return (
      <Panes
        thread={thread}
        record={hasRecord ? record : null}
        side={<SideColumn {...props} />}
        layouts={props.layouts}
      />
    );
  }
  return (
    <SideColumn
      {...props}
      first={
        <div className="@container/thread flex min-h-0 flex-1 flex-col">
          {thread}
          {hasRecord ? <div className="h-1/2 min-h-0 border-t">{record}</div> : null}
        </div>
      }
    />
  );
}

function ThreadColumn({ person, head, place, reading, onChanged }: Props) {
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-1.5 border-b px-2">
        <ThreadFilters filter={place.filter} sources={head.sources} onChange={place.setFilter} />
      </div>
      <Thread
        incidentId={head.id}
        filter={place.filter}
        filtered={place.filtered}
        onClearFilter={() => place.setFilter({})}
        onClearWhere={() => place.setFilter({ ...place.filter, where: undefined })}
        start={reading.start}
        selected={reading.selected}
        openedId={place.place.record}
        goTo={reading.goTo}
        onLines={reading.setLines}
        onSelect={reading.setSelected}
        onOpen={reading.openLine}
      />
      {may(person.role, "note:add") ? (
        <NoteComposer incidentId={head.id} onAdded={onChanged} />
      ) : null}
    </>
  );
}

function OpenedRecord({ head, place, reading }: Props) {
  const { record } = place.place;
  if (!record) return null;
  return (
    <RecordPanel
      key={head.id}
      incidentId={head.id}
      evidenceId={record}
      span={place.span}
      onStep={reading.step}
      onClose={() => void place.setPlace({ record: null, start: null, end: null })}
    />
  );
}

const THREAD = "thread";

function SideColumn(props: Props & { first?: ReactNode }) {
  const { person, head, summaries, decisions, place, reading, onChanged, first } = props;
  const { pane } = place.place;
  const showsThread = first !== undefined && pane === "thread";
  return (
    <Tabs
      value={pane === "thread" && !showsThread ? "summary" : pane}
      onValueChange={(next) => void place.setPlace({ pane: next as Pane })}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabList label="About the incident">
        {first === undefined ? null : <Tab value={THREAD}>Thread</Tab>}
        <Tab value="summary">Summary</Tab>
        <Tab value="entities">Entities</Tab>
        <Tab value="decisions" count={decisions.length}>
          Decisions
        </Tab>
      </TabList>
      {first === undefined ? null : (
        <TabPanel value={THREAD} className="flex flex-1 flex-col">
          {first}
        </TabPanel>
      )}
      <TabPanel value="summary" className="flex flex-1 flex-col">
        <SummaryLinksProvider
          value={{
            incidentId: head.id,
            incidentNumber: head.number,
            canReview: may(person.role, "claim:review"),
            onCite: (citation, claimId) => {
              if (citation.evidenceId)
                reading.openRecord(citation.evidenceId, { citation, claimId });
            },
            recordOf: reading.recordOf,
            onOpenLabel: reading.openLabel,
            onOpenRecord: reading.openRecord,
            onShowWhere: reading.showWhere,
            onReviewed: onChanged,
          }}
        >
          <SummaryPane
            summaries={summaries}
            look={place.place.summary}
            onLook={(look) => void place.setPlace({ summary: look })}
            mayRequest={may(person.role, "summary:request")}
            activeClaim={place.place.claim}
            onActivate={(claim) => void place.setPlace({ claim })}
          />
        </SummaryLinksProvider>
      </TabPanel>
      <TabPanel value="entities" className="flex flex-1 flex-col">
        <EntitiesPane incidentId={head.id} onFind={(q) => place.setFilter({ q })} />
      </TabPanel>
      <TabPanel value="decisions" className="flex flex-1 flex-col">
        <DecisionList
          decisions={decisions}
          mayRecord={may(person.role, "incident:work")}
          onRecorded={onChanged}
        />
      </TabPanel>
    </Tabs>
  );
}
