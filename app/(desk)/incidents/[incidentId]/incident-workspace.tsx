"use client";

import dynamic from "next/dynamic";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { askGateForKind } from "#components/decision/ask-gate.ts";
import { DecisionBar } from "#components/decision/decision-bar.tsx";
import { DecisionButtons } from "#components/decision/decision-buttons.tsx";
import { takenBackBy } from "#components/decision/taken-back.ts";
import { matchingHeights } from "#components/incident/activity-bars.ts";
import { ActivityStrip } from "#components/incident/activity-strip.tsx";
import { HoldStrip } from "#components/incident/hold-strip.tsx";
import { IncidentHeader } from "#components/incident/incident-header.tsx";
import { AssigneeMenu, StatusMenu, VerdictMenu } from "#components/incident/incident-menus.tsx";
import { useWork } from "#components/incident/use-work.ts";
import type { Work } from "#components/incident/use-work.ts";
import { WorkLine } from "#components/incident/work-line.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { incidentPageOptions, incidentRunsOptions } from "#lib/browser/incident-data.ts";
import type { IncidentRunsView } from "#lib/contracts/copilot-views.ts";
import type { IncidentPageView, PersonView } from "#lib/contracts/views.ts";
import type { DecisionKind, ResponseAction } from "#lib/domain/decision/decision.ts";
import { summed } from "#lib/domain/thread/thread-rows.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { PaneLayouts } from "./panes-cookie.ts";
import { Columns } from "./columns.tsx";
import { IncidentSplits } from "./incident-splits.tsx";
import { IncidentHandover } from "./incident-tasks.tsx";
import { useActs } from "./use-acts.ts";
import { useIncidentKeys } from "./use-incident-keys.ts";
import { usePlace } from "./use-place.ts";
import type { Place } from "./use-place.ts";
import { useReading } from "./use-reading.ts";

const AutomationStrip = later(
  dynamic(
    soon(async () => (await import("#components/incident/automation-strip.tsx")).AutomationStrip),
  ),
);
const ProposalDialog = later(
  dynamic(
    soon(async () => (await import("#components/decision/proposal-dialog.tsx")).ProposalDialog),
  ),
);

type Given = {
  person: PersonView;
  page: IncidentPageView;
  runs: IncidentRunsView;
  layouts: PaneLayouts;
};
export type WorkspaceProps = Omit<Given, "page"> & IncidentPageView;

/** The incident: its story on the left, what is said and decided about it on the right. */
export function IncidentWorkspace({ page, ...given }: Given) {
  const runs = useQuery(incidentRunsOptions(page.head.id)).data ?? given.runs;
  const props: WorkspaceProps = { ...given, ...useLivePage(page), runs };
  const { person, head, decisions } = props;
  const place = usePlace();
  const reading = useReading(head.id, place, props);
  const acts = useActs(head, person.id);
  const proposing = useProposing(props);
  const work = useWork(head.id);
  const [handing, setHanding] = useState(false);
  const [splitting, setSplitting] = useState(false);
  useIncidentKeys({
    person,
    head,
    pins: props.pins,
    place,
    reading,
    acts,
    work,
    handOver: () => setHanding(true),
    propose: proposing.propose,
  });
  const mayPropose = may(person.role, "decision:propose");
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Head
        head={head}
        person={person}
        acts={acts}
        work={work}
        onTasks={() => void place.setPlace({ pane: "tasks" })}
        onHandOver={() => setHanding(true)}
        onSplit={() => setSplitting(true)}
        decisions={mayPropose ? <DecisionButtons {...proposing.buttons} /> : null}
      />
      <IncidentHandover {...{ head, person, work, handing }} onHanding={setHanding} />
      <HoldStrip {...props} />
      <IncidentSplits {...props} splitting={splitting} onSplitting={setSplitting} />
      {acted(props.automation) ? (
        <AutomationStrip
          incidentId={head.id}
          automation={props.automation}
          mayStop={may(person.role, "automation:stop")}
          takenBack={takenBackBy(decisions)}
          onTakeBack={mayPropose ? proposing.takeBack : null}
          onChanged={() => void acts.refresh()}
        />
      ) : null}
      <Activity {...props} place={place} reading={reading} />
      <Columns
        {...props}
        place={place}
        reading={reading}
        acts={acts}
        work={work}
        onChanged={() => void acts.refresh()}
        onTakeBack={mayPropose ? proposing.takeBack : null}
      />
      <DecisionBar
        decisions={decisions}
        personId={person.id}
        maySign={may(person.role, "decision:sign")}
      />
      <Proposal {...{ props, proposing, place, acts }} />
    </div>
  );
}

type ProposalProps = {
  props: WorkspaceProps;
  proposing: ReturnType<typeof useProposing>;
  place: Place;
  acts: ReturnType<typeof useActs>;
};

function Proposal({ props, proposing, place, acts }: ProposalProps) {
  if (!proposing.kind) return null;
  return (
    <ProposalDialog
      key={proposing.kind}
      incident={props.head}
      kind={proposing.kind}
      question={props}
      {...(proposing.begin && { begin: proposing.begin })}
      onClose={proposing.close}
      onProposed={() => {
        void place.setPlace({ pane: "decisions" });
        void acts.refresh();
      }}
    />
  );
}

type ActivityProps = Pick<WorkspaceProps, "activity" | "decisions"> & {
  place: Place;
  reading: ReturnType<typeof useReading>;
};

function Activity({ activity, decisions, place, reading }: ActivityProps) {
  const { filter, filtered } = place;
  const outline = reading.thread.closed?.outline;
  const matching = useMemo(
    () => (filtered && outline ? matchingHeights(activity, summed(outline.seconds)) : null),
    [filtered, outline, activity],
  );
  return (
    <ActivityStrip
      activity={activity}
      decisions={decisions}
      from={filter.from}
      to={filter.to}
      matching={matching}
      onSeek={reading.seekTime}
      onBrush={(range) => place.setFilter({ ...filter, from: range?.from, to: range?.to })}
    />
  );
}

type HeadProps = Pick<WorkspaceProps, "head" | "person"> & {
  acts: ReturnType<typeof useActs>;
  work: Work;
  onTasks: () => void;
  onHandOver: () => void;
  onSplit: () => void;
  decisions: ReactNode;
};

function Head(props: HeadProps) {
  const { head, person, acts, work, onTasks, onHandOver, onSplit, decisions } = props;
  return (
    <IncidentHeader
      head={head}
      mayReplay={may(person.role, "trail:read")}
      onSplit={may(person.role, "incident:merge") && head.status !== "closed" ? onSplit : null}
      work={
        <WorkLine work={work} mayWatch={may(person.role, "incident:watch")} onTasks={onTasks} />
      }
      status={
        <StatusMenu
          status={head.status}
          mayWork={may(person.role, "incident:work")}
          onChange={acts.work}
        />
      }
      verdict={
        <VerdictMenu
          verdict={head.verdict}
          maySet={may(person.role, "verdict:set")}
          onChange={acts.judge}
        />
      }
      assignee={
        <AssigneeMenu
          assignee={head.assignee}
          personId={person.id}
          mayAssign={may(person.role, "incident:assign")}
          onAssign={acts.assign}
          onHandOver={onHandOver}
        />
      }
      decisions={decisions}
    />
  );
}

/**
 * What the server rendered, then what live updates bring. It is asked for as data and never through the
 * router: a refresh of the route and a change of the address at the same time undo each other.
 */
function useLivePage(rendered: IncidentPageView): IncidentPageView {
  const router = useRouter();
  const page = useQuery(incidentPageOptions(rendered.head.id)).data ?? rendered;
  const survivor = page.head.id === rendered.head.id ? null : page.head.id;
  useEffect(() => {
    if (survivor) router.replace(`/incidents/${survivor}`);
  }, [survivor, router]);
  return survivor ? rendered : page;
}

function useProposing(props: WorkspaceProps) {
  // Whoever objects in a second review is sent here to propose the reversal; the queue sends here to propose the rest.
  const asked = useSearchParams().get("propose");
  const kinds: DecisionKind[] =
    props.facts.status === "closed" ? ["reopening"] : ["escalation", "containment", "closure"];
  const first = may(props.person.role, "decision:propose")
    ? (kinds.find((each) => each === asked) ?? null)
    : null;
  const [kind, setKind] = useState<DecisionKind | null>(first);
  const [begin, setBegin] = useState<ResponseAction | null>(null);
  const [refused, setRefused] = useState<DecisionKind | null>(null);
  const everyClaim = props.facts.unsettledClaims.map((claim) => claim.id);
  const reasonsFor = (of: DecisionKind) => askGateForKind(props, of, everyClaim);
  // It can be proposed by now: the reasons do not come back by themselves when there are some again
  if (refused && reasonsFor(refused).length === 0) setRefused(null);
  const propose = (of: DecisionKind) => {
    const refusedNow = reasonsFor(of).length > 0;
    setRefused(refusedNow ? of : null);
    setKind(refusedNow ? null : of);
  };
  const takeBack = (action: ResponseAction) => {
    setBegin(action);
    setKind("containment");
  };
  const close = () => {
    setKind(null);
    setBegin(null);
  };
  return {
    kind,
    begin,
    close,
    propose,
    takeBack,
    buttons: { kinds, reasonsFor, onPropose: propose, refused, onRefused: setRefused },
  };
}

/** Whether anything ran by itself here, was kept from it, or was stopped. */
function acted({ acts, refusals, stops }: IncidentPageView["automation"]): boolean {
  return acts.length + refusals.length + stops.length > 0;
}
