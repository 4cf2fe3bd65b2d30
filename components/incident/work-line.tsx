"use client";

import { Eye, EyeOff } from "lucide-react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { progressOf, progressWords } from "#lib/domain/incident/task.ts";
import type { Work } from "./use-work.ts";

type Props = {
  work: Work;
  mayWatch: boolean;
  onTasks: () => void;
};

/** How far the tasks are, and whether the reader watches; part of the incident's head. */
export function WorkLine({ work, mayWatch, onTasks }: Props) {
  const { tasks, watching } = work;
  const icon = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;
  return (
    <>
      {tasks.length > 0 ? (
        <button
          type="button"
          onClick={onTasks}
          className="whitespace-nowrap text-accent hover:underline"
        >
          Tasks: {progressWords(progressOf(tasks))}
        </button>
      ) : null}
      {mayWatch ? (
        <IconButton
          size="sm"
          keys="w"
          className="-my-1"
          label={watching ? "End watching" : "Watch"}
          pressed={watching}
          icon={watching ? <EyeOff {...icon} /> : <Eye {...icon} />}
          onClick={() => work.watch(!watching)}
        />
      ) : null}
    </>
  );
}
