"use client";

import dynamic from "next/dynamic";
import { HandoverStrip } from "#components/incident/handover-strip.tsx";
import { useHandOver } from "#components/incident/use-hand-over.ts";
import type { Work } from "#components/incident/use-work.ts";
import { later, soon } from "#components/ui/later.tsx";
import type { TaskView } from "#lib/contracts/work-views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { WorkspaceProps } from "./incident-workspace.tsx";

const HandOverDialog = later(
  dynamic(
    soon(async () => (await import("#components/incident/hand-over-dialog.tsx")).HandOverDialog),
  ),
);
const TasksPane = later(
  dynamic(soon(async () => (await import("#components/incident/tasks-pane.tsx")).TasksPane)),
);

type Props = Pick<WorkspaceProps, "head" | "person"> & { work: Work };

export function IncidentTasks({ head, person, work }: Props) {
  const mayWork = may(person.role, "task:work") && head.status !== "closed";
  return <TasksPane work={work} person={person} mayWork={mayWork} />;
}

export function openTasks(tasks: readonly TaskView[]): number {
  return tasks.filter(({ state }) => state === "open").length;
}

/** The last hand-over until it is taken over, and the form that makes the next one. */
export function IncidentHandover({
  head,
  person,
  work,
  handing,
  onHanding,
}: Props & { handing: boolean; onHanding: (handing: boolean) => void }) {
  const act = useHandOver(() => onHanding(false));
  const mayHandOver = may(person.role, "incident:hand_over") && head.status !== "closed";
  return (
    <>
      <HandoverStrip
        handover={work.handover}
        ownerId={head.assignee?.id ?? null}
        personId={person.id}
        pending={work.pending}
        onTakeOver={work.takeOver}
      />
      {handing && mayHandOver ? (
        <HandOverDialog
          incidentIds={[head.id]}
          person={person}
          pending={act.pending}
          refused={act.refused}
          onHandOver={act.handOver}
          onClose={() => {
            act.forget();
            onHanding(false);
          }}
        />
      ) : null}
    </>
  );
}
