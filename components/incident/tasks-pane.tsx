"use client";

import { ListChecks, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { LoadingNote } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import type { PlaybookView } from "#lib/contracts/work-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { progressOf, progressWords, TASK_LIMITS } from "#lib/domain/incident/task.ts";
import { TaskRow } from "./task-row.tsx";
import { TASKS_ID } from "./tasks-id.ts";
import type { Work } from "./use-work.ts";

type Props = {
  work: Work;
  person: PersonView;
  /** The reader works incidents and this one is open. */
  mayWork: boolean;
};

/** What there is to do in the incident, step by step: from a playbook, and by hand. */
export function TasksPane({ work, person, mayWork }: Props) {
  const { query, tasks, playbooks } = work;
  if (query.isPending) return <LoadingNote>Loading the tasks</LoadingNote>;
  if (query.isError && !query.data) {
    return (
      <ErrorState
        title="The tasks could not be loaded"
        safe={`${query.error.message} What was done is safe.`}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    );
  }
  return (
    <section
      id={TASKS_ID}
      tabIndex={-1}
      aria-label="Tasks"
      className="flex min-h-0 flex-1 flex-col outline-none"
    >
      <div className="flex min-h-10 shrink-0 items-center gap-2 border-b px-3">
        <p role="status" className="mr-auto text-sm text-dim">
          {tasks.length > 0 ? progressWords(progressOf(tasks)) : "No tasks"}
        </p>
        {mayWork ? <PlaybookMenu playbooks={playbooks} onStart={work.start} /> : null}
      </div>
      {tasks.length === 0 ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <EmptyState icon={<ListChecks strokeWidth={1.5} aria-hidden />} title="No tasks yet">
            {mayWork
              ? "Start a playbook for its steps, or write a task below. People do tasks; a model neither makes nor ticks one."
              : "Whoever works the incident starts a playbook or writes tasks."}
          </EmptyState>
        </div>
      ) : (
        <ol
          aria-label="Tasks of the incident"
          tabIndex={0}
          className="flex min-h-0 flex-1 flex-col divide-y overflow-y-auto outline-offset-[-2px]"
        >
          {tasks.map((task) => (
            <TaskRow key={task.id} {...{ task, work, person, mayWork }} />
          ))}
        </ol>
      )}
      {mayWork ? <AddTask work={work} /> : null}
    </section>
  );
}

type MenuProps = { playbooks: readonly PlaybookView[]; onStart: (playbook: PlaybookView) => void };

/** Every playbook in force; the one that fits the incident stands first. */
function PlaybookMenu({ playbooks, onStart }: MenuProps) {
  return (
    <Menu
      align="end"
      className="max-h-80 w-72 overflow-y-auto"
      trigger={
        <Button icon={<ListChecks className="size-3.5" strokeWidth={1.5} aria-hidden />}>
          Start playbook
        </Button>
      }
    >
      {playbooks.map((playbook, at) => (
        <MenuItem
          key={playbook.name}
          disabled={playbook.started}
          onSelect={() => onStart(playbook)}
        >
          {playbook.name}
          <span className="block text-2xs text-dim">
            {playbook.started
              ? "Started already"
              : `${playbook.steps.length} steps${at === 0 ? ", fits best" : ""}`}
          </span>
        </MenuItem>
      ))}
      {playbooks.length > 0 ? <MenuSeparator /> : null}
      <MenuLink href="/settings/playbooks">All playbooks</MenuLink>
    </Menu>
  );
}

function AddTask({ work }: Pick<Props, "work">) {
  const [title, setTitle] = useState("");
  return (
    <form
      className="flex shrink-0 items-center gap-2 border-t px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim() && !work.pending) work.add(title.trim(), () => setTitle(""));
      }}
    >
      <Plus className="size-3.5 shrink-0 text-faint" strokeWidth={1.5} aria-hidden />
      <input
        type="text"
        value={title}
        maxLength={TASK_LIMITS.title}
        aria-label="New task"
        placeholder="Add a task"
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
        className="h-7 min-w-0 flex-1 bg-transparent text-sm focus-visible:outline-none"
      />
      {title.trim() ? (
        <Button type="submit" size="sm" tone="primary" pending={work.pending} keys="↵">
          Add task
        </Button>
      ) : null}
    </form>
  );
}
