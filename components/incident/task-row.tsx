"use client";

import { Ellipsis } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { CheckField } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { TaskView } from "#lib/contracts/work-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { incidentTypeWords } from "#lib/domain/decision/automation-words.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { TASK_STATE_WORDS } from "#lib/domain/incident/task.ts";
import { usePeople } from "./use-people.ts";
import type { Work } from "./use-work.ts";

type Props = { task: TaskView; work: Work; person: PersonView; mayWork: boolean };

/** One task: Space ticks it, its menu holds the rest. */
export function TaskRow({ task, work, person, mayWork }: Props) {
  const { title, details, state, assignee, changed, tactic, playbook } = task;
  return (
    <li aria-label={visibleText(title)} className="flex items-start gap-2 px-3 py-2">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <CheckField
          label={
            <span className={state === "open" ? "text-text" : "text-dim line-through"}>
              <HostileText text={title} />
            </span>
          }
          checked={state === "done"}
          disabled={!mayWork}
          onChange={(done) => work.setState(task, done ? "done" : "open")}
        />
        {details ? (
          <p className="pl-6 text-xs text-dim">
            <HostileText text={details} lines />
          </p>
        ) : null}
        <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 pl-6 text-2xs text-faint">
          {state === "not_needed" ? <Badge>{TASK_STATE_WORDS[state]}</Badge> : null}
          {assignee ? <PersonChip name={assignee.name} /> : null}
          {tactic ? <span>{incidentTypeWords(tactic)}</span> : null}
          {changed && state !== "open" ? (
            <span>
              <HostileText text={changed.by.name} /> <RelativeTime at={changed.at} />
            </span>
          ) : (
            <span>
              {playbook ? (
                <>
                  <Link
                    href={`/settings/playbooks/${encodeURIComponent(playbook.name)}?version=${playbook.version}`}
                    className="underline-offset-2 hover:underline"
                  >
                    <HostileText text={playbook.name} />
                  </Link>
                  , started by{" "}
                </>
              ) : (
                "Added by "
              )}
              <HostileText text={task.addedBy.name} /> <RelativeTime at={task.addedAt} />
            </span>
          )}
        </p>
      </div>
      {mayWork ? <TaskMenu {...{ task, work, person }} /> : null}
    </li>
  );
}

function TaskMenu({ task, work, person }: Omit<Props, "mayWork">) {
  const { state, assignee, title } = task;
  return (
    <Menu
      align="end"
      className="max-h-80 w-56 overflow-y-auto"
      trigger={
        <IconButton
          size="sm"
          label={`More of the task: ${visibleText(title)}`}
          icon={<Ellipsis className="size-3.5" strokeWidth={1.5} aria-hidden />}
        />
      }
    >
      {state === "open" ? (
        <MenuItem onSelect={() => work.setState(task, "not_needed")}>Not needed</MenuItem>
      ) : (
        <MenuItem onSelect={() => work.setState(task, "open")}>Open again</MenuItem>
      )}
      {assignee?.id === person.id ? null : (
        <MenuItem onSelect={() => work.assign(task, person)}>Give to me</MenuItem>
      )}
      {assignee ? (
        <MenuItem onSelect={() => work.assign(task, null)}>Give to nobody</MenuItem>
      ) : null}
      <MenuSeparator />
      <Others task={task} work={work} person={person} />
      {state === "open" ? (
        <>
          <MenuSeparator />
          <MenuItem tone="danger" onSelect={() => work.remove(task)}>
            Remove
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}

function Others({ task, work, person }: Omit<Props, "mayWork">) {
  const people = usePeople();
  if (!people.data) {
    return (
      <p role="status" className="px-2 py-1.5 text-xs text-dim">
        {people.isError ? `${people.error.message} Nothing was given.` : "Looking for people."}
      </p>
    );
  }
  return people.data
    .filter(({ id }) => id !== person.id && id !== task.assignee?.id)
    .map((each) => (
      <MenuItem key={each.id} onSelect={() => work.assign(task, each)}>
        <PersonChip name={each.name} role={each.role} />
      </MenuItem>
    ));
}
