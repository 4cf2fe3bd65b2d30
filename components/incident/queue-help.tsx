"use client";

import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

const KEYS: readonly (readonly [string[], string])[] = [
  [["j", "k"], "Next or previous incident"],
  [["Enter", "o"], "Open the incident"],
  [["a"], "Assign it to me"],
  [["x"], "Choose it, to close it with others"],
  [["n"], "Show new incidents"],
  [["r"], "Refresh the list"],
  [["/"], "Filter incidents"],
  [["Ctrl K"], "Search everything, or jump to a number"],
  [["?"], "These keys"],
];

export function QueueHelp({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys of the queue" size="sm">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt className="flex gap-1 text-dim">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
